import type { UnitDef } from '#shared/model/definition.ts';
import type { Random } from '../random.ts';
import { wallSeconds, type Day } from './day.ts';
import { listSize } from './sites.ts';

/** Online consultations: 137 a month per 1,000 patients; a Monday has 1.41 times a Tuesday (February 2026). */
const MONTHLY_PER_1000 = 137;
const DAYS_A_MONTH = 21.5;
const BY_WEEKDAY = [1.28, 0.95, 0.93, 0.92, 0.92, 0, 0];
/** Share of a day by two hours from 6am, and of those that ask for care today. */
const BY_TWO_HOURS = [0.1, 0.41, 0.17, 0.12, 0.11, 0.06, 0.03];
const CLINICAL = 0.65;
const FIRST_SENT = wallSeconds('06:00');
const FIRST_READ = wallSeconds('08:05');

/** Wall seconds at which the practice has read an online request and looks for a slot. */
export function onlineContacts(site: UnitDef, day: Day, month: number | null, random: Random): number[] {
  const monthly = month ?? (listSize(site) / 1000) * MONTHLY_PER_1000;
  const count = random.poisson(
    day.bankHoliday ? 0 : (monthly / DAYS_A_MONTH) * CLINICAL * (BY_WEEKDAY[day.weekday - 1] ?? 0),
  );
  return Array.from({ length: count }, () => {
    const sent = FIRST_SENT + random.pick(BY_TWO_HOURS) * 7200 + random.between(0, 7200);
    return Math.floor(Math.max(sent, FIRST_READ) + random.exponential(1500));
  });
}
