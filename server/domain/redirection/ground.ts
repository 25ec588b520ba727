import type { UnitDef } from '#shared/model/definition.ts';
import { kilometres } from '#shared/model/distance.ts';
import type { HubTerms, RedirectionPolicy } from '#shared/model/redirection-policy.ts';

/** What stays as it is from one run to the next: who may be sent where, and how far that is. */
export interface Pair {
  readonly practice: string;
  readonly hub: string;
  /** Straight; null where a position is not known. */
  readonly km: number | null;
  /** The hub serves the practice's neighbourhood or place; else its slots would be lent. */
  readonly own: boolean;
}

export interface Ground {
  readonly policy: RedirectionPolicy;
  /** By practice. */
  readonly pairs: ReadonlyMap<string, readonly Pair[]>;
  readonly terms: ReadonlyMap<string, HubTerms>;
  /** Fifth of deprivation by practice, 1 the most deprived; absent where it is not known. */
  readonly deprivation: ReadonlyMap<string, number>;
}

/** Every practice with the hubs that the borrowing policy and the hubs' own terms allow it. Reach comes later: it depends on the channel. */
export function createGround(definition: { readonly units: readonly UnitDef[] }, policy: RedirectionPolicy): Ground {
  const byId = new Map(definition.units.map((unit) => [unit.id, unit]));
  const terms = new Map(policy.hubs.map((each) => [each.hub, each]));
  const hubs = definition.units.filter(({ siteKind }) => siteKind === 'hub');
  const practices = definition.units.filter(({ siteKind }) => siteKind === 'practice');
  const pairs = new Map<string, Pair[]>();
  for (const practice of practices) {
    const above = lineage(byId, practice);
    const found: Pair[] = [];
    for (const hub of hubs) {
      const own = hub.parent !== null && above.has(hub.parent);
      const only = terms.get(hub.id)?.only;
      if (only ? !only.some((id) => above.has(id)) : !own && !mayLend(byId, policy, hub, above)) continue;
      found.push({
        practice: practice.id,
        hub: hub.id,
        km: practice.position && hub.position ? kilometres(practice.position, hub.position) : null,
        own,
      });
    }
    pairs.set(practice.id, found);
  }
  const deprivation = new Map(practices.flatMap((p) => (p.deprivation === undefined ? [] : [[p.id, p.deprivation]])));
  return { policy, pairs, terms, deprivation };
}

/** A unit and all above it, itself first. */
export function lineage(byId: ReadonlyMap<string, UnitDef>, unit: UnitDef): Set<string> {
  const above = new Set<string>([unit.id]);
  for (let at = unit.parent; at !== null && !above.has(at); at = byId.get(at)?.parent ?? null) above.add(at);
  return above;
}

/** Within the place: both stand beneath one unit that is not the system itself. */
function mayLend(
  byId: ReadonlyMap<string, UnitDef>,
  { reach }: RedirectionPolicy,
  hub: UnitDef,
  above: ReadonlySet<string>,
): boolean {
  if (reach.lend !== 'place') return reach.lend === 'system';
  return [...lineage(byId, hub)].some((id) => above.has(id) && byId.get(id)?.kind !== 'system');
}
