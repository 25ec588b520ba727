import { fromInstant, HOUR, sayTime, type EpochMs } from '#shared/model/time.ts';
import type { Cause } from './cause.ts';
import { inWords, sayWhen } from './words.ts';

const pausesOf = ({ statuses }: Cause) => statuses.flatMap(({ paused }) => paused ?? []);
const oneOf = (texts: readonly string[]): string | null => (new Set(texts).size === 1 ? (texts[0] ?? null) : null);

/** Who paused it and why: by local-operator: “supplier moves house”. Empty where nothing is paused. */
export function whoAndWhy(cause: Cause): string {
  const pauses = pausesOf(cause);
  if (pauses.length === 0) return '';
  const by = oneOf(pauses.map((pause) => pause.by));
  const reasons = pauses.map(({ reason }) => reason);
  const reason = oneOf(reasons);
  const why = reason === null ? `for ${inWords(new Set(reasons).size)} reasons` : `“${reason}”`;
  return by === null ? `by several people: ${why}` : `by ${by}: ${why}`;
}

/** The same as a line, with its end: “supplier moves house”, by local-operator at 8:42am, until 10:42am. */
export function pauseWords(cause: Cause, now: EpochMs): string {
  const pauses = pausesOf(cause);
  const [pause] = pauses;
  if (!pause) return 'Until somebody resumes it.';
  const reasons = pauses.map(({ reason }) => reason);
  const by = oneOf(pauses.map((each) => each.by));
  const at = oneOf(pauses.map((each) => each.at));
  const until = pauses.flatMap((each) => (each.until === null ? [] : [fromInstant(each.until)]));
  const end =
    until.length === pauses.length ? `until ${sayUntil(Math.min(...until), now)}` : 'until somebody resumes it';
  const why = oneOf(reasons) === null ? `For ${inWords(new Set(reasons).size)} reasons` : `“${pause.reason}”`;
  const who = by === null ? '' : `, by ${by}`;
  const when = at === null ? '' : `${who === '' ? ', since' : ','} ${sayWhen(fromInstant(at), now)}`;
  return `${why}${who}${when}, ${end}.`;
}

const sayUntil = (until: EpochMs, now: EpochMs): string =>
  until - now < 24 * HOUR ? sayTime(until) : sayWhen(until, until);
