export const SITE_KINDS = [
  'practice',
  'hub',
  'out-of-hours',
  'nhs111',
  'urgent-treatment',
  'acute-visiting',
  'clinical-response',
  'pharmacy',
] as const;
export type SiteKind = (typeof SITE_KINDS)[number];

export const UNIT_KINDS = ['system', 'place', 'neighbourhood', 'site'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];
