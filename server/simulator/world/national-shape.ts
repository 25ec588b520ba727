import type { National } from '#shared/model/definition.ts';
import { dayKind, HOLIDAY } from './day.ts';

export const BAND_COUNT = 9;
/** Kinds of day: index 0 is Monday … 6 Sunday, 7 a bank holiday. */
export const KIND_COUNT = 8;

/** A month as the published days describe it: calls in England by kind of day and band, and how many days of each kind it has. */
export interface MonthShape {
  readonly byKind: readonly (readonly number[])[];
  readonly dayCount: readonly number[];
  /** Calls in England in the whole month. */
  readonly total: number;
}

export interface NationalShape {
  month(month: string): MonthShape;
  /** That published day's bands as shares of its month's total, or null where the day is not in the tables. */
  publishedDay(date: string): readonly number[] | null;
  /** Shares answered, ended in IVR, callback requested, missed for kind (0-7) and band. */
  outcomes(kind: number, band: number): readonly number[];
}

/** A bank holiday brings 14 % of the weekday's calls, nearly all of them to the closed message (CBT, 31 August 2026). */
const HOLIDAY_VOLUME = 0.14;
const HOLIDAY_OUTCOMES = [0.039, 0.855, 0.004, 0.102];

export function createNationalShape(national: National): NationalShape {
  const days = new Map(national.days.map((day) => [day.date, day.bands]));
  const overall = meansByKind(national.days.filter((day) => ordinary(day.date)));
  const outcomes = outcomeTable(national);
  const cache = new Map<string, MonthShape>();
  return {
    month: (month) => {
      const known = cache.get(month) ?? monthShape(month, days, overall);
      cache.set(month, known);
      return known;
    },
    publishedDay: (date) => {
      const bands = days.get(date);
      if (!bands) return null;
      const total = publishedTotal(date.slice(0, 7), days);
      return total === null ? null : bands.map((calls) => calls / total);
    },
    outcomes: (kind, band) => outcomes[kind * BAND_COUNT + band] ?? HOLIDAY_OUTCOMES,
  };
}

const datesOf = (month: string) => {
  const first = Temporal.PlainDate.from(`${month}-01`);
  return Array.from({ length: first.daysInMonth }, (_, i) => first.add({ days: i }).toString());
};

/** Neither a holiday, nor the first working day after one, nor the days around Christmas. */
function ordinary(date: string): boolean {
  const monthDay = date.slice(5);
  if (monthDay >= '12-24' || monthDay <= '01-02') return false;
  return dayKind(date) === Temporal.PlainDate.from(date).dayOfWeek;
}

function publishedTotal(month: string, days: ReadonlyMap<string, readonly number[]>): number | null {
  let total = 0;
  for (const date of datesOf(month)) {
    const bands = days.get(date);
    if (!bands) return null;
    total += bands.reduce((sum, calls) => sum + calls, 0);
  }
  return total;
}

/** Mean bands by weekday; null where no day of that kind is there. */
function meansByKind(days: National['days']): (number[] | null)[] {
  return Array.from({ length: 7 }, (_, kind) => {
    const same = days.filter((day) => dayKind(day.date) === kind + 1);
    if (same.length === 0) return null;
    return Array.from(
      { length: BAND_COUNT },
      (_, band) => same.reduce((sum, day) => sum + (day.bands[band] ?? 0), 0) / same.length,
    );
  });
}

function monthShape(
  month: string,
  days: ReadonlyMap<string, readonly number[]>,
  overall: readonly (readonly number[] | null)[],
): MonthShape {
  const dates = datesOf(month);
  const own = meansByKind(
    dates.filter(ordinary).flatMap((date) => {
      const bands = days.get(date);
      return bands ? [{ date, bands: [...bands] }] : [];
    }),
  );
  const total = publishedTotal(month, days);
  const flat = Array.from({ length: BAND_COUNT }, () => 0);
  // The month's own weekdays where it is published: how many practices report differs from month to month.
  const weekdays = overall.map((mean, kind) => (total === null ? mean : (own[kind] ?? mean)) ?? flat);
  const holiday = (weekdays[0] ?? flat).map((calls) => calls * HOLIDAY_VOLUME);
  const byKind = [...weekdays, holiday];
  const dayCount = Array.from({ length: KIND_COUNT }, (_, k) => dates.filter((d) => dayKind(d) === k + 1).length);
  const expected = byKind.reduce(
    (sum, bands, kind) => sum + (dayCount[kind] ?? 0) * bands.reduce((s, calls) => s + calls, 0),
    0,
  );
  return { byKind, dayCount, total: total ?? expected };
}

function outcomeTable(national: National): (readonly number[])[] {
  const table: (readonly number[])[] = [];
  for (const row of national.outcomes) {
    table[(row.weekday - 1) * BAND_COUNT + row.band] = [
      row.answered,
      row.endedInIvr,
      row.callbackRequested,
      row.missed,
    ];
  }
  for (let band = 0; band < BAND_COUNT; band++) table[(HOLIDAY - 1) * BAND_COUNT + band] = HOLIDAY_OUTCOMES;
  return table;
}
