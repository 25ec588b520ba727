import type { MetricName } from '#shared/model/metrics.ts';
import { NEED_KINDS, type NeedKind } from '#shared/model/redirection-words.ts';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import type { Unit } from '#shared/model/unit.ts';
import { SAME_DAY_NEED_PER_ANSWERED } from '../derived.ts';
import type { Need } from './problem.ts';

/** So far ahead is need counted that has not shown itself yet. */
export const AHEAD_MS = 2 * HOUR;

export type Counts = Readonly<Partial<Record<NeedKind, number>>>;

/** Slots held for a practice's patients, or booked by them since its own ran out (`since`; null: today) and not yet counted. */
export type Committed = (practice: string, since: EpochMs | null) => Counts;

/** Calls that a practice usually answers in the hour that ends so many ms from now; null where nothing is known. */
export type UsualCalls = (practice: string, aheadMs: number) => number | null;

/** One strange hour does not make a day: no further from the usual than so many times. */
const MOST_UNUSUAL = 2;

const valueOf = (unit: Unit, metric: MetricName): number | null => unit.metrics[metric]?.value ?? null;

/**
 * Who needs a slot at a practice and will not get one there, by kind; null where it is not known (no slots or no calls
 * are told), which is not the same as nobody. Estimated from what is told: same-day need of the calls answered since slots
 * ran out, of callbacks waiting and of clinical online requests; ahead, of the calls to come.
 */
export function unmetNeed(unit: Unit, committed: Committed, usual: UsualCalls): Counts | null {
  const without = valueOf(unit, 'patients.without-slot');
  if (unit.open !== true || without === null) return null;
  const ranOut = valueOf(unit, 'practices.without-slots') === 1;
  const inHand = committed(unit.id, valueOf(unit, 'slots.exhausted-at'));
  const coming = callsAhead(unit, usual) * SAME_DAY_NEED_PER_ANSWERED;
  const counts: Record<NeedKind, number> = {
    urgent: without,
    untriaged: ranOut ? Math.round((valueOf(unit, 'callbacks.waiting') ?? 0) * SAME_DAY_NEED_PER_ANSWERED) : 0,
    soon: ranOut
      ? Math.round((valueOf(unit, 'online.open') ?? 0) * clinicalShare(unit) * SAME_DAY_NEED_PER_ANSWERED)
      : 0,
    expected: Math.max(0, Math.floor(coming - (ranOut ? 0 : (valueOf(unit, 'slots.free') ?? coming)))),
  };
  let left = 0;
  for (const kind of NEED_KINDS) {
    const helped = inHand[kind] ?? 0;
    left += Math.max(0, helped - counts[kind]);
    counts[kind] = Math.max(0, counts[kind] - helped);
  }
  // More than are left of a kind: a callback that was held for has been made, and counts among the urgent now.
  for (const kind of NEED_KINDS) {
    const helped = Math.min(left, counts[kind]);
    counts[kind] -= helped;
    left -= helped;
  }
  return counts;
}

/**
 * Calls that will be answered in the time ahead: what is usual then, as far above or below it as the last hour was; where
 * no usual is known, as in the last hour; where neither is, none that anybody could count on.
 */
function callsAhead(unit: Unit, usual: UsualCalls): number {
  const lately = valueOf(unit, 'calls.answered-60m');
  const then = Array.from({ length: AHEAD_MS / HOUR }, (_, i) => usual(unit.id, (i + 1) * HOUR));
  const now = usual(unit.id, 0);
  let sum = 0;
  for (const calls of then) {
    if (calls === null) return (lately ?? 0) * then.length;
    sum += calls;
  }
  if (lately === null || now === null || now === 0) return sum;
  return sum * Math.min(MOST_UNUSUAL, Math.max(1 / MOST_UNUSUAL, lately / now));
}

/** Part of today's online requests that are clinical; where none has come yet, as likely as not. */
function clinicalShare(unit: Unit): number {
  const clinical = valueOf(unit, 'online.clinical') ?? 0;
  const all = clinical + (valueOf(unit, 'online.admin') ?? 0);
  return all > 0 ? clinical / all : 0.5;
}

/** The needs of one practice, each with the time within which a slot must begin. */
export function needsOf(practice: string, counts: Counts, at: EpochMs, policy: RedirectionPolicy): Need[] {
  return NEED_KINDS.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    // Whoever has not asked yet can take no slot that begins before they have.
    const from = kind === 'expected' ? at + AHEAD_MS : at;
    return count > 0 ? [{ practice, kind, count, from, to: at + policy.within[kind] * HOUR }] : [];
  });
}

/** The same of all practices; those of whom nothing is known have none. */
export const needsOfAll = (
  counts: ReadonlyMap<string, Counts | null>,
  at: EpochMs,
  policy: RedirectionPolicy,
): Need[] => [...counts].flatMap(([practice, known]) => (known ? needsOf(practice, known, at, policy) : []));

export const sumOf = (counts: Counts): number => NEED_KINDS.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);

export function addCounts(all: readonly Counts[]): Counts {
  const sum: Partial<Record<NeedKind, number>> = {};
  for (const counts of all)
    for (const kind of NEED_KINDS) {
      const count = counts[kind] ?? 0;
      if (count > 0) sum[kind] = (sum[kind] ?? 0) + count;
    }
  return sum;
}

/** Who waits now, of every kind; those who are only expected to ask are not among them. */
export const peopleWaiting = (counts: Counts | null): number => (counts ? sumOf(counts) - (counts.expected ?? 0) : 0);
