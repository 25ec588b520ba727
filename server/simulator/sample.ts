import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import type {
  AdapterName,
  Definition,
  FeedDef,
  National,
  PublishedMonth,
  SupplierDef,
  UnitDef,
} from '#shared/model/definition.ts';

/** A small made-up system and national shape for the simulator's own tests; figures near the published ones. */
const GRID = [
  [1142, 95166, 491832, 374319, 272206, 279868, 176671, 12797, 11812],
  [1034, 59118, 334128, 297150, 227208, 237186, 153818, 11261, 10876],
  [996, 53134, 302889, 276007, 212809, 225259, 144458, 10411, 10333],
  [1020, 49432, 284279, 265204, 204041, 213922, 137776, 9908, 10275],
  [1052, 51256, 287336, 261378, 201236, 214300, 130692, 9475, 9499],
  [748, 2159, 19164, 18803, 10568, 7103, 4271, 657, 3287],
  [610, 925, 4013, 4338, 3513, 3210, 2607, 556, 3872],
] as const;

export function sampleNational(): National {
  const first = Temporal.PlainDate.from('2025-10-01');
  const days = Array.from({ length: 123 }, (_, i) => {
    const date = first.add({ days: i });
    const bands = [...(GRID[date.dayOfWeek - 1] ?? GRID[0])];
    return {
      date: date.toString(),
      bands: BANK_HOLIDAYS.has(date.toString()) ? bands.map((calls) => Math.round(calls * 0.14)) : bands,
    };
  });
  const closed = [0.12, 0.79, 0.003, 0.087] as const;
  const outcomes = GRID.flatMap((_, weekday) =>
    Array.from({ length: 9 }, (__, band) => {
      const open = weekday < 5 && band >= 2 && band <= 7;
      const rush = band === 2 ? ([0.55, 0.24, 0.11, 0.1] as const) : ([0.64, 0.2, 0.055, 0.105] as const);
      const [answered, endedInIvr, callbackRequested, missed] = open ? rush : closed;
      return { weekday: weekday + 1, band, answered, endedInIvr, callbackRequested, missed };
    }),
  );
  return {
    days,
    outcomes,
    callDuration: [0.23, 0.36, 0.33, 0.08],
    nhs111: GRID.map((_, i) => ({ weekday: i + 1, received: i > 4 ? 70_000 : 52_000, answeredIn60: 0.78 })),
    urgentByHour: Array.from({ length: 168 }, (_, i) => (i % 24 < 7 ? 0.3 : 1) / 138),
    source: 'made up for tests',
  };
}

const site = (id: string, siteKind: UnitDef['siteKind'], parent: string, more: Partial<UnitDef> = {}): UnitDef => ({
  ...unit(id, 'site', parent),
  siteKind,
  odsCode: id,
  ...more,
});

function unit(id: string, kind: UnitDef['kind'], parent: string | null): UnitDef {
  return {
    id,
    kind,
    siteKind: null,
    parent,
    name: `Sample ${id}`,
    odsCode: null,
    population: null,
    position: { lat: 53.5, lon: -2.2, approximate: false },
    contract: null,
    wteGp: null,
    opening: null,
    bankHolidays: false,
    services: [],
    identifiers: {},
    illustrative: true,
    validFrom: null,
    validTo: null,
  };
}

function feed(id: string, adapter: AdapterName, path: string, sites: readonly string[]): FeedDef {
  const supplier = path.split('/')[0] ?? '';
  return {
    id,
    adapter,
    label: id,
    schedule: '*/15 * * * * *',
    url: `\${FEEDS_URL}/${path}`,
    sites: [...sites],
    supplier,
    headers: {},
    timeoutMs: 5000,
    maxBytes: 5_000_000,
    auth: [],
    staleAfterMs: 180_000,
  };
}

const ALL_WEEK = [1, 2, 3, 4, 5, 6, 7];

const SUPPLIERS: SupplierDef[] = [
  {
    id: 'calder-voice',
    name: 'Calder Voice',
    perMinute: null,
    perSecond: null,
    contact: null,
    fields: { missed: 'missed - abandonedInMenu', endedInIvr: 'abandonedInMenu' },
  },
];

/** What else the sample's practices have: two days ahead, online requests, a cloud's telephones, declared levels. */
function moreFeeds(codes: readonly string[]): FeedDef[] {
  const [one = '', two = '', three = ''] = codes;
  const queues = feed('queues-pennine', 'mapped-json', 'pennine-connect/metrics/current/demonstration', [one, two]);
  const observations = 'tarn-telephony/api/v2/analytics/queues/observations/query';
  return [
    feed('ahead-birch', 'gp-connect-slots', 'birch-systems/{ods}/STU3/1/gpconnect/fhir', codes),
    feed('online-linden', 'online-consultations', 'linden-online/online', codes),
    feed('declared-rowan', 'declared-states', 'rowan-sitrep/declared', codes),
    { ...queues, method: 'POST' },
    { ...feed('queues-tarn', 'mapped-json', observations, [one, three]), method: 'POST' },
    feed('totals-pennine', 'mapped-csv', 'pennine-connect/export/totals.csv', [one, two]),
    feed('rota-willow', 'mapped-csv', 'willow-rota/rota.csv', codes),
  ];
}

/** `practices` practices in two neighbourhoods, a hub, 111 and out-of-hours, with feeds of every standard. */
export function sampleDefinition(practices = 12): Definition {
  const codes = Array.from({ length: practices }, (_, i) => `S${String(10_001 + i)}`);
  const units = [
    unit('sample', 'system', null),
    unit('town', 'place', 'sample'),
    unit('U1', 'neighbourhood', 'town'),
    unit('U2', 'neighbourhood', 'town'),
    ...codes.map((code, i) =>
      site(code, 'practice', i % 2 === 0 ? 'U1' : 'U2', {
        population: 4000 + 1500 * (i % 7),
        identifiers: {
          telephony: i % 3 === 0 ? 'calder-voice' : 'norhall-telecom',
          slots: 'alder-clinical',
          dos: String(2_000_000_000 + i),
          asid: String(200_000_000_000 + i),
          queue: `00000000-0000-4000-a000-${String(i).padStart(12, '0')}`,
        },
      }),
    ),
    site('SHUB1', 'hub', 'town', {
      opening: [{ days: ALL_WEEK, from: 480, to: 1200 }],
      identifiers: { slots: 'cedar-booking', dos: '2000090001', minutes: '6000' },
    }),
    site('S111', 'nhs111', 'sample', { opening: [{ days: ALL_WEEK, from: 0, to: 1440 }], bankHolidays: true }),
    site('SOOH', 'out-of-hours', 'sample', {
      opening: [
        { days: [1, 2, 3, 4, 5], from: 1110, to: 1920 },
        { days: [6, 7], from: 0, to: 1440 },
        { days: [1], from: 0, to: 480 },
      ],
      bankHolidays: true,
    }),
  ];
  const by = (supplier: string) => units.filter((u) => u.identifiers['telephony'] === supplier).map((u) => u.id);
  return {
    id: 'sample',
    name: 'Sample',
    version: 'test',
    description: '',
    figures: [],
    timeZone: 'Europe/London',
    coreHours: [{ days: [1, 2, 3, 4, 5], from: 480, to: 1110 }],
    enhancedHours: [{ days: [1, 2, 3, 4, 5], from: 1110, to: 1200 }],
    bankHolidayRegion: 'england-and-wales',
    minutesPer1000: 60,
    visibility: { practiceNames: 'all' },
    allowPrivateAddresses: true,
    simulated: true,
    units,
    feeds: [
      feed('telephony-norhall', 'telephony-queues', 'norhall-telecom/queues', by('norhall-telecom')),
      feed('telephony-calder', 'telephony-queues', 'calder-voice/queues', by('calder-voice')),
      feed('slots-alder', 'bars-slots', 'alder-clinical/{ods}/FHIR/R4', codes),
      feed('slots-cedar', 'bars-slots', 'cedar-booking/{ods}/FHIR/R4', ['SHUB1']),
      feed('appointments-alder', 'fhir-appointments', 'alder-clinical/{ods}/FHIR/R4', codes),
      feed('iuc-fell', 'iuc-queues', 'fell-urgent-care/iuc', ['S111', 'SOOH']),
      ...moreFeeds(codes),
    ],
    suppliers: SUPPLIERS,
    rules: SAMPLE_RULES,
    published: codes.flatMap((code, i) =>
      ['2025-11', '2026-01'].map((month) => samplePublished(code, month, 1 + (i % 5) / 4)),
    ),
    attribution: [],
  };
}

function samplePublished(code: string, month: string, size: number): PublishedMonth {
  const n = (calls: number) => Math.round(calls * size);
  return {
    site: code,
    month,
    basis: 'own',
    inbound: n(4000),
    answered: n(2300),
    endedInIvr: n(1000),
    callbackRequested: n(260),
    callbackMade: n(255),
    missed: n(440),
    answeredWait: [n(1000), n(330), n(450), n(520)],
    missedWait: [n(230), n(70), n(70), n(70)],
    online: n(900),
  };
}

const SAMPLE_RULES: Definition['rules'] = {
  version: 1,
  reason: 'test',
  published: '2026-01-01T00:00:00Z',
  by: 'test',
  levels: [25, 50, 75],
  minimumCoverage: 0.5,
  hysteresis: { riseAfter: 2, fallMargin: 4, fallAfterMinutes: 15 },
  uplift: 10,
  indicators: [
    {
      id: 'waiting',
      label: 'Callers waiting',
      metric: 'calls.waiting',
      siteKinds: ['practice'],
      direction: 'high',
      against: 'absolute',
      cutoffs: [5, 10, 20],
      weight: 1,
      sentence: '{value} callers waiting',
      brief: '{value} waiting',
    },
  ],
  escalators: [],
};
