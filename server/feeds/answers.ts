import { BRINGS_READINGS, type FeedState } from '#shared/model/absence.ts';
import type { KeptAnswer } from '../domain/ports.ts';
import type { Answer } from './http.ts';
import { redactCsv } from './redact-csv.ts';
import { maskText } from './redact-text.ts';
import { matchesWhole, redact } from './redact.ts';
import type { Polled, Target } from './turn.ts';

/** Characters of one redacted body, and of all together. */
const BODY_CHARS = 64 * 1024;
const BUDGET_CHARS = 16 * 1024 * 1024;

const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** Response headers that are shown, with what they may hold; anything else in them is masked. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'content-type':
    /^(?:application|text)\/(?:(?:fhir|problem|hal)\+)?(?:json|csv|plain|html|xml|octet-stream)(?:; ?(?:charset|version|fhirVersion)=[\w."-]{1,12}){0,3}$/i,
  'content-length': /^\d{1,12}$/,
  'content-encoding': /^(?:gzip|x-gzip|deflate|br|zstd|identity)$/i,
  date: HTTP_DATE,
  age: /^\d{1,9}$/,
  etag: /^(?:W\/)?"[0-9a-f-]{1,64}"$/,
  'last-modified': HTTP_DATE,
  'retry-after': /^(?:\d{1,9}|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)$/,
};

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
    Object.entries(HEADERS).flatMap(([name, allowed]) => {
      const value = came[name];
      if (value === undefined) return [];
      return [[name, matchesWhole(String(value), allowed) ? String(value) : maskText(String(value))]];
    }),
  );
}
