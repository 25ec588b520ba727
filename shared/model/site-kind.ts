import Type, { type Static } from 'typebox';

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
export const SiteKindSchema = Type.Union(SITE_KINDS.map((k) => Type.Literal(k)));
export type SiteKind = (typeof SITE_KINDS)[number];

export const UNIT_KINDS = ['system', 'place', 'neighbourhood', 'site'] as const;
export const UnitKindSchema = Type.Union(UNIT_KINDS.map((k) => Type.Literal(k)));
export type UnitKind = Static<typeof UnitKindSchema>;

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
