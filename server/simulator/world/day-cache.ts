import type { Day } from './day.ts';

/** What has been made of a site's day, kept for the latest `kept` days that were asked for. */
export interface DayCache<T> {
  has(day: Pick<Day, 'date'>, site: string): boolean;
  of(day: Pick<Day, 'date'>, site: string, make: () => T): T;
  /** What was made of the site's day is made anew when it is next asked for. */
  drop(day: Pick<Day, 'date'>, site: string): void;
}

export function createDayCache<T>(kept: number): DayCache<T> {
  const days = new Map<string, Map<string, T>>();
  const cacheOf = (date: string) => {
    const known = days.get(date);
    if (known) return known;
    const fresh = new Map<string, T>();
    days.set(date, fresh);
    const oldest = [...days.keys()].sort()[0];
    if (days.size > kept && oldest !== undefined && oldest !== date) days.delete(oldest);
    return fresh;
  };
  return {
    has: (day, site) => days.get(day.date)?.has(site) ?? false,
    of: (day, site, make) => {
      const cache = cacheOf(day.date);
      const known = cache.get(site);
      if (known !== undefined) return known;
      const made = make();
      cache.set(site, made);
      return made;
    },
    drop: (day, site) => {
      days.get(day.date)?.delete(site);
    },
  };
}
