import type { UnitDef } from '#shared/model/definition.ts';
import { trait } from '../random.ts';
import type { Day } from './day.ts';

/** Of 199 same-day appointments per 1,000 patients a month 104 are urgent ones (published practice medians, 2026). */
const URGENT = 104 / 199;
/** Spread over practices: the most are so much above that, the fewest below. */
const SPREAD = 0.25;

/** Whether one of the patients whom the practice turned away has to be seen that same day; the others can wait. */
export const isUrgent = (practice: Pick<UnitDef, 'id'>, day: Pick<Day, 'date'>, patient: number, seed: number) =>
  trait(seed, day.date, practice.id, 'urgent', patient) <
  URGENT * (1 + SPREAD * (2 * trait(seed, practice.id, 'urgent') - 1));
