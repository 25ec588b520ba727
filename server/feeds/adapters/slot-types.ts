import type { Concept } from './fhir.ts';

/**
 * Slot types by their published names (GPAD national categories, HL7 service types), in one stated mapping.
 * `counts`: same-day capacity a patient can be offered: the eight categories that the national 14-day measure (ACC-08)
 * counts. The others are patient care too, but planned for somebody already or not for patients at all.
 */
export interface SlotType {
  readonly code: string;
  readonly counts: boolean;
}

const counted = [
  'general-consultation-acute',
  'general-consultation-routine',
  'general-consultation',
  'unplanned-clinical-activity',
  'walk-in',
  'clinical-triage',
  'triage',
  'home-visit',
  'care-home-visit',
  'care-related-encounter',
  'general-practice',
  'emergency-medical',
  'urgent-care',
  'same-day',
  'extended-access',
  'enhanced-access',
  'acute-visiting',
  'clinical-response',
  'acute-respiratory',
];
const notCounted = [
  'general-consultation-planned',
  'planned-clinics',
  'planned-clinical-procedure',
  'patient-contact-during-care-home-round',
  'care-home-needs-assessment-personalised-care-and-support-planning',
  'structured-medication-review',
  'social-prescribing-service',
  'group-consultation-and-group-education',
  'service-provided-by-organisation-external-to-the-practice',
  'non-contractual-chargeable-work',
  'immunisation',
  'administration',
  'admin',
  'staff-meeting',
  'training',
  'break',
];

const byName = new Map<string, SlotType>([
  ...counted.map((code) => [code, { code, counts: true }] as const),
  ...notCounted.map((code) => [code, { code, counts: false }] as const),
]);
/** HL7 service-type and service-category codes. */
const HL7: ReadonlyMap<string, string> = new Map([
  ['57', 'immunisation'],
  ['117', 'emergency-medical'],
  ['124', 'general-practice'],
]);

/** Spellings that led to a type. Only those are remembered: any other text could be about a person. */
const spellings = new Map<string, SlotType>();

/** Names come in any spelling of case, blanks and punctuation: match leniently. */
function typeNamed(name: string): SlotType | null {
  const known = spellings.get(name);
  if (known) return known;
  if (name.length > 120) return null;
  const key = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const type = byName.get(HL7.get(key) ?? key) ?? null;
  if (type) {
    if (spellings.size >= 1024) spellings.clear();
    spellings.set(name, type);
  }
  return type;
}

/** `none`: the slot carries no type. `unmapped`: it carries one that this table does not know. */
export function slotType(concepts: readonly Concept[] | undefined): SlotType | 'none' | 'unmapped' {
  let named = false;
  for (const { coding, text } of concepts ?? []) {
    const byText = text === undefined ? null : typeNamed(text);
    if (byText) return byText;
    named ||= text !== undefined;
    for (const { code, display } of coding ?? []) {
      const type = (code === undefined ? null : typeNamed(code)) ?? (display === undefined ? null : typeNamed(display));
      if (type) return type;
      named ||= code !== undefined || display !== undefined;
    }
  }
  return named ? 'unmapped' : 'none';
}

/** Practitioner roles that pass: HL7's codes and the SDS job roles (R0260). Anything else could be a person's number. */
export function roleCode(concepts: readonly Concept[] | undefined): string | null {
  for (const concept of concepts ?? [])
    for (const { code } of concept.coding ?? [])
      if (code !== undefined && (/^R\d{4}$/.test(code) || HL7_ROLES.has(code))) return code;
  return null;
}
const HL7_ROLES: ReadonlySet<string> = new Set(['doctor', 'nurse', 'pharmacist', 'researcher', 'teacher', 'ict']);
