import { writeSync } from 'node:fs';
import { pino, type DestinationStream, type Logger } from 'pino';
import { codeOf } from './domain/error-code.ts';

/** Where a secret could stand if somebody logged a whole request or configuration. */
const SECRET_KEYS = ['authorization', 'cookie', 'password', 'token', 'secret', 'connectionString', 'databaseUrl'];

/** Objects with a stable `type`, the message last, units in key names; secrets blacked out. */
export function createLogger(level: string, destination: DestinationStream = createOutput(1)): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    serializers: { err: pino.stdSerializers.err },
  };
  return pino(options, destination);
}

/** A reader that takes nothing for this long loses the line: logging never holds up what is logged. */
const TRIES = 50;
const PAUSE_MS = 2;
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Lines to a descriptor, at once. pino's own destination tries for ever to write to a pipe whose reader is gone, also
 * while the process ends: a server whose supervisor was killed would never go, and keep the journal's lock.
 */
function createOutput(descriptor: number): DestinationStream {
  let gone = false;
  return {
    write(line) {
      let rest = Buffer.from(line);
      for (let tries = 0; !gone && rest.length > 0 && tries < TRIES;) {
        try {
          rest = rest.subarray(writeSync(descriptor, rest));
        } catch (error) {
          const full = codeOf(error) === 'EAGAIN';
          if (full) Atomics.wait(clock, 0, 0, PAUSE_MS);
          gone = !full;
          tries += 1;
        }
      }
    },
  };
}
