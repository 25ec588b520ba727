import type { Problem } from '$shared/protocol/api';
import type { Answer, Failure } from './get.ts';
import { ofScreen } from './of-screen.ts';

/** A poll that is asked for waits in its supplier's queue; the command itself is answered at once. */
const TIMEOUT_MS = 30_000;

/** Bad input as the server names it: place and words of each fault. `available`: how many slots are left of those wanted. */
export type Faulty = Failure & { readonly errors?: Problem['errors']; readonly available?: number };
export type Sent<T> = Exclude<Answer<T>, Failure> | Faulty;

/** One command with a time limit. Status 0: no answer came, so nobody here knows whether it was done. */
export async function send<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  check: (body: unknown) => body is T,
  signal: AbortSignal,
): Promise<Sent<T>> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...ofScreen(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const answer: unknown = response.status === 204 ? null : await response.json();
    if (!response.ok) {
      const problem = answer as Partial<Problem>;
      const detail = problem.detail ?? problem.title ?? '';
      const errors = problem.errors === undefined ? {} : { errors: problem.errors };
      const available = problem.available === undefined ? {} : { available: problem.available };
      const code = problem.code ?? 'UNEXPECTED';
      return { ok: false, status: response.status, code, detail, ...errors, ...available };
    }
    if (check(answer)) return { ok: true, body: answer };
    return { ok: false, status: response.status, code: 'UNEXPECTED', detail: 'The answer has another form.' };
  } catch (error) {
    const given = error instanceof Error ? error.name : '';
    return { ok: false, status: 0, code: given === 'TimeoutError' ? 'TIMEOUT' : 'NO_ANSWER', detail: '' };
  }
}
