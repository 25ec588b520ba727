import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import type { Definition, UnitDef, WeeklyHours } from '#shared/model/definition.ts';
import type { Day } from './day.ts';

/** A span of wall seconds in which a site is open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

type Hours = Pick<Definition, 'coreHours' | 'enhancedHours'>;

export function hoursOf(site: UnitDef, definition: Hours): WeeklyHours {
  return site.opening ?? (site.siteKind === 'hub' ? definition.enhancedHours : definition.coreHours);
}

/** The site's open spans on the day; a night that began yesterday counts to yesterday's opening. */
export function openSpans(site: UnitDef, definition: Hours, day: Day): Span[] {
  const hours = hoursOf(site, definition);
  const yesterday = day.weekday === 1 ? 7 : day.weekday - 1;
  const eve = Temporal.PlainDate.from(day.date).subtract({ days: 1 }).toString();
  const closed = (date: string) => !site.bankHolidays && BANK_HOLIDAYS.has(date);
  const spans = hours.flatMap((h) => [
    ...(h.days.includes(day.weekday) && !closed(day.date) ? [{ from: h.from, to: Math.min(h.to, 1440) }] : []),
    ...(h.to > 1440 && h.days.includes(yesterday) && !closed(eve) ? [{ from: 0, to: h.to - 1440 }] : []),
  ]);
  return merged(
    spans.filter((span) => span.to > span.from).map((span) => ({ from: span.from * 60, to: span.to * 60 })),
  );
}

/** Friday's night and Saturday's day may both claim an early Saturday morning: it is worked once. */
function merged(spans: readonly Span[]): Span[] {
  const out: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else out.push({ ...span });
  }
  return out;
}

/** Open minutes in an ordinary week. */
export function weeklyMinutes(site: UnitDef, definition: Hours): number {
  return hoursOf(site, definition).reduce((sum, h) => sum + h.days.length * (h.to - h.from), 0);
}

export const isWithin = (spans: readonly Span[], wall: number) =>
  spans.some((span) => wall >= span.from && wall < span.to);
