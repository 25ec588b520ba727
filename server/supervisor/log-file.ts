import { createWriteStream, mkdirSync, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

const MOST_BYTES = 8 * 1024 * 1024;
const KEPT_LINES = 12;

export interface LogFile {
  /** Takes a stream's lines in until it ends. */
  take(stream: Readable): void;
  /** The last lines, for whoever must say why something ended. */
  lastWords(): string[];
  close(): void;
}

/** A log with a bound: the file and the one before it, eight megabytes each. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let file = open();
  const last: string[] = [];

  function open(): WriteStream {
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // A full disk must not end the supervisor; what is lost is a line of a log.
    stream.on('error', () => undefined);
    return stream;
  }

  function turn(): void {
    file.end();
    rmSync(`${path}.1`, { force: true });
    renameSync(path, `${path}.1`);
    bytes = 0;
    file = open();
  }

  return {
    take(stream) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        last.push(...text.split('\n').filter((line) => line !== ''));
        last.splice(0, last.length - KEPT_LINES);
        bytes += Buffer.byteLength(text);
        file.write(text);
        if (bytes > MOST_BYTES && statSync(path, { throwIfNoEntry: false }) !== undefined) turn();
      });
    },
    lastWords: () => [...last],
    close: () => {
      file.end();
    },
  };
}
