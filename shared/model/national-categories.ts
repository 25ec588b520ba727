/**
 * National appointment categories (GPAD) in kebab case, with the variant labels that practices' systems still send. A
 * practice's own slot and appointment types are mapped to these.
 */
export const NATIONAL_CATEGORIES = [
  'general-consultation-acute',
  'general-consultation-routine',
  'general-consultation-planned',
  'clinical-triage',
  'triage',
  'planned-clinics',
  'planned-clinical-procedure',
  'unplanned-clinical-activity',
  'walk-in',
  'home-visit',
  'care-home-visit',
  'care-related-encounter',
  'patient-contact-during-care-home-round',
  'care-home-needs-assessment-personalised-care-and-support-planning',
  'structured-medication-review',
  'social-prescribing-service',
  'group-consultation-and-group-education',
  'service-provided-by-organisation-external-to-the-practice',
  'non-contractual-chargeable-work',
] as const;
export type NationalCategory = (typeof NATIONAL_CATEGORIES)[number];

/** A type's name without regard to case, blanks and punctuation: how names of types are compared. */
export const typeKey = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
