import type { SlotTypes } from '#shared/model/definition.ts';

type Category = readonly [category: string, patientFacing: boolean, names: readonly string[]];

/** The demonstration's practices' own names of slot and appointment types, in national categories. One is left unmapped. */
const CATEGORIES: readonly Category[] = [
  ['general-consultation-acute', true, ['On the day GP', 'Duty doctor', 'Same day urgent', 'Acute (telephone first)']],
  [
    'general-consultation-routine',
    true,
    ['Routine GP appointment', 'Book ahead GP', 'GP 10 minutes', 'Routine face to face'],
  ],
  ['planned-clinical-procedure', false, ['Nurse treatment room', 'Practice nurse', 'Nurse clinic', 'Nurse 15 minutes']],
  ['planned-clinics', false, ['Diabetes clinic', 'Asthma review', 'Smear clinic', 'Baby clinic']],
  ['structured-medication-review', false, ['Medication review']],
];

export const demonstrationSlotTypes = (): SlotTypes => ({
  reviewed: '2025-09-01',
  types: CATEGORIES.flatMap(([category, patientFacing, names]) =>
    names.map((name) => ({ name, category, patientFacing })),
  ),
});
