import type { Answer } from './get.ts';
import { send } from './send.ts';

/** One command by POST. Status 0: no answer came, so nobody here knows whether it was done. */
export const post = <T>(
  path: string,
  body: unknown,
  check: (body: unknown) => body is T,
  signal: AbortSignal,
): Promise<Answer<T>> => send('POST', path, body, check, signal);
