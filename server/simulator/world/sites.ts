import type { Definition, PublishedMonth, UnitDef } from '#shared/model/definition.ts';

/** The definition as the world needs it: who stands under whom, how many people, which published months. */
export interface Sites {
  readonly system: UnitDef;
  readonly practices: readonly UnitDef[];
  readonly all: readonly UnitDef[];
  byId(id: string): UnitDef | undefined;
  /** The unit itself and every unit above it; a practice also by its place in the order of codes, `#n`. */
  lineage(id: string): ReadonlySet<string>;
  /** Registered patients of the practices under the unit. */
  population(id: string): number;
  practicesUnder(id: string): readonly UnitDef[];
  published(id: string): readonly PublishedMonth[];
}

/** List size where a practice has none: the national median (registered patients, March 2026). */
const MEDIAN_LIST = 9062;

export const listSize = (site: UnitDef) => site.population ?? MEDIAN_LIST;

export function createSites(definition: Definition): Sites {
  const byId = new Map(definition.units.map((unit) => [unit.id, unit]));
  const system = definition.units[0];
  if (!system) throw new Error('DEFINITION_EMPTY');
  const all = definition.units.filter((unit) => unit.kind === 'site');
  const practices = all.filter((unit) => unit.siteKind === 'practice');
  const lineages = new Map<string, ReadonlySet<string>>();
  for (const unit of definition.units) {
    const above = unit.parent === null ? undefined : lineages.get(unit.parent);
    lineages.set(unit.id, new Set([unit.id, ...(above ?? [])]));
  }
  const ordered = practices.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  ordered.forEach((practice, i) => {
    lineages.set(practice.id, new Set([...(lineages.get(practice.id) ?? []), `#${i + 1}`]));
  });
  const lineage = (id: string) => lineages.get(id) ?? new Set([id]);
  const under = new Map<string, UnitDef[]>();
  for (const practice of practices) {
    for (const id of lineage(practice.id)) {
      const list = under.get(id);
      if (list) list.push(practice);
      else under.set(id, [practice]);
    }
  }
  const months = new Map<string, PublishedMonth[]>();
  for (const month of definition.published) {
    const known = months.get(month.site);
    if (known) known.push(month);
    else months.set(month.site, [month]);
  }
  return {
    system,
    practices,
    all,
    byId: (id) => byId.get(id),
    lineage,
    population: (id) => (under.get(id) ?? []).reduce((sum, practice) => sum + listSize(practice), 0),
    practicesUnder: (id) => under.get(id) ?? [],
    published: (id) => months.get(id) ?? [],
  };
}
