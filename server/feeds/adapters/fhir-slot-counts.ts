import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, weekday, type EpochMs } from '#shared/model/time.ts';
import type { PollOutcome, Reading, SlotGroup } from '../../domain/ports.ts';
import { daysLater } from './fhir-query.ts';

/** The slots of the London days that were searched, as groups: all that is kept of them. */
export interface SlotMemory {
  /** Start of the day that was asked for first: today. */
  readonly day: EpochMs;
  readonly dayEnds: EpochMs;
  /** End of the days that were searched. */
  readonly searchedTo: EpochMs;
  readonly groups: readonly SlotGroup[];
  /** While pages come: what tells the slots of the earlier ones from others. Empty once all have come. */
  readonly seen: ReadonlySet<string>;
  /** While pages come: the earliest time any of them says of itself. */
  readonly observedAt: EpochMs | null;
  /** While pages come: addresses still to be read. */
  readonly pending: readonly string[];
}

export const NO_SLOTS: SlotMemory = {
  day: 0,
  dayEnds: 0,
  searchedTo: 0,
  groups: [],
  seen: new Set(),
  observedAt: null,
  pending: [],
};

/** Days that a slots feed searches, today the first of them. */
export const searched = (day: EpochMs, days: number): Pick<SlotMemory, 'day' | 'dayEnds' | 'searchedTo'> => {
  const dayEnds = daysLater(day, 1);
  return { day, dayEnds, searchedTo: days === 1 ? dayEnds : daysLater(day, days) };
};

/**
 * What the slots come to at `now`: free and held ones that have not begun, booked ones of the whole day. `freeOnly`: the
 * standard tells no others, so how many are booked is not zero but unknown.
 */
export function slotReadings(site: string, memory: SlotMemory, now: EpochMs, freeOnly: boolean): Reading[] {
  const { dayEnds, groups } = memory;
  let [free, booked, held, minutes, soon] = [0, 0, 0, 0, 0];
  const ahead = sumsAhead(memory, now);
  for (const group of groups) {
    const today = group.start < dayEnds;
    if (today) booked += group.busy;
    if (group.start < now) continue;
    for (const sum of ahead) if (group.start < sum.until) sum.value += group.free;
    if (!today) continue;
    free += group.free;
    held += group.held;
    minutes += group.free * group.minutes;
    if (group.start < now + 4 * HOUR) soon += group.free;
  }
  const taken: Reading[] = [
    { site, metric: 'slots.booked', value: booked },
    { site, metric: 'slots.held', value: held },
  ];
  return [
    { site, metric: 'slots.free', value: free },
    ...(freeOnly ? [] : taken),
    { site, metric: 'slots.free-minutes', value: minutes },
    { site, metric: 'slots.free-4h', value: soon },
    ...ahead.map(({ metric, until, value }) =>
      until <= memory.searchedTo ? { site, metric, value } : short(site, metric),
    ),
  ];
}

const short = (site: string, metric: MetricName): Reading => ({
  site,
  metric,
  value: null,
  absence: 'not-reported',
  detail: 'missing-field',
});

/** A week and two are whole London days with today the first, as the feed is asked; 48 hours are hours. */
const AHEAD: readonly (readonly [MetricName, (day: EpochMs, now: EpochMs) => EpochMs])[] = [
  ['slots.free-48h', (_, now) => now + 48 * HOUR],
  ['slots.free-7d', (day) => daysLater(day, 7)],
  ['slots.free-14d', (day) => daysLater(day, 14)],
];

/**
 * Beyond what was searched nothing is known: a sum that stops short would pass for scarcity, so there is none. One that
 * stops short only because days ahead have an hour less is absent for that hour.
 */
function sumsAhead({ day, dayEnds, searchedTo }: SlotMemory, now: EpochMs) {
  if (searchedTo <= dayEnds) return [];
  return AHEAD.flatMap(([metric, end]) => {
    const until = end(day, now);
    return until <= searchedTo + HOUR ? [{ metric, until, value: 0 }] : [];
  });
}

/** The groups of today, and of what was searched of the rest of its week: a screen shows today by the hour, a hub its week. */
export function weeksSlots(site: string, { day, dayEnds, searchedTo, groups }: SlotMemory): PollOutcome['slots'] {
  if (searchedTo === dayEnds) return [{ site, groups }];
  const until = daysLater(day, 8 - weekday(day));
  return [{ site, groups: groups.filter((group) => group.start < until) }];
}
