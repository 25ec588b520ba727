import type { AdapterName, UnitDef } from '#shared/model/definition.ts';
import type { Scenario, ScenarioEvent } from '#shared/model/scenario.ts';
import { trait } from '../random.ts';
import { wallSeconds, type Day } from './day.ts';
import type { Sites } from './sites.ts';

type Of<T extends ScenarioEvent['type']> = Extract<ScenarioEvent, { type: T }>;
/** An event with its times as wall seconds. */
export type Timed<T> = T & { readonly start: number; readonly stop: number };

/** What a scenario does to one site on one day. */
export interface SiteEffects {
  readonly surges: readonly Timed<Of<'surge'>>[];
  readonly absences: readonly Timed<Of<'staff-absence'>>[];
  readonly phonesDown: readonly Timed<Of<'phones-down'>>[];
  readonly closures: readonly Timed<Of<'hub-closed'>>[];
}

export type FeedOutage = Timed<Of<'feed-outage'>>;

export const NO_EFFECTS: SiteEffects = { surges: [], absences: [], phonesDown: [], closures: [] };

function eventsOn(scenario: Scenario | null, day: Day): readonly Timed<ScenarioEvent>[] {
  if (!scenario || (scenario.date !== undefined && scenario.date !== day.date)) return [];
  return scenario.events.map((event) => ({ ...event, start: wallSeconds(event.from), stop: wallSeconds(event.to) }));
}

/** A number picks that share of the practices, for good; a text names a unit, a supplier or `all`. */
function touches(event: ScenarioEvent, index: number, site: UnitDef, sites: Sites, seed: number): boolean {
  const { target } = event;
  if (typeof target === 'number') {
    return site.siteKind === 'practice' && trait(seed, 'target', index, site.id) < target;
  }
  return target === 'all' || sites.lineage(site.id).has(target) || Object.values(site.identifiers).includes(target);
}

/** Share of the practices that are short of staff on any ordinary day, and how many of theirs are away. */
const EVERYDAY_SHORT = 0.04;
const EVERYDAY_AWAY = [0.2, 0.45] as const;

/** Sickness needs no script: a few practices have a hard day on every day. */
function everydayAbsence(day: Day, site: UnitDef, seed: number): SiteEffects['absences'] {
  if (site.siteKind !== 'practice' || trait(seed, day.date, site.id, 'short') >= EVERYDAY_SHORT) return [];
  const [least, most] = EVERYDAY_AWAY;
  const share = least + (most - least) * trait(seed, day.date, site.id, 'away');
  const [from, to] = ['07:30', '18:30'];
  const start = wallSeconds(from);
  return [{ type: 'staff-absence', from, to, target: site.id, share, start, stop: wallSeconds(to) }];
}

/** What touches the site on the day: the scenario's events, and the everyday shortage of a few practices. */
export function effectsOn(scenario: Scenario | null, day: Day, site: UnitDef, sites: Sites, seed: number): SiteEffects {
  const everyday = everydayAbsence(day, site, seed);
  const events = eventsOn(scenario, day).filter((event, index) => touches(event, index, site, sites, seed));
  if (events.length === 0 && everyday.length === 0) return NO_EFFECTS;
  return {
    surges: events.filter((event) => event.type === 'surge'),
    absences: [...everyday, ...events.filter((event) => event.type === 'staff-absence')],
    phonesDown: events.filter((event) => event.type === 'phones-down'),
    closures: events.filter((event) => event.type === 'hub-closed'),
  };
}

/** Who is asked for what. `site` null: a document of many sites. */
export interface AskedFeed {
  readonly supplier: string;
  readonly adapter: AdapterName;
  readonly site: UnitDef | null;
  readonly lineage: ReadonlySet<string>;
}

/** The first outage of the script that holds at `wall` for this feed. */
export function outageAt(scenario: Scenario | null, day: Day, wall: number, asked: AskedFeed): FeedOutage | null {
  const { supplier, adapter, site, lineage } = asked;
  for (const event of eventsOn(scenario, day)) {
    if (event.type !== 'feed-outage' || wall < event.start || wall >= event.stop) continue;
    if (event.feed !== undefined && event.feed !== adapter) continue;
    const { target } = event;
    if (target === 'all' || target === supplier) return event;
    if (typeof target === 'string' && site && lineage.has(target)) return event;
    if (typeof target === 'number' && site && trait('outage', event.from, site.id) < target) return event;
  }
  return null;
}
