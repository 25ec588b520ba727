import { dayEnd, dayStart, HOUR, localMinutes, MINUTE, weekday, type EpochMs } from '#shared/model/time.ts';

/**
 * A month of one practice's calls as a telephone supplier would publish them: arrivals, a counter that is reset at the
 * supplier's midnight and now and then by a restart, and the documents that jittered polls get of it. Knows which calls
 * belong to which counting, which no document says.
 */

/** Deterministic; 32 bits of state are plenty for a month. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Document {
  readonly observedAt: EpochMs;
  readonly receivedAt: EpochMs;
  readonly raw: number;
  /** Which counting `raw` belongs to: it rises with every reset. */
  readonly counting: number;
}

export interface PracticeMonth {
  /** In the order of receipt. */
  readonly documents: readonly Document[];
  readonly calls: number;
  /** Counted by the supplier after its last document of a counting. */
  readonly neverSeen: number;
}

interface Shape {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly seed: number;
  /** Whether the supplier's day ends at London's midnight or at UTC's. */
  readonly midnight: 'london' | 'utc';
}

/** Calls in one minute: a Monday-morning peak, quiet evenings, next to nothing at weekends and at night. */
function callsIn(minute: EpochMs, roll: (below: number) => number): number {
  const local = localMinutes(minute);
  const busy = weekday(minute) <= 5 && local >= 480 && local < 1110;
  if (!busy) return roll(local > 1320 || local < 60 ? 90 : 240) === 0 ? 1 : 0;
  const rush = local < 540 ? 3 : 1;
  return roll(3) === 0 ? roll(2 * rush) : 0;
}

const endOfCounting = (at: EpochMs, midnight: Shape['midnight']): EpochMs =>
  midnight === 'london' ? dayEnd(at) : (Math.floor(at / (24 * HOUR)) + 1) * 24 * HOUR;

/** Outages of an hour or a night; none ends between a midnight and the supplier's reset, where nobody could tell. */
function outages({ from, to }: Shape, roll: (below: number) => number): { from: EpochMs; to: EpochMs }[] {
  const found: { from: EpochMs; to: EpochMs }[] = [];
  for (let day = from; day < to; day = dayEnd(day)) {
    const kind = roll(6);
    if (kind === 0) found.push({ from: day + (9 + roll(6)) * HOUR, to: day + (16 + roll(3)) * HOUR });
    if (kind === 1) found.push({ from: day + (20 + roll(2)) * HOUR, to: day + 27 * HOUR + roll(300) * MINUTE });
  }
  return found;
}

export function practiceMonth(shape: Shape): PracticeMonth {
  const { from, to, seed, midnight } = shape;
  const roll = dice(seed);
  const away = outages(shape, roll);
  const documents: Document[] = [];
  let [calls, raw, counting, published, neverSeen] = [0, 0, 0, 0, 0];
  let ends = endOfCounting(from, midnight);
  let nextPoll = from + 5000;
  const reset = () => {
    neverSeen += raw - published;
    [raw, published] = [0, 0];
    counting += 1;
  };
  for (let minute = from; minute < to; minute += MINUTE) {
    if (minute >= ends) {
      reset();
      ends = endOfCounting(minute, midnight);
    }
    const silent = away.some((gap) => minute >= gap.from - 10 * MINUTE && minute < gap.to + 10 * MINUTE);
    // A restart is told from new calls by the drop, so it comes when there is something to drop from.
    if (raw > 60 && published > 60 && !silent && roll(700) === 0) reset();
    const arrived = callsIn(minute, roll);
    calls += arrived;
    raw += arrived;
    while (nextPoll < minute + MINUTE) {
      const observedAt = nextPoll;
      nextPoll += (60 + roll(240)) * 1000;
      if (observedAt < minute || away.some((gap) => observedAt >= gap.from && observedAt < gap.to)) continue;
      documents.push({ observedAt, receivedAt: observedAt + 500 + roll(20_000), raw, counting });
      published = raw;
    }
  }
  return { documents: shuffled(documents, roll), calls, neverSeen: neverSeen + raw - published };
}

/** Now and then the older of two documents comes second: within one counting, or over London's midnight. */
function shuffled(documents: readonly Document[], roll: (below: number) => number): Document[] {
  const out = [...documents];
  for (let i = 0; i + 1 < out.length; i += 1) {
    const [a, b] = [out[i], out[i + 1]];
    if (!a || !b || roll(12) !== 0) continue;
    const overMidnight = b.counting === a.counting + 1 && dayStart(b.observedAt) === dayEnd(a.observedAt);
    if (a.counting !== b.counting && !(overMidnight && b.observedAt - dayStart(b.observedAt) < 10 * MINUTE)) continue;
    out[i] = { ...b };
    out[i + 1] = { ...a, receivedAt: b.receivedAt + 100 };
    i += 1;
  }
  return out;
}

/** What the supplier last published of every London day: each document's rise, with the counting it belongs to known. */
export function publishedByDay(documents: readonly Document[]): Map<EpochMs, number> {
  const days = new Map<EpochMs, number>();
  let before: Document | null = null;
  for (const document of [...documents].sort((a, b) => a.observedAt - b.observedAt)) {
    const day = dayStart(document.observedAt);
    const rise = before?.counting === document.counting ? document.raw - before.raw : document.raw;
    days.set(day, (days.get(day) ?? 0) + rise);
    before = document;
  }
  return days;
}
