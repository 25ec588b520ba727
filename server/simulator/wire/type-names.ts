import type { UnitDef } from '#shared/model/definition.ts';
import { trait } from '../random.ts';

/**
 * Slot and appointment types as practices write them: every practice has its own words, and a few an old one that nobody
 * mapped. A definition maps these names to national categories.
 */
const SAME_DAY = ['On the day GP', 'Duty doctor', 'Same day urgent', 'Acute (telephone first)'] as const;
const ROUTINE = ['Routine GP appointment', 'Book ahead GP', 'GP 10 minutes', 'Routine face to face'] as const;
const NURSE = ['Nurse treatment room', 'Practice nurse', 'Nurse clinic', 'Nurse 15 minutes'] as const;
const CLINIC = ['Diabetes clinic', 'Asthma review', 'Smear clinic', 'Baby clinic'] as const;
const REVIEW = 'Medication review';
const FORGOTTEN = 'ZZ old list do not use';

const NURSING_ROLES = new Set(['R0600', 'R0620']);

const ownWord = (words: readonly string[], site: UnitDef) =>
  words[Math.floor(trait(site.id, 'type-names') * words.length)] ?? words[0] ?? '';

export const sameDayName = (site: UnitDef) => ownWord(SAME_DAY, site);

export const aheadName = (site: UnitDef, role: string) => ownWord(NURSING_ROLES.has(role) ? NURSE : ROUTINE, site);

/** Of an appointment by its own key: booked on the day, or ahead. */
export function appointmentName(site: UnitDef, sameDay: boolean, key: number): string {
  if (sameDay) return sameDayName(site);
  const chance = trait(key, 'type');
  if (trait(site.id, 'forgotten-type') < 0.15 && chance > 0.97) return FORGOTTEN;
  if (chance < 0.55) return ownWord(ROUTINE, site);
  if (chance < 0.8) return ownWord(NURSE, site);
  return chance < 0.92 ? ownWord(CLINIC, site) : REVIEW;
}
