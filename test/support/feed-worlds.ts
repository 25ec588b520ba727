import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AdapterName, FeedDef, UnitDef } from '#shared/model/definition.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import {
  appointment,
  declaration,
  declarations,
  feedOf,
  online,
  overTheWire,
  queue,
  requests,
  searchset,
  service,
  siteOf,
  slot,
  slotIncludes,
  telephony,
  urgentCare,
} from '../fixtures/feeds/samples.ts';
import { freeSlot, gpFeed, gpSite, practiceIncludes } from '../fixtures/fhir/gp-connect.ts';
import type { Supported } from './reading-judge.ts';

/** A good answer of one standard, whom it is about, and what a payload made of it supports. */
export interface FeedWorld {
  readonly feed: FeedDef;
  readonly sites: readonly UnitDef[];
  readonly payload: unknown;
  /** Judged by hand, sharing nothing with the adapter. `numbers`: those that were put in. */
  supports(payload: unknown, numbers: readonly number[]): Supported;
}

const part = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = part(value, key);
  return Array.isArray(list) ? (list as unknown[]) : [];
};
const meant = (code: unknown, site: string): boolean =>
  typeof code === 'string' && [code, code.trim(), code.trim().toUpperCase()].includes(site);

/** A record's own number must stand in the first record of its site, under its name. */
const byRecord =
  (list: string, fields: Readonly<Record<string, readonly string[]>>) =>
  (payload: unknown): Supported =>
  (site, metric, value) => {
    const record = listAt(payload, list).find((item) => meant(part(item, 'odsCode'), site));
    const told = (fields[metric] ?? []).reduce<unknown>((from, key) => part(from, key), record);
    return typeof told === 'number' && told + 0 === value;
  };

const since = (name: string): readonly string[] => ['sinceMidnight', name];
const TELEPHONY = {
  'calls.waiting': ['waiting'],
  'calls.longest-wait': ['longestWaitSeconds'],
  'calls.handlers-on-call': ['handlersOnCall'],
  'calls.handlers-free': ['handlersFree'],
  'callbacks.waiting': ['callbacksWaiting'],
  'callbacks.oldest': ['oldestCallbackSeconds'],
  'calls.inbound': since('inbound'),
  'calls.ended-in-ivr': since('endedInIvr'),
  'calls.answered': since('answered'),
  'calls.answered-in-2-min': since('answeredWithin2Minutes'),
  'calls.missed': since('missed'),
  'callbacks.requested': since('callbacksRequested'),
  'callbacks.made': since('callbacksMade'),
};
const ONLINE = {
  'online.open': ['open'],
  'online.oldest': ['oldestOpenMinutes'],
  'online.clinical': since('clinical'),
  'online.admin': since('admin'),
};
const IUC = {
  'iuc.offered': ['last15Minutes', 'offered'],
  'iuc.answered': ['last15Minutes', 'answered'],
  'iuc.abandoned': ['last15Minutes', 'abandoned'],
  'iuc.answered-in-60s': ['last15Minutes', 'answeredIn60Seconds'],
  'iuc.shifts-planned': ['shifts', 'planned'],
  'iuc.shifts-filled': ['shifts', 'filled'],
};

function iucSupports(payload: unknown): Supported {
  const records = byRecord('services', IUC)(payload);
  return (site, metric, value) => {
    if (Object.hasOwn(IUC, metric)) return records(site, metric, value);
    const own = listAt(payload, 'services').find((item) => meant(part(item, 'odsCode'), site));
    const queues = listAt(own, 'queues');
    const numbers = (key: string) =>
      queues.map((queue) => {
        const told = part(queue, key);
        return typeof told === 'number' ? told : 0;
      });
    if (metric === 'iuc.waiting') return value === numbers('waiting').reduce((a, b) => a + b, 0);
    if (metric === 'iuc.longest-wait') return value === Math.max(0, ...numbers('longestWaitMinutes'));
    if (metric === 'iuc.overrun-target') return numbers('targetMinutes').includes(value);
    const waits = numbers('longestWaitMinutes');
    return numbers('targetMinutes').some(
      (target, i) => target > 0 && Math.abs((waits[i] ?? 0) / target - value) < 0.001,
    );
  };
}

const LEVELS = ['green', 'amber', 'red', 'black'];
function levelSupports(payload: unknown): Supported {
  return (site, _, value) => {
    const record = listAt(payload, 'declared').find((item) => meant(part(item, 'odsCode'), site));
    const told = part(record, 'level');
    const word = typeof told === 'string' || typeof told === 'number' ? String(told).trim().toLowerCase() : '';
    return word === String(value) || word === `opel-${value}` || word === LEVELS[value - 1];
  };
}

/** No more is counted than there are resources of the kind; minutes at most a day of each. */
const byEntries =
  (kind: string) =>
  (payload: unknown): Supported => {
    const count = listAt(payload, 'entry').filter((e) => part(part(e, 'resource'), 'resourceType') === kind).length;
    return (_, metric, value) => value <= (metric === 'slots.free-minutes' ? count * 1440 : count);
  };

/** A mapped number stands somewhere in the answer, or was made of its times. */
function byNumbers(payload: unknown, numbers: readonly number[]): Supported {
  const known = new Set([...numbersIn(payload), ...numbers].map((n) => n + 0));
  return (_, metric, value) => known.has(value) || metric === 'calls.longest-wait';
}
function numbersIn(root: unknown): number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let value = waiting.pop(); waiting.length > 0 || value !== undefined; value = waiting.pop()) {
    if (typeof value === 'number') found.push(value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) waiting.push(inner);
  }
  return found;
}

const page = readFileSync(new URL('../../docs/mapped-feeds.md', import.meta.url), 'utf8');
const file = (name: string): string => readFileSync(new URL(`../fixtures/feeds/${name}`, import.meta.url), 'utf8');

/** The feed and the expression exactly as the documentation shows them under a heading. */
export function documentedFeed(heading: string): FeedDef {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section)?.[1] ?? '';
  const [feed] = parse(block('yaml')) as [{ adapter: AdapterName; brings: string[]; keeps: string[] }];
  const mapping = block('jsonata');
  if (mapping === '') throw new Error(`no expression under ${heading}`);
  return feedOf(feed.adapter, { brings: feed.brings, keeps: feed.keeps, mapping });
}

const two = (kind: SiteKind = 'practice'): UnitDef[] =>
  [1, 2].map((n) => siteOf(`P8100${n}`, kind, { queue: `0a1b2c3d-0000-4000-8000-00000000000${n}` }));
const TIMES = [
  '2026-09-14T08:45:00.000+00:00',
  '2026-09-14T09:45:00.000+00:00',
  '2026-09-14T10:45:00+00:00',
  '2026-09-14T06:45:00Z',
];
const at = (i: number): string => TIMES[i] ?? '';

export const FEED_WORLDS: Readonly<Record<AdapterName, FeedWorld>> = {
  'telephony-queues': {
    feed: feedOf('telephony-queues'),
    sites: two(),
    payload: overTheWire(telephony(queue('P81001'), queue('P81002'))),
    supports: byRecord('queues', TELEPHONY),
  },
  'online-consultations': {
    feed: feedOf('online-consultations'),
    sites: two(),
    payload: overTheWire(online(requests('P81001'), requests('P81002'))),
    supports: byRecord('practices', ONLINE),
  },
  'iuc-queues': {
    feed: feedOf('iuc-queues'),
    sites: two('nhs111'),
    payload: overTheWire(urgentCare(service('P81001'), service('P81002'))),
    supports: iucSupports,
  },
  'declared-states': {
    feed: feedOf('declared-states'),
    sites: two(),
    payload: overTheWire(declarations(declaration('P81001'), declaration('P81002', { level: 'amber' }))),
    supports: levelSupports,
  },
  'bars-slots': {
    feed: feedOf('bars-slots'),
    sites: two().slice(0, 1),
    payload: overTheWire(
      searchset([...slotIncludes(), ...['free', 'busy', 'busy-tentative', 'free'].map((s, i) => slot(s, at(i)))]),
    ),
    supports: byEntries('Slot'),
  },
  'gp-connect-slots': {
    feed: gpFeed(),
    sites: [gpSite],
    payload: overTheWire(
      searchset([
        freeSlot('2026-09-14T10:00:00+01:00', '2026-09-14T10:10:00+01:00'),
        freeSlot('2026-09-15T10:00:00+01:00', '2026-09-15T10:10:00+01:00'),
        ...practiceIncludes('P81001'),
      ]),
    ),
    supports: byEntries('Slot'),
  },
  'fhir-appointments': {
    feed: feedOf('fhir-appointments'),
    sites: two().slice(0, 1),
    payload: overTheWire(
      searchset(['booked', 'fulfilled', 'noshow', 'cancelled'].map((s, i) => appointment(`a${i}`, s, at(i)))),
    ),
    supports: byEntries('Appointment'),
  },
  'mapped-json': {
    feed: documentedFeed('Amazon Connect: current metrics'),
    sites: two(),
    payload: JSON.parse(file('amazon-connect-current-metrics.json')),
    supports: byNumbers,
  },
  'mapped-csv': {
    feed: documentedFeed("A wallboard's CSV export"),
    sites: two(),
    payload: file('wallboard.csv'),
    supports: (payload) => (_, metric, value) =>
      metric === 'calls.longest-wait' ||
      String(payload)
        .replace(/^0+(?=\d)/gm, '')
        .includes(String(value)),
  },
};
