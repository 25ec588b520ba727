export type ScreensProblemCode =
  | 'UNKNOWN_CODE'
  | 'UNKNOWN_SCREEN'
  | 'SCREEN_MOVED_ON'
  | 'SCREEN_NOT_IN_USE'
  | 'SCREEN_NAME_TAKEN'
  | 'SCREENS_FULL'
  | 'SCREENS_NOT_KEPT'
  | 'TOO_MANY_TRIES'
  | 'TOO_MANY_CODES';

/** Why something about paired walls was not done, in words for whoever asked. */
export class ScreensProblem extends Error {
  readonly code: ScreensProblemCode;
  /** Real milliseconds after which it may be asked again; absent: waiting does not help. */
  readonly retryMs: number | undefined;

  constructor(code: ScreensProblemCode, message: string, options: ErrorOptions & { readonly retryMs?: number } = {}) {
    super(message, options);
    this.code = code;
    this.retryMs = options.retryMs;
  }
}
