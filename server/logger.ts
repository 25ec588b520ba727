import { pino, type DestinationStream, type Logger } from 'pino';

/** Where a secret could stand if somebody logged a whole request or configuration. */
const SECRET_KEYS = ['authorization', 'cookie', 'password', 'token', 'secret', 'connectionString', 'databaseUrl'];

/** Objects with a stable `type`, the message last, units in key names; secrets blacked out. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    serializers: { err: pino.stdSerializers.err },
  };
  return pino(options, destination);
}
