import { dayEnd, HOUR, MINUTE, ZONE, type EpochMs } from '#shared/model/time.ts';

const DAY = 24 * HOUR;

/** A roll-up: its table, the width of its cells and the stretch of London days that one of its rows holds. */
export interface Width {
  readonly name: 'five-minutes' | 'hours' | 'days';
  readonly table: string;
  /** Name of the column with the first date of the row's period. */
  readonly column: string;
  readonly period: 'day' | 'week' | 'month';
  /** Cells are multiples of this from London midnight; whole days whatever their length. */
  readonly ms: number;
}

export const FIVE_MINUTES: Width = {
  ...{ name: 'five-minutes', table: 'rollup_five_minutes', column: 'day', period: 'day', ms: 5 * MINUTE },
};
export const HOURS: Width = { name: 'hours', table: 'rollup_hour', column: 'week', period: 'week', ms: HOUR };
export const DAYS: Width = { name: 'days', table: 'rollup_day', column: 'month', period: 'month', ms: DAY };
export const WIDTHS: readonly Width[] = [FIVE_MINUTES, HOURS, DAYS];

/** The widest roll-up whose cells fill buckets of `step` ms; null: none, the readings themselves are needed. */
export function widthFor(step: number): Width | null {
  return WIDTHS.findLast((width) => (width.ms >= DAY ? step >= DAY : step % width.ms === 0)) ?? null;
}

/** Bounds of a roll-up's cells over the London day that begins at `day`. */
export function cellBounds(width: Width, day: EpochMs): EpochMs[] {
  const end = dayEnd(day);
  if (width.ms >= DAY) return [day, end];
  return Array.from({ length: (end - day) / width.ms + 1 }, (_, i) => day + i * width.ms);
}

export const dateOf = (day: EpochMs): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(day).toZonedDateTimeISO(ZONE).toPlainDate();

/** London midnight of a date, `2026-01-12`. */
export function midnightOf(date: string): EpochMs {
  return Temporal.PlainDate.from(date).toZonedDateTime(ZONE).epochMilliseconds;
}

/** First date of the period that holds a date: weeks begin on Monday. */
export function periodOf(period: Width['period'], date: Temporal.PlainDate): string {
  if (period === 'week') return date.subtract({ days: date.dayOfWeek - 1 }).toString();
  return (period === 'month' ? date.with({ day: 1 }) : date).toString();
}
