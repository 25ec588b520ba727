import type { SiteKind } from '#shared/model/site-kind.ts';

/** A row of sites.csv before it is written. */
export interface SiteDraft {
  readonly code: string;
  readonly name: string;
  readonly kind: SiteKind;
  readonly parent: string;
  readonly list: number | null;
  readonly at: { readonly lat: number; readonly lon: number } | null;
  readonly wteGp: number | null;
  readonly opening: string;
  readonly services: readonly string[];
  readonly identifiers: Readonly<Record<string, string>>;
  readonly validFrom: string | null;
  /** Fifth of deprivation, 1 the most deprived. */
  readonly deprivation?: number | null;
}

/** Hours of a kind where nobody says better. Practices keep the system's core hours. */
export const OPENING: Readonly<Record<SiteKind, string>> = {
  practice: '',
  hub: 'mon-fri 08:00-20:00; sat 09:00-17:00; sun 10:00-14:00',
  'out-of-hours': 'mon 00:00-08:00; mon-fri 18:30-32:00; sat,sun 00:00-24:00; bank-holidays',
  nhs111: 'always',
  'urgent-treatment': 'mon-sun 08:00-20:00; bank-holidays',
  'acute-visiting': 'mon-fri 08:00-18:30',
  'clinical-response': 'mon-sun 08:00-20:00; bank-holidays',
  pharmacy: 'mon-fri 09:00-18:00; sat 09:00-13:00',
};

/** Bookable minutes a week of services that no population rule sizes: assumed, for the demonstration. */
export const ASSUMED_MINUTES: Readonly<Partial<Record<SiteKind, number>>> = {
  'urgent-treatment': 9000,
  'acute-visiting': 3600,
  'clinical-response': 4200,
};
