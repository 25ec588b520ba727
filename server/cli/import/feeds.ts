import type { AdapterName } from '#shared/model/definition.ts';
import { connectQuery, MAPPINGS, mappingText, observationsQuery } from './clouds.ts';
import { demonstrationSuppliers, type Demonstration, type FeedText } from './demonstration.ts';
import type { SiteDraft } from './site.ts';
import { demonstrationSlotTypes } from './slot-types.ts';

type Every = readonly [schedule: string, staleAfter: string];

interface Pace {
  readonly telephony: Every;
  readonly practiceSlots: Every;
  readonly hubSlots: Every;
  readonly appointments: Every | null;
  readonly declared: Every;
  readonly rota: Every;
}

/** `slow` is for thousands of practices on one small machine: a document a minute, slots twice an hour. */
const PACES: Readonly<Record<Demonstration['pace'], Pace>> = {
  ordinary: {
    telephony: ['*/15 * * * * *', '3 min'],
    practiceSlots: ['0 */5 * * * *', '15 min'],
    hubSlots: ['0 */2 * * * *', '8 min'],
    appointments: ['0 */15 * * * *', '45 min'],
    declared: ['0 */2 * * * *', '15 min'],
    rota: ['0 */5 * * * *', '30 min'],
  },
  slow: {
    telephony: ['0 * * * * *', '5 min'],
    practiceSlots: ['0 */30 * * * *', '75 min'],
    hubSlots: ['0 */30 * * * *', '75 min'],
    appointments: null,
    declared: ['0 */5 * * * *', '20 min'],
    rota: ['0 */15 * * * *', '45 min'],
  },
};
const URGENT: Every = ['0 * * * * *', '5 min'];
const ONLINE: Every = ['0 * * * * *', '10 min'];
const TOTALS: Every = ['0 * * * * *', '5 min'];
const AHEAD: Every = ['0 */15 * * * *', '45 min'];
/** What the demonstration's practices are asked from. No real system has it. */
const OUR_ASID = '209900000001';
const FHIR = '{ods}/FHIR/R4';
const BOOKED = ['hub', 'urgent-treatment', 'acute-visiting', 'clinical-response'];
const IN_QUEUE = [
  'calls.waiting',
  'calls.longest-wait',
  'calls.handlers-on-call',
  'calls.handlers-free',
  'callbacks.waiting',
];
const IN_TOTALS = [
  'calls.inbound',
  'calls.ended-in-ivr',
  'calls.answered',
  'calls.answered-in-2-min',
  'calls.missed',
  'callbacks.requested',
  'callbacks.made',
  'callbacks.oldest',
];
const IN_ROTA = ['staff.clinical-planned', 'staff.clinical-available'];
const ROTA_COLUMNS = ['Generated', 'Practice', 'Clinicians planned', 'Clinicians there', 'Desk planned', 'Desk there'];
const TOTALS_COLUMNS = [
  'Generated',
  'Practice',
  'Day',
  'Calls in',
  'Ended in menu',
  'Answered',
  'Within 2 minutes',
  'Missed',
  'Callbacks asked',
  'Callbacks made',
  'Oldest callback',
];

/** The demonstration's feeds.yaml as a value, with only what some site of the system has, and the files beside it. */
export interface DemonstrationFeeds {
  readonly value: { readonly suppliers: object[]; readonly slotTypes?: object; readonly feeds: readonly FeedText[] };
  readonly files: Readonly<Record<string, string>>;
}

export async function demonstrationFeeds(
  demonstration: Demonstration,
  sites: readonly SiteDraft[],
): Promise<DemonstrationFeeds> {
  const pace = PACES[demonstration.pace];
  const { bookings, clouds, declared, urgent } = demonstration;
  const having = (key: string, value: string) => sites.filter((site) => site.identifiers[key] === value);
  const suppliers = (key: string, shares: object) => Object.keys(shares).filter((id) => having(key, id).length > 0);
  const clinical = [...new Set(Object.values(demonstration.clinical))].filter((id) => having('slots', id).length > 0);
  const kinds = (among: readonly string[], key: string, supplier: string) =>
    among.filter((kind) => having(key, supplier).some((site) => site.kind === kind)).join(', ');
  const slots = (supplier: string, of: string, every: Every) =>
    feed(`slots-${supplier}`, 'bars-slots', supplier, FHIR, `${of} where slots=${supplier}`, every);
  const appointments = (supplier: string, kind: string) =>
    pace.appointments && having('slots', supplier).some((site) => site.kind === kind)
      ? [appointmentsFeed(supplier, kind, pace.appointments)]
      : [];
  const telephony = (id: string) =>
    telephonyFeed(
      demonstration,
      id,
      having('telephony', id).map((site) => site.identifiers['queue'] ?? ''),
    );
  const platforms = clouds ? Object.values(clouds).filter((id) => having('telephony', id).length > 0) : [];
  const totals = await Promise.all(platforms.map(totalsFeed));
  const booked = kinds(BOOKED, 'slots', bookings);
  const urgentKinds = kinds(['nhs111', 'out-of-hours'], 'iuc', urgent);
  const { ahead, rota } = demonstration;
  const feeds: FeedText[] = [
    ...suppliers('telephony', demonstration.telephony).map(telephony),
    ...totals,
    ...clinical.map((id) => slots(id, 'practice', pace.practiceSlots)),
    ...(booked === '' ? [] : [{ ...slots(bookings, booked, pace.hubSlots), holds: 'fhir-slot' }]),
    // After the BaRS feed of the same practices, so that it stands in for it where that one is silent.
    ...(ahead !== undefined && having('slots', ahead).length > 0 ? [aheadFeed(ahead)] : []),
    ...clinical.flatMap((id) => appointments(id, 'practice')),
    ...appointments(bookings, 'hub'),
    ...suppliers('online', demonstration.online).map((id) =>
      feed(`online-${id}`, 'online-consultations', id, 'online', `practice where online=${id}`, ONLINE),
    ),
    ...(urgentKinds === ''
      ? []
      : [
          {
            ...feed(`iuc-${urgent}`, 'iuc-queues', urgent, 'iuc', `${urgentKinds} where iuc=${urgent}`, URGENT),
            ...signIn(demonstration, urgent),
          },
        ]),
    ...(rota !== undefined && having('rota', rota).length > 0 ? [await rotaFeed(rota, pace.rota)] : []),
    feed(`declared-${declared}`, 'declared-states', declared, 'declared', 'practice', pace.declared),
  ];
  const files = clouds ? await mappingFiles(feeds) : {};
  const ofSuppliers = demonstrationSuppliers(demonstration, feeds, sites);
  const slotTypes = { slotTypes: demonstrationSlotTypes() };
  return { value: { suppliers: ofSuppliers, ...slotTypes, feeds }, files };
}

const feed = (
  id: string,
  adapter: AdapterName,
  supplier: string,
  path: string,
  sites: string,
  [schedule, staleAfter]: Every,
): FeedText => ({
  id,
  adapter,
  supplier,
  url: `\${FEEDS_URL}/${supplier}/${path}`,
  sites,
  schedule,
  timeout: '5s',
  staleAfter,
});

const secretOf = (supplier: string, what: string) => `\${${supplier.toUpperCase().replaceAll('-', '_')}_${what}}`;

function signIn({ signIn: wanted }: Demonstration, supplier: string): object {
  if (supplier === wanted.bearer) return { auth: [{ type: 'bearer', token: secretOf(supplier, 'TOKEN') }] };
  if (supplier !== wanted.basic) return {};
  return { auth: [{ type: 'basic', user: secretOf(supplier, 'USER'), password: secretOf(supplier, 'PASSWORD') }] };
}

function sharedAccounts({ shared = [] }: Demonstration, supplier: string): object {
  const own = shared.filter((account) => account.supplier === supplier);
  return own.length === 0 ? {} : { shared: own.map(({ account, sites }) => ({ account, sites, split: 'list-size' })) };
}

function telephonyFeed(demonstration: Demonstration, id: string, queues: readonly string[]): FeedText {
  const { clouds, pace } = demonstration;
  const every = PACES[pace].telephony;
  if (id === clouds?.connect) return connectFeed(id, queues, every);
  if (id === clouds?.observations) return observationsFeed(id, queues, every);
  const plain = feed(`telephony-${id}`, 'telephony-queues', id, 'queues', `practice where telephony=${id}`, every);
  return { ...plain, ...signIn(demonstration, id), ...sharedAccounts(demonstration, id) };
}

const appointmentsFeed = (supplier: string, kind: string, every: Every): FeedText =>
  feed(`appointments-${supplier}`, 'fhir-appointments', supplier, FHIR, `${kind} where slots=${supplier}`, every);

const connectFeed = (id: string, queues: readonly string[], every: Every): FeedText => ({
  ...feed(
    `telephony-${id}`,
    'mapped-json',
    id,
    'metrics/current/demonstration',
    `practice where telephony=${id}`,
    every,
  ),
  label: 'Telephony queue',
  method: 'POST',
  body: connectQuery(queues),
  brings: IN_QUEUE,
  mappingFile: MAPPINGS.connect,
  keeps: ['Id', 'Name', 'Unit', 'Channel'],
});

const observationsFeed = (id: string, queues: readonly string[], every: Every): FeedText => ({
  ...feed(
    `telephony-${id}`,
    'mapped-json',
    id,
    'api/v2/analytics/queues/observations/query',
    `practice where telephony=${id}`,
    every,
  ),
  label: 'Telephony queue',
  method: 'POST',
  body: observationsQuery(queues),
  brings: IN_QUEUE,
  mappingFile: MAPPINGS.observations,
  keeps: ['queueId', 'mediaType', 'metric', 'qualifier', 'observationDate'],
});

const totalsFeed = async (id: string): Promise<FeedText> => ({
  ...feed(`totals-${id}`, 'mapped-csv', id, 'export/totals.csv', `practice where telephony=${id}`, TOTALS),
  label: 'Telephone totals',
  brings: IN_TOTALS,
  mapping: await mappingText('call-totals.jsonata'),
  keeps: TOTALS_COLUMNS,
});

const rotaFeed = async (id: string, every: Every): Promise<FeedText> => ({
  ...feed(`rota-${id}`, 'mapped-csv', id, 'rota.csv', `practice where rota=${id}`, every),
  label: 'Rota',
  brings: IN_ROTA,
  mapping: await mappingText('rota.jsonata'),
  keeps: ROTA_COLUMNS,
});

const aheadFeed = (id: string): FeedText => ({
  ...feed(`ahead-${id}`, 'gp-connect-slots', id, '{ods}/STU3/1/gpconnect/fhir', `practice where slots=${id}`, AHEAD),
  horizonDays: 14,
  headers: { 'Ssp-From': OUR_ASID, 'Ssp-To': '{asid}' },
});

async function mappingFiles(feeds: readonly FeedText[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { mappingFile } of feeds) {
    if (typeof mappingFile === 'string') files[mappingFile] = await mappingText(mappingFile);
  }
  return files;
}
