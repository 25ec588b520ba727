import type { Recipe } from './recipe.ts';
import type { SiteDraft } from './site.ts';

type Demonstration = NonNullable<Recipe['demonstration']>;

interface Pace {
  readonly telephony: readonly [schedule: string, staleAfter: string];
  readonly practiceSlots: readonly [schedule: string, staleAfter: string];
  readonly hubSlots: readonly [schedule: string, staleAfter: string];
  readonly appointments: readonly [schedule: string, staleAfter: string] | null;
}

/** `slow` is for thousands of practices on one small machine: a document a minute, slots twice an hour. */
const PACES: Readonly<Record<Demonstration['pace'], Pace>> = {
  ordinary: {
    telephony: ['*/15 * * * * *', '3 min'],
    practiceSlots: ['0 */5 * * * *', '15 min'],
    hubSlots: ['0 */2 * * * *', '8 min'],
    appointments: ['0 */15 * * * *', '45 min'],
  },
  slow: {
    telephony: ['0 * * * * *', '5 min'],
    practiceSlots: ['0 */30 * * * *', '75 min'],
    hubSlots: ['0 */30 * * * *', '75 min'],
    appointments: null,
  },
};

/** The demonstration's feeds: only those that some site of the system has. */
export function demonstrationFeeds(demonstration: Demonstration, sites: readonly SiteDraft[]): object[] {
  const pace = PACES[demonstration.pace];
  const has = (key: string, value: string) => sites.some((site) => site.identifiers[key] === value);
  const telephony = Object.keys(demonstration.telephony).filter((supplier) => has('telephony', supplier));
  const clinical = [...new Set(Object.values(demonstration.clinical))].filter((supplier) => has('slots', supplier));
  const bookings = demonstration.bookings;
  const bookedKinds = ['hub', 'urgent-treatment', 'acute-visiting', 'clinical-response'].filter((kind) =>
    sites.some((site) => site.kind === kind && site.identifiers['slots'] === bookings),
  );
  const feed = (
    id: string,
    adapter: string,
    supplier: string,
    path: string,
    sites_: string,
    [schedule, staleAfter]: readonly [string, string],
  ) => ({
    id,
    adapter,
    supplier,
    url: `\${FEEDS_URL}/${supplier}/${path}`,
    sites: sites_,
    schedule,
    timeout: '5s',
    staleAfter,
  });
  const fhir = '{ods}/FHIR/R4';
  const slots = (supplier: string, kinds: string, every: readonly [string, string]) =>
    feed(`slots-${supplier}`, 'bars-slots', supplier, fhir, `${kinds} where slots=${supplier}`, every);
  const appointments = (supplier: string, kind: string) =>
    pace.appointments && sites.some((site) => site.kind === kind && site.identifiers['slots'] === supplier)
      ? [
          feed(
            `appointments-${supplier}`,
            'fhir-appointments',
            supplier,
            fhir,
            `${kind} where slots=${supplier}`,
            pace.appointments,
          ),
        ]
      : [];
  const urgent = demonstration.urgent;
  const urgentKinds = ['nhs111', 'out-of-hours'].filter((kind) => sites.some((site) => site.kind === kind));
  return [
    ...telephony.map((s) =>
      feed(`telephony-${s}`, 'telephony-queues', s, 'queues', `practice where telephony=${s}`, pace.telephony),
    ),
    ...clinical.map((s) => slots(s, 'practice', pace.practiceSlots)),
    ...(bookedKinds.length > 0 ? [slots(bookings, bookedKinds.join(', '), pace.hubSlots)] : []),
    ...clinical.flatMap((s) => appointments(s, 'practice')),
    ...appointments(bookings, 'hub'),
    ...(urgentKinds.length > 0
      ? [
          feed(`iuc-${urgent}`, 'iuc-queues', urgent, 'iuc', `${urgentKinds.join(', ')} where iuc=${urgent}`, [
            '0 * * * * *',
            '5 min',
          ]),
        ]
      : []),
  ];
}
