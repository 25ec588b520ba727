import { dayStart, HOUR, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { UnitDef } from '#shared/model/definition.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { Hub, Hubs, HubSlot, PracticeNeed } from '#shared/protocol/hubs.ts';
import { spanOn } from '../domain/core-hours.ts';
import type { SiteSlots, SlotGroup } from '../domain/ports.ts';
import type { HttpDeps } from './deps.ts';

const OF_HUBS: readonly MetricName[] = [
  'slots.free',
  'slots.booked',
  'slots.held',
  'slots.free-minutes',
  'slots.free-4h',
  'access.offered-per-1000',
  'access.booked-per-1000',
];
const OF_PRACTICES: readonly MetricName[] = [
  'patients.without-slot',
  'practices.without-slots',
  'slots.exhausted-at',
  'slots.free',
];

/** What hubs are told from: the board as it is, or a moment of the past. */
export interface HubSource {
  readonly at: EpochMs;
  unit(id: string): Unit | undefined;
  readonly feeds: readonly FeedStatus[];
  /** Null where slots are not known one by one: of the past only hours are recorded. */
  slots(site: string): SiteSlots | null;
}

export interface HubsAsked {
  /** Unit whose practices are told, and the hubs that serve them; null: all hubs of the system. */
  readonly place: string | null;
  readonly hoursOnly: boolean;
}

/** Answers of `GET /api/hubs`. */
export function hubsOf({ board, clock }: Pick<HttpDeps, 'board' | 'clock'>, source: HubSource, asked: HubsAsked): Hubs {
  const { definition } = board;
  const members = asked.place === null ? null : board.scope(asked.place);
  // A hub serves whoever stands beneath what it stands beneath: those of the units above serve the place, too.
  const concerns = ({ id, siteKind, parent }: UnitDef) =>
    members === null || members.has(id) || (siteKind === 'hub' && parent !== null && members.has(parent));
  const sites = definition.units.filter((def) => def.kind === 'site' && concerns(def));
  const feeds = new Map(source.feeds.map((feed) => [feed.id, feed]));
  return {
    at: toInstant(source.at),
    place: asked.place ?? definition.units.find(({ kind }) => kind === 'system')?.id ?? definition.id,
    simulated: definition.simulated || clock.simulated,
    agreed: definition.minutesPer1000,
    hubs: sites.flatMap((def) => {
      const unit = source.unit(def.id);
      if (def.siteKind !== 'hub' || unit === undefined) return [];
      const opening = spanOn(def.opening ?? definition.coreHours, dayStart(source.at) + 12 * HOUR, def.bankHolidays);
      const slots = source.slots(def.id);
      return [{ ...hubOf(unit, slots, feeds, asked.hoursOnly), services: def.services, opening }];
    }),
    practices:
      asked.place === null
        ? null
        : sites.flatMap((def) => (def.siteKind === 'practice' ? (needOf(source.unit(def.id)) ?? []) : [])),
  };
}

function hubOf(
  unit: Unit,
  slots: SiteSlots | null,
  feeds: ReadonlyMap<string, FeedStatus>,
  hoursOnly: boolean,
): Omit<Hub, 'services' | 'opening'> {
  const { metrics } = unit;
  const feed = feeds.get(slots?.feed ?? metrics['slots.free']?.feed ?? '');
  const say = (groups: readonly SlotGroup[]) => groups.map((group) => slotOf(group, slots?.tellsTaken ?? false));
  const { last = null, now = null } = slots ?? {};
  return {
    id: unit.id,
    name: unit.name,
    parent: unit.parent,
    illustrative: unit.illustrative,
    open: unit.open,
    served: slots && slots.served >= 1 ? Math.round(slots.served) : null,
    metrics: pick(metrics, OF_HUBS),
    feed: feed
      ? { id: feed.id, label: feed.label, state: feed.state, fault: feed.fault, observedAt: feed.observedAt }
      : null,
    hours: unit.slotHours,
    slots: hoursOnly || now === null ? null : say(now),
    last: hoursOnly || last === null ? null : { observedAt: toInstant(last.observedAt), slots: say(last.groups) },
  };
}

const slotOf = ({ busy, held, ...group }: SlotGroup, tellsTaken: boolean): HubSlot => ({
  ...group,
  booked: tellsTaken ? busy : null,
  held: tellsTaken ? held : null,
});

function needOf(unit: Unit | undefined): PracticeNeed | null {
  if (unit === undefined) return null;
  const { id, name, parent, metrics } = unit;
  return { id, name, parent, metrics: pick(metrics, OF_PRACTICES) };
}

function pick(metrics: Unit['metrics'], names: readonly MetricName[]): Unit['metrics'] {
  return Object.fromEntries(
    names.flatMap((name) => {
      const metric = metrics[name];
      return metric ? [[name, metric]] : [];
    }),
  );
}
