import type { UnitDef } from '#shared/model/definition.ts';
import { trait } from '../random.ts';
import type { Day } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { listSize } from './sites.ts';
import type { SlotBook } from './slot-book.ts';

interface OnDuty {
  readonly planned: number;
  readonly there: number;
}

/** A practice's rota as it stands at one time of its day. */
export interface Rota {
  readonly clinicians: OnDuty;
  readonly desk: OnDuty;
}

/** Sickness absence of any one person on any day (England's general practices and community services, about 4 %). */
const SICK = 0.04;
/** Patients for each receptionist on duty. */
const PER_RECEPTIONIST = 3000;

type Absence = SiteEffects['absences'][number];

/** Whether an absence of clinical staff takes this clinician of the practice's day. */
export const isAway = (absence: Absence, clinician: number, seed: number, site: string): boolean =>
  absence.staff !== 'reception' && trait(seed, site, 'absent', clinician, absence.from) < absence.share;

/**
 * A practice's rota at `wall`: who was planned for the day, and who of them is there. Those on sick leave all day had no
 * slots given to them; those whom an absence takes lose theirs (practice-slots.ts). Null on a day without work.
 */
export function rotaAt(
  site: UnitDef,
  day: Day,
  book: SlotBook,
  effects: SiteEffects,
  wall: number,
  seed: number,
): Rota | null {
  const count = book.clinicians.length;
  if (count === 0) return null;
  const now = effects.absences.filter((absence) => wall >= absence.start && wall < absence.stop);
  const working = book.clinicians.filter((_, i) => !now.some((absence) => isAway(absence, i, seed, site.id))).length;
  const sick = book.clinicians.filter((_, i) => trait(seed, day.date, site.id, 'sick', i) < SICK).length;
  const desk = Math.max(1, Math.round(listSize(site) / PER_RECEPTIONIST));
  const away = now.reduce((most, { staff, share }) => (staff === 'clinical' ? most : Math.max(most, share)), 0);
  return {
    clinicians: { planned: count + sick, there: working },
    desk: { planned: desk, there: desk - Math.round(desk * away) },
  };
}
