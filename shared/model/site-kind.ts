import { Literals } from './literals.ts';

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
export const SiteKindSchema = Literals(SITE_KINDS);
export type SiteKind = (typeof SITE_KINDS)[number];

export const UNIT_KINDS = ['system', 'place', 'neighbourhood', 'site'] as const;
export const UnitKindSchema = Literals(UNIT_KINDS);
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Kinds that are *services*: shown and judged, outside population weighting (they have no registered list). */
export const SERVICE_KINDS: readonly SiteKind[] = [
  'hub',
  'out-of-hours',
  'nhs111',
  'urgent-treatment',
  'acute-visiting',
  'clinical-response',
  'pharmacy',
];
