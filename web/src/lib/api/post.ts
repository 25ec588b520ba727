import type { Problem } from '$shared/protocol/api';
import type { Answer } from './get.ts';

/** A poll that is asked for waits in its supplier's queue; the command itself is answered at once. */
const TIMEOUT_MS = 30_000;

/** One command with a time limit. Status 0: no answer came, so nobody here knows whether it was done. */
export async function post<T>(
  path: string,
  body: unknown,
  check: (body: unknown) => body is T,
  signal: AbortSignal,
): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const answer: unknown = await response.json();
    if (!response.ok) {
      const problem = answer as Partial<Problem>;
      const detail = problem.detail ?? problem.title ?? '';
      return { ok: false, status: response.status, code: problem.code ?? 'UNEXPECTED', detail };
    }
    if (check(answer)) return { ok: true, body: answer };
    return { ok: false, status: response.status, code: 'UNEXPECTED', detail: 'The answer has another form.' };
  } catch (error) {
    const given = error instanceof Error ? error.name : '';
    return { ok: false, status: 0, code: given === 'TimeoutError' ? 'TIMEOUT' : 'NO_ANSWER', detail: '' };
  }
}
