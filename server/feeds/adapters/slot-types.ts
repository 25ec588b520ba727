import type { SlotTypes } from '#shared/model/definition.ts';
import { typeKey } from '#shared/model/national-categories.ts';
import type { Concept } from './fhir.ts';

/**
 * What a slot or an appointment is for, by its national category (GPAD) or a service of ours.
 * `counts`: same-day capacity a patient can be offered: the eight categories that the national 14-day measure (ACC-08)
 * counts. The others are patient care too, but planned for somebody already or not for patients at all.
 */
export interface SlotType {
  readonly code: string;
  readonly counts: boolean;
}

/** `none`: no type was given. `unmapped`: one was, and neither the practice's own mapping nor ours knows it. */
export type Typed = SlotType | 'none' | 'unmapped';

export interface SlotTyping {
  /** The first type of a record that is known. */
  of(concepts: readonly Concept[] | undefined): Typed;
  /** Matches the whole of any name or code that `of` knows: nothing else may be read in a redacted copy. */
  readonly known: RegExp;
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
/** Other names of the same: HL7 service-type and service-category codes, and the words of the published examples. */
const ALIASES: Readonly<Record<string, string>> = {
  '57': 'immunisation',
  '117': 'emergency-medical',
  '124': 'general-practice',
  walkin: 'walk-in',
  'gp-appointment': 'general-consultation',
  'gp-appointments': 'general-consultation',
  'general-gp-appointment': 'general-consultation',
  'general-gp-appointments': 'general-consultation',
  'nhs-health-check': 'planned-clinics',
  'care-home-needs-assessment-and-personalised-care-and-support-planning':
    'care-home-needs-assessment-personalised-care-and-support-planning',
  'group-consultation-group-education': 'group-consultation-and-group-education',
};

const LONGEST = 120;
const MEANT = new Map<string, SlotType>([
  ...counted.map((code) => [code, { code, counts: true }] as const),
  ...notCounted.map((code) => [code, { code, counts: false }] as const),
]);
const OURS: ReadonlyMap<string, SlotType> = new Map([
  ...MEANT,
  ...Object.entries(ALIASES).flatMap(([name, code]) => {
    const type = MEANT.get(code);
    return type ? [[name, type] as const] : [];
  }),
]);

/** Names come in any spelling of case, blanks and punctuation. Null: it holds letters that the comparison would drop. */
function nameKey(name: string): string | null {
  if (name.length > LONGEST) return null;
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  return /[^\x20-\x7e\p{P}\p{Z}\p{S}]/u.test(plain) ? null : typeKey(plain);
}

/** A practice's own mapping goes before ours; the first line of it that fits is the one. */
export function createSlotTyping(own: SlotTypes | null): SlotTyping {
  const byName = new Map<string, SlotType>(OURS);
  for (const { name, category, patientFacing } of own?.types.toReversed() ?? []) {
    const key = nameKey(name);
    if (key) byName.set(key, { code: category, counts: patientFacing });
  }
  // Only spellings that led to a type are remembered: any other text could be about a person.
  const spellings = new Map<string, SlotType>();
  const named = (name: string): SlotType | null => {
    const known = spellings.get(name);
    if (known) return known;
    const type = byName.get(nameKey(name) ?? '') ?? null;
    if (type) {
      if (spellings.size >= 1024) spellings.clear();
      spellings.set(name, type);
    }
    return type;
  };
  return { of: (concepts) => typed(concepts, named), known: spelled([...byName.keys()]) };
}

function typed(concepts: readonly Concept[] | undefined, named: (name: string) => SlotType | null): Typed {
  let given = false;
  for (const { coding, text } of concepts ?? []) {
    const byText = text === undefined ? null : named(text);
    if (byText) return byText;
    given ||= text !== undefined;
    for (const { code, display } of coding ?? []) {
      const type = (code === undefined ? null : named(code)) ?? (display === undefined ? null : named(display));
      if (type) return type;
      given ||= code !== undefined || display !== undefined;
    }
  }
  return given ? 'unmapped' : 'none';
}

const BETWEEN = String.raw`[\s\p{P}\p{S}]`;

/** Every spelling of these names: their words in order, with anything but letters and digits between and around them. */
function spelled(keys: readonly string[]): RegExp {
  const words = keys.map((key) => key.replaceAll('-', `${BETWEEN}+`));
  return new RegExp(`^${BETWEEN}*(?:${words.join('|')})${BETWEEN}*$`, 'iu');
}
