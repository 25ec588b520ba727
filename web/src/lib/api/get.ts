import type { ChangesSchema, Problem, SeriesBody, SystemInfo } from '$shared/protocol/api';
import type { Unit } from '$shared/model/unit';
import type { Static } from 'typebox';

import { instantOf } from '../format/time.ts';
import { ofScreen } from './of-screen.ts';
import { holdsLists, isRecord } from './shape.ts';

const TIMEOUT_MS = 15_000;

/** `status` 0: no answer came. `code` is the server's own stable code where it gave one. */
export interface Failure {
  readonly ok: false;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}
export type Answer<T> = { readonly ok: true; readonly body: T } | Failure;

const failure = (status: number, code: string, detail: string): Failure => ({ ok: false, status, code, detail });

/** One GET with a time limit. `check` decides whether the answer is what was asked for. */
export async function get<T>(
  path: string,
  check: (body: unknown) => body is T,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      headers: { accept: 'application/json', ...ofScreen() },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const body: unknown = await response.json();
    if (!response.ok) {
      const problem = body as Partial<Problem>;
      return failure(response.status, problem.code ?? 'UNEXPECTED', problem.detail ?? problem.title ?? '');
    }
    return check(body) ? { ok: true, body } : failure(response.status, 'UNEXPECTED', 'The answer has another form.');
  } catch (error) {
    const given = error instanceof Error ? error.name : '';
    return failure(0, given === 'TimeoutError' ? 'TIMEOUT' : 'NO_ANSWER', '');
  }
}

export function getSystem(signal?: AbortSignal): Promise<Answer<SystemInfo>> {
  return get('/api/system', (body): body is SystemInfo => isRecord(body) && typeof body['id'] === 'string', signal);
}

/** One unit as it was at `at`, epoch ms. */
export function getUnit(id: string, at: number, signal?: AbortSignal): Promise<Answer<Unit>> {
  const path = `/api/units/${encodeURIComponent(id)}?at=${instantOf(at)}`;
  return get(path, (body): body is Unit => isRecord(body) && typeof body['day'] === 'string', signal);
}

export interface SeriesAsk {
  readonly unit: string;
  readonly metric: string;
  /** Epoch ms, and the bucket width in ms. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export function getSeries(ask: SeriesAsk, signal?: AbortSignal): Promise<Answer<SeriesBody>> {
  const query = new URLSearchParams({
    metric: ask.metric,
    from: new Date(ask.from).toISOString(),
    to: new Date(ask.to).toISOString(),
    step: String(ask.step),
  });
  const path = `/api/units/${encodeURIComponent(ask.unit)}/series?${query}`;
  return get(path, holdsLists<SeriesBody>('points'), signal);
}

/** `&at=` of a replay, or nothing: as it is now. */
export const atQuery = (asOf: number | null): string => (asOf === null ? '' : `&at=${instantOf(asOf)}`);

/** Changes that one answer holds, the server's own limit: the newest of a day. */
export const MOST_CHANGES = 500;

export function getChanges(asOf: number | null, signal?: AbortSignal): Promise<Answer<Static<typeof ChangesSchema>>> {
  return get(
    `/api/changes?limit=${MOST_CHANGES}${atQuery(asOf)}`,
    holdsLists<Static<typeof ChangesSchema>>('changes'),
    signal,
  );
}
