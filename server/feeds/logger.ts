/** What is needed of a logger; pino's is one. Objects carry a stable `type`, the message comes last. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
