import type { Definition, FeedDef, National, PublishedMonth, UnitDef } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import type { Clock, Commit, Journal, PollOutcome, Reading, SlotGroup } from '../domain/ports.ts';

/** A small system and a hand-driven clock for the tests of the board and the domain. No real place or practice. */

const WEEK = [1, 2, 3, 4, 5];
export const CORE_HOURS = [{ days: WEEK, from: 480, to: 1110 }];

export const unitDef = (def: Partial<UnitDef> & Pick<UnitDef, 'id' | 'kind'>): UnitDef => ({
  siteKind: null,
  parent: null,
  name: def.id,
  odsCode: def.kind === 'site' ? def.id : null,
  population: null,
  position: null,
  contract: null,
  wteGp: null,
  opening: null,
  bankHolidays: false,
  services: [],
  identifiers: {},
  illustrative: false,
  validFrom: null,
  validTo: null,
  ...def,
});

export const feedDef = (def: Partial<FeedDef> & Pick<FeedDef, 'id' | 'adapter' | 'sites'>): FeedDef => ({
  label: def.id,
  schedule: '*/15 * * * * *',
  url: `http://127.0.0.1/${def.id}`,
  supplier: 'norhall-telecom',
  headers: {},
  timeoutMs: 5000,
  maxBytes: 1_000_000,
  auth: [],
  staleAfterMs: 180_000,
  ...def,
});

type RuleOf = Partial<Rules['indicators'][number]> & Pick<Rules['indicators'][number], 'id' | 'metric' | 'cutoffs'>;
const ruleOf = (rule: RuleOf): Rules['indicators'][number] => ({
  label: rule.id,
  siteKinds: ['practice'],
  direction: 'high',
  against: 'absolute',
  weight: 1,
  sentence: `**{value}** ${rule.id}`,
  brief: `{value} ${rule.id}`,
  ...rule,
});

export const testRules = (change: Partial<Rules> = {}): Rules => ({
  version: 1,
  reason: 'Tests',
  published: '2026-01-01T00:00:00Z',
  by: 'tests',
  levels: [40, 62, 86],
  minimumCoverage: 0.5,
  hysteresis: { riseAfter: 2, fallMargin: 4, fallAfterMinutes: 15 },
  uplift: 20,
  indicators: [
    ruleOf({
      id: 'slots',
      metric: 'slots.left-share',
      direction: 'low',
      cutoffs: [0.2, 0.08, 0],
      weight: 4,
      sentence: 'same-day slots ran out at **{time}**|**{count}** same-day slot(s) left|no same-day slot is left',
      brief: 'no slots since {time}|{count} slots left|no slots left',
    }),
    ruleOf({
      id: 'wait',
      metric: 'calls.longest-wait',
      cutoffs: [300, 600, 1200],
      weight: 3,
      sentence: 'callers wait **{value}** against a usual {usual}|callers wait **{value}**',
      brief: 'callers wait {value}',
    }),
    ruleOf({ id: 'waiting', metric: 'calls.waiting', cutoffs: [5, 10, 20], weight: 2 }),
    ruleOf({ id: 'queue', metric: 'iuc.queue-overrun', siteKinds: ['nhs111'], cutoffs: [1, 2, 3] }),
    ruleOf({
      id: 'bookable',
      metric: 'slots.left-share',
      siteKinds: ['hub'],
      direction: 'low',
      cutoffs: [0.2, 0.08, 0],
      sentence: '**{count}** slot(s) left|no slot is left',
    }),
  ],
  escalators: [],
  ...change,
});

export interface SystemShape {
  readonly places: number;
  readonly neighbourhoods: number;
  readonly practices: number;
}

/** Places with neighbourhoods with practices `p<place>-<neighbourhood>-<n>`, one hub a place, one 111. */
export function testDefinition(shape: SystemShape, rules: Rules = testRules()): Definition {
  const units: UnitDef[] = [unitDef({ id: 'sys', kind: 'system' })];
  const practices: string[] = [];
  const hubs: string[] = [];
  for (let p = 0; p < shape.places; p += 1) units.push(unitDef({ id: `place${p}`, kind: 'place', parent: 'sys' }));
  for (let p = 0; p < shape.places; p += 1) {
    for (let n = 0; n < shape.neighbourhoods; n += 1) {
      units.push(unitDef({ id: `n${p}-${n}`, kind: 'neighbourhood', parent: `place${p}` }));
    }
  }
  for (let p = 0; p < shape.places; p += 1) {
    for (let n = 0; n < shape.neighbourhoods; n += 1) {
      for (let i = 0; i < shape.practices; i += 1) {
        const id = `p${p}-${n}-${i}`;
        practices.push(id);
        const population = 5000 + 1000 * ((p + n + i) % 7);
        units.push(unitDef({ id, kind: 'site', siteKind: 'practice', parent: `n${p}-${n}`, population }));
      }
    }
    const opening = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 480, to: 1200 }];
    hubs.push(`hub${p}`);
    units.push(
      unitDef({ id: `hub${p}`, kind: 'site', siteKind: 'hub', parent: `place${p}`, opening, bankHolidays: true }),
    );
  }
  const always = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }];
  units.push(
    unitDef({ id: 'nhs111', kind: 'site', siteKind: 'nhs111', parent: 'sys', opening: always, bankHolidays: true }),
  );
  const url = 'http://127.0.0.1/{ods}';
  return {
    id: 'test',
    name: 'Test system',
    version: 'test-1',
    description: '',
    figures: [],
    timeZone: 'Europe/London',
    coreHours: CORE_HOURS,
    enhancedHours: [],
    bankHolidayRegion: 'england-and-wales',
    minutesPer1000: 60,
    visibility: { practiceNames: 'all' },
    allowPrivateAddresses: true,
    simulated: true,
    units,
    feeds: [
      feedDef({ id: 'phones', adapter: 'telephony-queues', sites: practices }),
      feedDef({ id: 'slots', adapter: 'bars-slots', sites: [...practices, ...hubs], url, staleAfterMs: 900_000 }),
      feedDef({ id: 'iuc', adapter: 'iuc-queues', sites: ['nhs111'], staleAfterMs: 300_000 }),
    ],
    rules,
    published: [],
    attribution: [],
  };
}

export interface HandClock extends Clock {
  set(at: EpochMs | string): void;
  forward(ms: number): void;
}

export function handClock(start: string): HandClock {
  let now = fromInstant(start);
  return {
    now: () => now,
    speed: 1,
    simulated: true,
    realMsUntil: (at) => Math.max(0, at - now),
    set: (at) => {
      now = typeof at === 'string' ? fromInstant(at) : at;
    },
    forward: (ms) => {
      now += ms;
    },
  };
}

/** Keeps what a journal would hold, through JSON and back. */
export function memoryJournal(): Journal & { commits: Commit[]; checkpoints: { seq: number; state: unknown }[] } {
  const commits: Commit[] = [];
  const checkpoints: { seq: number; state: unknown }[] = [];
  return {
    commits,
    checkpoints,
    append: (commit) => commits.push(JSON.parse(JSON.stringify(commit)) as Commit),
    checkpoint: (seq, state) => checkpoints.push({ seq, state: JSON.parse(JSON.stringify(state)) }),
  };
}

export const outcome = (feed: string, at: EpochMs, change: Partial<PollOutcome> = {}): PollOutcome => ({
  feed,
  at,
  state: 'ok',
  fault: '',
  observedAt: at,
  readings: [],
  slots: [],
  unchanged: false,
  rejected: 0,
  latencyMs: 5,
  bytes: 100,
  ...change,
});

export const reading = (site: string, metric: MetricName, value: number | null): Reading =>
  value === null ? { site, metric, value, absence: 'not-reported', detail: 'missing-field' } : { site, metric, value };

export const slotGroup = (start: EpochMs, free: number, busy: number): SlotGroup => ({
  start,
  minutes: 15,
  channel: 'in-person',
  role: null,
  service: null,
  free,
  busy,
  held: 0,
});

/** Ordinary figures of a practice's phones at one time. */
export const phones = (site: string, figures: Partial<Record<MetricName, number | null>> = {}): Reading[] =>
  Object.entries({
    'calls.waiting': 2,
    'calls.longest-wait': 60,
    'calls.handlers-on-call': 2,
    'calls.handlers-free': 1,
    'callbacks.waiting': 1,
    'callbacks.oldest': 300,
    'calls.inbound': 20,
    'calls.answered': 12,
    'calls.missed': 2,
    'calls.ended-in-ivr': 5,
    'calls.answered-in-2-min': 8,
    'callbacks.requested': 1,
    'callbacks.made': 1,
    ...figures,
  }).map(([metric, value]) => reading(site, metric as MetricName, value));

/** Every day the same 100 calls in two-hour bands, 60 % answered, 10 % missed, 5 % callbacks. */
export const testNational = (from: string, days: number): National => {
  const bands = [0, 6, 30, 20, 16, 16, 10, 1, 1];
  const first = Temporal.PlainDate.from(from);
  return {
    days: Array.from({ length: days }, (_, i) => ({ date: first.add({ days: i }).toString(), bands })),
    outcomes: [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
      bands.map((_, band) => ({
        weekday,
        band,
        answered: 0.6,
        endedInIvr: 0.25,
        callbackRequested: 0.05,
        missed: 0.1,
      })),
    ),
    callDuration: [0.25, 0.35, 0.32, 0.08],
    nhs111: [],
    urgentByHour: [],
    source: 'made up',
  };
};

/** A month of `inbound` calls, ended as nationally. */
export const testMonth = (site: string, month: string, inbound: number): PublishedMonth => ({
  site,
  month,
  basis: 'own',
  inbound,
  answered: inbound * 0.6,
  endedInIvr: inbound * 0.25,
  callbackRequested: inbound * 0.05,
  callbackMade: inbound * 0.05,
  missed: inbound * 0.1,
  answeredWait: [40, 20, 20, 20],
  missedWait: [1, 1, 1, 1],
  online: null,
});
