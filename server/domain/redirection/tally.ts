import { dayStart, HOUR, type EpochMs } from '#shared/model/time.ts';
import { bookedBy } from './promises.ts';
import { owedBack, type RedirectionRecord } from './record.ts';

type ByDay = Map<EpochMs, Map<string, number>>;

/** By London day and practice: the most urgent need that its proposals showed, and how many patients redirections took. */
export interface Tally {
  readonly need: ByDay;
  readonly booked: ByDay;
}

export const FOUR_WEEKS: EpochMs = 28 * 24 * HOUR;
const DAY = 24 * HOUR;

/** Nothing more comes of it, nothing of today counts it, and nobody is shown it: only four weeks' sums do. */
export const isAtRest = (record: RedirectionRecord, at: EpochMs): boolean =>
  record.endedAt !== null &&
  record.endedAt < at - (record.decidedAt === null ? HOUR : 2 * DAY) &&
  owedBack(record).length === 0;

/**
 * So long the ledger has what is over: five weeks of what was decided, as four of them count in what is fair; of what nobody
 * answered, which is most of it, so much that a week's scorecard needs no database.
 */
export const KEPT: EpochMs = 35 * DAY;
export const UNANSWERED_KEPT: EpochMs = 9 * DAY;

/** It ended long ago, and nothing is owed to its hub. */
export const isPast = (record: RedirectionRecord, at: EpochMs): boolean =>
  isAtRest(record, at) && (record.endedAt ?? at) < at - (record.decidedAt === null ? UNANSWERED_KEPT : KEPT);

export const emptyTally = (): Tally => ({ need: new Map(), booked: new Map() });

export function addTo(tally: Tally, record: RedirectionRecord): void {
  const day = dayStart(record.proposedAt);
  for (const [practice, { urgent = 0 }] of Object.entries(record.seen.waiting))
    raise(tally.need, day, practice, urgent);
  const booked = dayOf(tally.booked, day);
  for (const [practice, count] of bookedBy(record)) booked.set(practice, (booked.get(practice) ?? 0) + count);
}

/** A day's need of a practice is the most that anything showed: the same told twice is told once. */
export function raise(need: ByDay, day: EpochMs, practice: string, count: number): void {
  const known = dayOf(need, day);
  known.set(practice, Math.max(known.get(practice) ?? 0, count));
}

function dayOf(days: ByDay, day: EpochMs): Map<string, number> {
  const known = days.get(day) ?? new Map<string, number>();
  days.set(day, known);
  return known;
}

/** Of the urgent need that practices showed in the last four weeks, the part that redirections met; by practice. */
export function receivedLately(tallies: readonly Tally[], at: EpochMs): Map<string, number> {
  const since = dayStart(at) - FOUR_WEEKS;
  const lately = (days: ByDay) => [...days].filter(([day]) => day >= since);
  const need: ByDay = new Map();
  for (const tally of tallies)
    for (const [day, practices] of lately(tally.need))
      for (const [practice, count] of practices) raise(need, day, practice, count);
  const wanted = sums([...need.values()]);
  const booked = sums(tallies.flatMap((tally) => lately(tally.booked).map(([, practices]) => practices)));
  const shares = new Map<string, number>();
  for (const [practice, all] of wanted)
    if (all > 0) shares.set(practice, Math.min(1, (booked.get(practice) ?? 0) / all));
  return shares;
}

function sums(days: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const practices of days)
    for (const [practice, count] of practices) all.set(practice, (all.get(practice) ?? 0) + count);
  return all;
}
