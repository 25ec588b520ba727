import type { Unit } from '$shared/model/unit';
import { ancestors } from '../control/tree.ts';
import { kilometres } from '../hubs/distance.ts';

/** Somebody at a distance; null where one of the two has no position of its own. */
export interface Away {
  readonly unit: Unit;
  readonly km: number | null;
}

const isHub = ({ siteKind }: Unit) => siteKind === 'hub';
const isPractice = ({ siteKind }: Unit) => siteKind === 'practice';

function kmBetween(a: Unit, b: Unit): number | null {
  if (!a.position || !b.position) return null;
  // Two middles of areas say nothing of how far two sites are apart.
  return a.position.approximate || b.position.approximate ? null : kilometres(a.position, b.position);
}

const byDistance = (a: Away, b: Away) =>
  (a.km ?? Infinity) - (b.km ?? Infinity) || a.unit.name.localeCompare(b.unit.name, 'en-GB');

/** Practices that a hub serves: those of the neighbourhood, place or system that it stands beneath. Nearest first. */
export function servedBy(units: ReadonlyMap<string, Unit>, hub: Unit): Away[] {
  return [...units.values()]
    .filter((unit) => isPractice(unit) && ancestors(units, unit).some(({ id }) => id === hub.parent))
    .map((unit) => ({ unit, km: kmBetween(hub, unit) }))
    .sort(byDistance);
}

/** Hubs that can serve a practice or a group: those beneath it, and those of whatever it lies in. Nearest first. */
export function hubsFor(units: ReadonlyMap<string, Unit>, unit: Unit): Away[] {
  const above = new Set([unit.id, ...ancestors(units, unit).map(({ id }) => id)]);
  return [...units.values()]
    .filter(
      (hub) => isHub(hub) && (above.has(hub.parent ?? '') || ancestors(units, hub).some(({ id }) => id === unit.id)),
    )
    .map((hub) => ({ unit: hub, km: kmBetween(unit, hub) }))
    .sort(byDistance);
}

/** The nearest of some hubs, whomever they serve; null where no distance is known. */
export function nearestOf(unit: Unit, hubs: readonly Unit[]): { readonly unit: Unit; readonly km: number } | null {
  const [first] = hubs.map((hub) => ({ unit: hub, km: kmBetween(unit, hub) })).sort(byDistance);
  return first && first.km !== null ? { unit: first.unit, km: first.km } : null;
}

/** Of the marks drawn, the ids of those that belong to a selected one: a hub's patients, or a unit's hubs. */
export function relatedTo(units: ReadonlyMap<string, Unit>, selected: Unit, drawn: readonly Unit[]): Set<string> {
  if (!isHub(selected)) return new Set(hubsFor(units, selected).map(({ unit }) => unit.id));
  const lineage = new Set([selected.parent ?? '', ...ancestors(units, selected).map(({ id }) => id)]);
  return new Set(
    drawn
      .filter(
        (unit) =>
          !isHub(unit) &&
          // What it serves, or the group in which it does.
          (ancestors(units, unit).some(({ id }) => id === selected.parent) || lineage.has(unit.id)),
      )
      .map(({ id }) => id),
  );
}
