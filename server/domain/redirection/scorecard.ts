import type { UnitDef } from '#shared/model/definition.ts';
import type { Refusal } from '#shared/model/redirection-words.ts';
import { dayStart, HOUR, MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import { weekAfter, weekBefore, type Week } from '#shared/model/week.ts';
import type { ScoreLine, Scorecard } from '#shared/protocol/scorecard.ts';
import type { RedirectionFacts } from './facts.ts';

type Facts = readonly RedirectionFacts[];

export interface ScoredSystem {
  readonly units: readonly UnitDef[];
  /** Minutes a week for each 1,000 people that are agreed. */
  readonly agreed: number;
  readonly simulated: boolean;
}

/** Facts of redirections that were proposed within a week, as lines: the system, its places, and their neighbourhoods. */
export function scorecardOf(
  { units, agreed, simulated }: ScoredSystem,
  facts: Facts,
  { week, unit, at }: { readonly week: Week; readonly unit: string | null; readonly at: EpochMs },
): Scorecard {
  const mine = facts.filter(({ proposedAt }) => proposedAt >= week.from && proposedAt < week.to);
  const tree = treeOf(units);
  const top = unit ?? tree.root;
  const deprivation = new Map(
    units.flatMap(({ id, deprivation: fifth }) => (fifth === undefined ? [] : [[id, fifth]])),
  );
  const lines = tree
    .groupsFrom(top)
    .map(({ group, depth }) => lineOf({ group, depth, tree, deprivation, hubs: tree.hubsOf(group.id) }, mine));
  const current = week.to > at;
  return {
    ...{ week: week.id, from: toInstant(week.from), to: toInstant(week.to), hours: (week.to - week.from) / HOUR },
    ...{ at: toInstant(at), current, simulated, agreed, unit: top },
    ...{ previous: weekBefore(week).id, next: current ? null : weekAfter(week).id },
    lines,
  };
}

interface Tree {
  readonly root: string;
  /** Groups (no sites) from one on: itself, then those beneath, each with its depth. */
  groupsFrom(id: string): { group: UnitDef; depth: number }[];
  /** Whether a unit is the group or stands beneath it. */
  within(id: string, group: string): boolean;
  hubsOf(group: string): ReadonlySet<string>;
}

function treeOf(units: readonly UnitDef[]): Tree {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const children = Map.groupBy(units, ({ parent }) => parent);
  const within = (id: string, group: string): boolean => {
    const seen = new Set<string>();
    for (let at: string | null = id; at !== null && !seen.has(at); at = byId.get(at)?.parent ?? null) {
      if (at === group) return true;
      seen.add(at);
    }
    return false;
  };
  const walk = (unit: UnitDef, depth: number): { group: UnitDef; depth: number }[] =>
    unit.kind === 'site'
      ? []
      : [
          { group: unit, depth },
          ...(children.get(unit.id) ?? [])
            .toSorted((a, b) => Number(a.kind === 'neighbourhood') - Number(b.kind === 'neighbourhood'))
            .flatMap((child) => walk(child, depth + 1)),
        ];
  return {
    root: units.find(({ kind }) => kind === 'system')?.id ?? '',
    groupsFrom(id) {
      const unit = byId.get(id);
      return unit ? walk(unit, 0) : [];
    },
    within,
    hubsOf: (group) =>
      new Set(units.filter(({ id, siteKind }) => siteKind === 'hub' && within(id, group)).map(({ id }) => id)),
  };
}

interface Place {
  readonly group: UnitDef;
  readonly depth: number;
  readonly tree: Tree;
  readonly deprivation: ReadonlyMap<string, number>;
  readonly hubs: ReadonlySet<string>;
}

function lineOf({ group, depth, tree, deprivation, hubs }: Place, all: Facts): ScoreLine {
  const mine = all.filter(({ unit }) => tree.within(unit, group.id));
  const held = mine.filter((each) => each.held > 0);
  const answered = mine.filter(isAnswered);
  const lapsed = lapsedOf(mine);
  const minutes = sumKnown(held, (each) => each.minutes);
  const given = sumKnown(
    all.filter((each) => hubs.has(each.hub) && each.held > 0),
    (each) => each.minutes,
  );
  const perThousand = (value: number | null) =>
    value === null || !group.population ? null : rounded((value / group.population) * 1000, 2);
  const attended = held.filter(({ booked, absent }) => booked !== null && absent !== null);
  const decided = answered.filter(({ own, decidedAt }) => !own && decidedAt !== null);
  const kmOf = sum(mine, (each) => each.kmOf);
  const booked = sumKnown(held, (each) => each.booked);
  const attendedOf = sum(attended, (each) => each.booked ?? 0);
  return {
    ...{ unit: group.id, name: group.name, kind: group.kind as ScoreLine['kind'], parent: group.parent, depth },
    ...{ population: group.population, redirections: answered.length + lapsed.length },
    offered: sum(answered, (each) => each.offered ?? 0) + sum(lapsed, (slots) => slots),
    accepted: sum(mine, (each) => each.accepted),
    held: sum(held, (each) => each.held),
    booked,
    notTold: sum(held, (each) => (each.booked === null ? each.held : 0)),
    attended:
      attendedOf === 0 && booked !== 0 ? null : sum(attended, (each) => (each.booked ?? 0) - (each.absent ?? 0)),
    attendedOf,
    returned: sumKnown(held, (each) => each.returned),
    lapsed: sum(lapsed, (slots) => slots),
    refused: refusedOf(mine),
    ...{ minutes, minutesPer1000: perThousand(minutes) },
    hubs: hubs.size === 0 ? null : { count: hubs.size, minutes: given, minutesPer1000: perThousand(given) },
    km: kmOf === 0 ? null : rounded(sum(mine, (each) => each.kmSum) / kmOf, 1),
    remoteShare: booked ? rounded(sum(mine, (each) => each.remote) / booked, 3) : null,
    minutesToDecide: median(decided.map(({ decidedAt, proposedAt }) => ((decidedAt ?? 0) - proposedAt) / MINUTE)),
    fairness: fairnessOf(mine, deprivation),
    pressure: pressureOf(mine),
  };
}

const isAnswered = ({ offered, lapsed }: RedirectionFacts): boolean => offered !== null && lapsed === 0;

/**
 * Slots that nobody answered for, by hub, neighbourhood and day: an offer that lapses is made again while it is the best, so
 * the same slots count once, and not at all once somebody has answered for them.
 */
function lapsedOf(facts: Facts): number[] {
  const told = facts.filter(({ offered }) => offered !== null).toSorted((a, b) => a.proposedAt - b.proposedAt);
  const left = new Map<string, number>();
  for (const each of told) {
    const key = `${each.hub} ${each.unit} ${dayStart(each.proposedAt)}`;
    const open = left.get(key) ?? 0;
    left.set(key, isAnswered(each) ? Math.max(0, open - (each.offered ?? 0)) : Math.max(open, each.lapsed));
  }
  return [...left.values()].filter((slots) => slots > 0);
}

const sum = <T>(all: readonly T[], pick: (each: T) => number): number =>
  all.reduce((total, each) => total + pick(each), 0);

/** Of those known; null where none is. Of nothing it is 0: where nothing was held, nothing was booked. */
function sumKnown(all: Facts, pick: (each: RedirectionFacts) => number | null): number | null {
  const known = all.flatMap((each) => pick(each) ?? []);
  return known.length === 0 && all.length > 0 ? null : known.reduce((total, value) => total + value, 0);
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : rounded((low + high) / 2, 1);
}

function refusedOf(facts: Facts): ScoreLine['refused'] {
  const counts: Partial<Record<Refusal, number>> = {};
  for (const { refusal, refused } of facts)
    if (refusal !== null && refused > 0) counts[refusal] = (counts[refusal] ?? 0) + refused;
  return counts;
}

/**
 * Of the urgent need that practices showed (the most of each day), the part that was booked for through redirections. The
 * unevenness is the mean difference between two practices' parts: 0 where all got the same.
 */
function fairnessOf(facts: Facts, deprivation: ReadonlyMap<string, number>): ScoreLine['fairness'] {
  const need = new Map<string, Map<EpochMs, number>>();
  const got = new Map<string, number>();
  const unknown = new Set<string>();
  for (const { proposedAt, practices } of facts) {
    const day = dayStart(proposedAt);
    for (const { practice, need: shown, booked } of practices) {
      const days = need.get(practice) ?? new Map<EpochMs, number>();
      days.set(day, Math.max(days.get(day) ?? 0, shown));
      need.set(practice, days);
      if (booked === null) unknown.add(practice);
      else got.set(practice, (got.get(practice) ?? 0) + booked);
    }
  }
  const shares = [...need].flatMap(([practice, days]) => {
    const shown = sum([...days.values()], (count) => count);
    // What nobody told of one of its offers may have met its need: it is left out, not called unmet.
    if (shown === 0 || unknown.has(practice)) return [];
    return [{ fifth: deprivation.get(practice), shown, met: Math.min(shown, got.get(practice) ?? 0) }];
  });
  const part = (some: typeof shares): number | null => {
    const shown = sum(some, (each) => each.shown);
    return shown === 0 ? null : rounded(sum(some, (each) => each.met) / shown, 3);
  };
  const parts = shares.map(({ met, shown }) => met / shown);
  return {
    need: sum(shares, (each) => each.shown),
    met: part(shares),
    mostDeprived: part(shares.filter(({ fifth }) => fifth === 1)),
    leastDeprived: part(shares.filter(({ fifth }) => fifth === 5)),
    unevenness: unevennessOf(parts),
  };
}

function unevennessOf(parts: readonly number[]): number | null {
  const pairs = (parts.length * (parts.length - 1)) / 2;
  if (pairs === 0) return null;
  const sorted = parts.toSorted((a, b) => a - b);
  // Each value is above those before it and below those behind it.
  const differences = sum(
    sorted.map((value, i) => value * (2 * i - sorted.length + 1)),
    (each) => each,
  );
  return rounded(differences / pairs, 3);
}

/** Mean scores of the practices that were looked at, where both are known. */
function pressureOf(facts: Facts): ScoreLine['pressure'] {
  const known = facts.flatMap(({ effects }) =>
    (effects ?? []).flatMap(({ with: now, without }) => (now === null || without === null ? [] : [{ now, without }])),
  );
  if (known.length === 0) return null;
  return {
    with: rounded(sum(known, ({ now }) => now) / known.length, 1),
    without: rounded(sum(known, ({ without }) => without) / known.length, 1),
    looks: known.length,
  };
}
