import { canaryPerson } from '../canaries.ts';
import { trait, uuidOf } from '../random.ts';
import type { Clinician } from './slot-book.ts';

/** SDS job role codes, with the share of same-day work each does. */
const PRACTICE_ROLES = [
  { share: 0.55, role: 'R0260', roleName: 'General Medical Practitioner', prefix: 'Dr' },
  { share: 0.8, role: 'R0600', roleName: 'Specialist Nurse Practitioner', prefix: 'Nurse' },
  { share: 0.92, role: 'R0620', roleName: 'Staff Nurse', prefix: 'Nurse' },
  { share: 1, role: 'R1290', roleName: 'Pharmacist', prefix: 'Mx' },
] as const;

/** `count` clinicians with invented names; the first is always a GP. */
export function clinicians(count: number, kind: string, seed: number, site: string, date: string): Clinician[] {
  return Array.from({ length: count }, (_, i): Clinician => {
    const draw = i === 0 ? 0 : trait(seed, site, kind, 'role', i);
    const { role, roleName, prefix } = PRACTICE_ROLES.find((candidate) => draw < candidate.share) ?? PRACTICE_ROLES[0];
    return {
      key: uuidOf(seed, site, date, 'clinician', i),
      role,
      roleName,
      prefix,
      ...canaryPerson(seed, site, 'clinician', i),
    };
  });
}
