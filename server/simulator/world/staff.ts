import type { UnitDef } from '#shared/model/definition.ts';
import { trait } from '../random.ts';
import type { Day } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { listSize } from './sites.ts';
import type { SlotBook } from './slot-book.ts';

/** One group of a practice's staff as its rota has it at one time. */
export interface RotaLine {
  readonly group: 'GP' | 'Nurse' | 'Other direct patient care' | 'Reception';
  readonly planned: number;
  readonly available: number;
}

const GROUPS: Readonly<Record<string, RotaLine['group']>> = { R0260: 'GP', R0600: 'Nurse', R0620: 'Nurse' };
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
 * slots given to them; those whom an absence takes lose theirs (practice-slots.ts). Empty on a day without work.
 */
export function rotaAt(
  site: UnitDef,
  day: Day,
  book: SlotBook,
  effects: SiteEffects,
  wall: number,
  seed: number,
): readonly RotaLine[] {
  if (book.clinicians.length === 0) return [];
  const now = effects.absences.filter((absence) => wall >= absence.start && wall < absence.stop);
  const lines = new Map<RotaLine['group'], { planned: number; available: number }>();
  const add = (group: RotaLine['group'], planned: number, available: number) => {
    const line = lines.get(group) ?? { planned: 0, available: 0 };
    lines.set(group, { planned: line.planned + planned, available: line.available + available });
  };
  book.clinicians.forEach(({ role }, i) => {
    const sick = trait(seed, day.date, site.id, 'sick', i) < SICK;
    const group = GROUPS[role] ?? 'Other direct patient care';
    // Somebody on leave is planned for beside those who came in their place.
    add(group, sick ? 2 : 1, now.some((absence) => isAway(absence, i, seed, site.id)) ? 0 : 1);
  });
  const desk = Math.max(1, Math.round(listSize(site) / PER_RECEPTIONIST));
  const away = now.reduce((most, { staff, share }) => (staff === 'clinical' ? most : Math.max(most, share)), 0);
  add('Reception', desk, desk - Math.round(desk * away));
  return [...lines].map(([group, line]) => ({ group, ...line }));
}
