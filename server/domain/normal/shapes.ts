import { BANDS, type National } from '#shared/model/definition.ts';
import { dayType, isLull, type DayType } from './day-type.ts';
import { bandOf, cumulative } from './curve.ts';

export type Outcome = 'inbound' | 'answered' | 'endedInIvr' | 'callbackRequested' | 'missed';
export const OUTCOMES: readonly Outcome[] = ['inbound', 'answered', 'endedInIvr', 'callbackRequested', 'missed'];
const DAY_TYPES: readonly DayType[] = [0, 1, 2, 3, 4, 5, 6, 7];

/** National curves of an ordinary week, in calls to all practices of England. */
export interface Shapes {
  /** Running total of one outcome by minute of the day. Outcomes other than inbound are not published for bank holidays. */
  curve(type: DayType, outcome: Outcome): Float64Array | null;
  /** Share of the calls in this band that end so, of an ordinary day. */
  share(type: DayType, minute: number, outcome: Outcome): number | null;
  /** The same over the whole ordinary week. */
  overall(outcome: Outcome): number;
  /** Of those who reached the queue: missed or took a callback. Over the week; and in one band. */
  strain(type: DayType, minute: number): number | null;
  readonly meanStrain: number;
  /** Calls in England in a month: as published where every day is, by ordinary weekdays otherwise. */
  monthTotal(month: string): number;
}

function ordinaryDays(national: National): Map<DayType, number[]> {
  const sums = new Map<DayType, { days: number; bands: number[] }>();
  for (const { date, bands } of national.days) {
    const type = dayType(date);
    if (type !== 0 && isLull(date)) continue;
    const sum = sums.get(type) ?? { days: 0, bands: BANDS.map(() => 0) };
    sum.days += 1;
    sum.bands = sum.bands.map((value, i) => value + (bands[i] ?? 0));
    sums.set(type, sum);
  }
  return new Map([...sums].map(([type, { days, bands }]) => [type, bands.map((b) => b / days)]));
}

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Reads the published national tables into curves. */
export function createShapes(national: National): Shapes {
  const days = ordinaryDays(national);
  // Asked for on every look at every site: places in arrays, no keys to build.
  const shares: (National['outcomes'][number] | undefined)[] = [];
  const rowAt = (type: DayType, band: number) => shares[type * BANDS.length + band];
  for (const row of national.outcomes) shares[row.weekday * BANDS.length + row.band] = row;
  const bandShare = (type: DayType, band: number, outcome: Outcome): number | null => {
    if (outcome === 'inbound') return 1;
    return rowAt(type, band)?.[outcome] ?? null;
  };
  const bandsOf = (type: DayType, outcome: Outcome): number[] | null => {
    const bands = days.get(type);
    if (!bands || (type === 0 && outcome !== 'inbound')) return null;
    return bands.map((calls, band) => calls * (bandShare(type, band, outcome) ?? 0));
  };
  const curves: Record<Outcome, (Float64Array | null)[]> = {
    inbound: [],
    answered: [],
    endedInIvr: [],
    callbackRequested: [],
    missed: [],
  };
  const week = new Map<Outcome, number>();
  for (const outcome of OUTCOMES) {
    for (const type of DAY_TYPES) {
      const bands = bandsOf(type, outcome);
      curves[outcome][type] = bands && cumulative(bands);
      if (type !== 0 && bands) week.set(outcome, (week.get(outcome) ?? 0) + total(bands));
    }
  }
  const overall = (outcome: Outcome) => (week.get(outcome) ?? 0) / Math.max(1, week.get('inbound') ?? 0);
  const strainOf = (answered: number, lost: number) => lost / Math.max(1e-9, answered + lost);
  const published = new Map(national.days.map((d) => [d.date, total(d.bands)]));
  const months = new Map<string, number>();
  return {
    curve: (type, outcome) => curves[outcome][type] ?? null,
    share: (type, minute, outcome) => (type === 0 ? null : bandShare(type, bandOf(minute), outcome)),
    overall,
    strain: (type, minute) => {
      const row = rowAt(type, bandOf(minute));
      return row ? strainOf(row.answered, row.missed + row.callbackRequested) : null;
    },
    meanStrain: strainOf(overall('answered'), overall('missed') + overall('callbackRequested')),
    monthTotal: (month) => {
      // Every practice asks for the same few months.
      const known = months.get(month) ?? monthTotal(month, published, (type) => total(days.get(type) ?? []));
      months.set(month, known);
      return known;
    },
  };
}

function monthTotal(month: string, published: ReadonlyMap<string, number>, typical: (type: DayType) => number): number {
  const first = Temporal.PlainYearMonth.from(month);
  let sum = 0;
  for (let day = 1; day <= first.daysInMonth; day += 1) {
    const date = first.toPlainDate({ day }).toString();
    sum += published.get(date) ?? typical(dayType(date));
  }
  return sum;
}
