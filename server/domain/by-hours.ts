import type { WeeklyHours } from '#shared/model/definition.ts';

/** What was worked out for a set of hours, kept by the set itself: apart where bank holidays are worked and where not. */
export interface ByHours<T> {
  get(hours: WeeklyHours, onBankHolidays: boolean): T | undefined;
  set(hours: WeeklyHours, onBankHolidays: boolean, value: T): void;
}

export function createByHours<T>(): ByHours<T> {
  const closed = new WeakMap<WeeklyHours, T>();
  const worked = new WeakMap<WeeklyHours, T>();
  return {
    get: (hours, onBankHolidays) => (onBankHolidays ? worked : closed).get(hours),
    set: (hours, onBankHolidays, value) => void (onBankHolidays ? worked : closed).set(hours, value),
  };
}

/** One object for all sets of hours that say the same. */
export function createHoursInterner(): (hours: WeeklyHours) => WeeklyHours {
  const known = new Map<string, WeeklyHours>();
  return (hours) => {
    const text = JSON.stringify(hours);
    const same = known.get(text);
    if (same) return same;
    known.set(text, hours);
    return hours;
  };
}
