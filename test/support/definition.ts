import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Value } from 'typebox/value';
import type { Definition, FeedDef, National, UnitDef } from '#shared/model/definition.ts';
import { RulesSchema, type Rules } from '#shared/model/rules.ts';
import type { SiteKind, UnitKind } from '#shared/model/site-kind.ts';

const ALL_WEEK = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }];

let read: Rules | null = null;

/** The rules that every system starts with; whoever asks may change them. */
export function startingRules(): Rules {
  const path = new URL('../../server/cli/templates/rules.yaml', import.meta.url);
  // Hundreds of tests begin with them: reading the text takes longer than most of these.
  read ??= Value.Parse(RulesSchema, parse(readFileSync(path, 'utf8')));
  return structuredClone(read);
}

function unit(id: string, kind: UnitKind, siteKind: SiteKind | null, parent: string | null, population: number | null) {
  const made: UnitDef = {
    id,
    kind,
    siteKind,
    parent,
    name: `${kind} ${id}`,
    odsCode: kind === 'site' ? id : null,
    population,
    position: null,
    contract: null,
    wteGp: null,
    opening: ALL_WEEK,
    bankHolidays: true,
    services: [],
    identifiers: { dos: `dos-${id}` },
    illustrative: true,
    validFrom: null,
    validTo: null,
  };
  return made;
}

export interface SmallOptions {
  /** Practices in each of the two neighbourhoods. */
  readonly practices?: number;
  readonly feeds?: readonly FeedDef[];
}

/** Ids of the practices of `smallDefinition`: P1 … in neighbourhood N1, then those of N2. */
export const practiceIds = (count: number) => Array.from({ length: count * 2 }, (_, i) => `P${i + 1}`);

/** One system, one place, two neighbourhoods with practices, a hub and an out-of-hours service. */
export function smallDefinition({ practices = 2, feeds }: SmallOptions = {}): Definition {
  const ids = practiceIds(practices);
  const sites = ids.map((id, i) => unit(id, 'site', 'practice', i < practices ? 'N1' : 'N2', 8000 + i));
  return {
    id: 'small',
    name: 'Small system',
    version: 'test',
    description: 'A system for tests',
    figures: [],
    timeZone: 'Europe/London',
    coreHours: ALL_WEEK,
    enhancedHours: ALL_WEEK,
    bankHolidayRegion: 'england-and-wales',
    minutesPer1000: 60,
    visibility: { practiceNames: 'all' },
    allowPrivateAddresses: true,
    simulated: true,
    units: [
      unit('small', 'system', null, null, 16_000 * practices),
      unit('place', 'place', null, 'small', 16_000 * practices),
      unit('N1', 'neighbourhood', null, 'place', 8000 * practices),
      unit('N2', 'neighbourhood', null, 'place', 8000 * practices),
      ...sites,
      unit('HUB1', 'site', 'hub', 'N1', null),
      unit('OOH1', 'site', 'out-of-hours', 'small', null),
    ],
    feeds: [...(feeds ?? [telephonyFeed(ids)])],
    rules: startingRules(),
    published: [],
    attribution: ['Made up for tests'],
  };
}

/** One document for all the practices. */
export function telephonyFeed(sites: readonly string[], url = 'http://127.0.0.1:9/queues'): FeedDef {
  return {
    id: 'telephony-test',
    adapter: 'telephony-queues',
    label: 'Telephony queue',
    schedule: '*/15 * * * * *',
    url,
    sites: [...sites],
    supplier: 'test-telecom',
    headers: {},
    timeoutMs: 2000,
    maxBytes: 1_000_000,
    auth: [],
    staleAfterMs: 180_000,
  };
}

/** No national shapes at all: nothing is usual. */
export const NO_NATIONAL: National = {
  days: [],
  outcomes: [],
  callDuration: [0.25, 0.25, 0.25, 0.25],
  nhs111: [],
  urgentByHour: [],
  source: 'none',
};
