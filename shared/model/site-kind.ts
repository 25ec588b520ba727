// The names stand in a file of their own: pages read them, and would bring all of TypeBox along from here.
import { SITE_KINDS, UNIT_KINDS, type SiteKind } from './kind-names.ts';
import { Literals } from './literals.ts';

export type { SiteKind, UnitKind } from './kind-names.ts';

export const SiteKindSchema = Literals(SITE_KINDS);
export const UnitKindSchema = Literals(UNIT_KINDS);

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
