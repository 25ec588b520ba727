import { BRINGS_READINGS, type FeedState } from '#shared/model/absence.ts';
import type { KeptAnswer } from '../domain/ports.ts';
import type { Answer } from './http.ts';
import { redactCsv } from './redact-csv.ts';
import { redact } from './redact.ts';
import type { Polled, Target } from './turn.ts';

/** Characters of one redacted body, and of all together. */
const BODY_CHARS = 64 * 1024;
const BUDGET_CHARS = 16 * 1024 * 1024;

/** Response headers that hold no secret and nobody's name. */
const HEADERS = [
  'content-type',
  'content-length',
  'content-encoding',
  'date',
  'age',
  'etag',
  'last-modified',
  'retry-after',
] as const;

/** The newest kept answer of each instance, redacted; the oldest go when there is no more room. In memory only. */
export interface Answers {
  keep(target: Target, polled: Polled): void;
  of(instance: string): KeptAnswer | null;
}

export function createAnswers(budget = BUDGET_CHARS): Answers {
  const kept = new Map<string, KeptAnswer>();
  let total = 0;
  const drop = (id: string): void => {
    total -= kept.get(id)?.body?.length ?? 0;
    kept.delete(id);
  };
  return {
    keep(target, polled) {
      const { id } = target.instance;
      drop(id);
      const answer = keptAnswer(target, polled);
      kept.set(id, answer);
      total += answer.body?.length ?? 0;
      for (const oldest of kept.keys()) {
        if (total <= budget) break;
        drop(oldest);
      }
    },
    of: (instance) => kept.get(instance) ?? null,
  };
}

/** A feed that has just turned bad with something to look at is worth keeping unasked. */
export const worthKeeping = (before: FeedState, { outcome, answer }: Polled): boolean =>
  outcome.state !== before &&
  !BRINGS_READINGS.has(outcome.state) &&
  (answer?.kind === 'fresh' || (answer?.kind === 'fault' && answer.raw !== null));

function keptAnswer({ instance, adapter }: Target, { outcome, answer }: Polled): KeptAnswer {
  const text = answer === null ? null : bodyOf(answer, adapter);
  return {
    feed: instance.id,
    at: outcome.at,
    status: answer?.head?.status ?? null,
    headers: headersOf(answer),
    bytes: answer?.bytes ?? 0,
    body: text === null ? null : text.slice(0, BODY_CHARS),
    truncated: text !== null && text.length > BODY_CHARS,
    state: outcome.state,
    fault: outcome.fault,
  };
}

function bodyOf(answer: Answer, { redaction, format }: Target['adapter']): string | null {
  if (answer.kind === 'unchanged') return null;
  const payload = answer.kind === 'fresh' ? answer.payload : answer.raw && parsed(answer.raw);
  if (payload === null || payload === undefined) return null;
  if (typeof payload !== 'string') return JSON.stringify(redact(payload, redaction), null, 2);
  return format === 'csv' ? redactCsv(payload, redaction) : null;
}

/** JSON that can be redacted by its structure; whatever else came is not shown. */
function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
}

function headersOf(answer: Answer | null): Record<string, string> {
  const came = answer?.head?.headers ?? {};
  return Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = came[name];
      return value === undefined ? [] : [[name, String(value).slice(0, 200)]];
    }),
  );
}
