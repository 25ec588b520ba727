import type { Unit } from '$shared/model/unit';

export interface UnitGroup {
  readonly title: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
}

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, 'en-GB');

/** Units that a wall can be of, by kind: system, places, neighbourhoods; and the one that it is of, whatever that is. */
export function unitGroups(units: ReadonlyMap<string, Unit>, chosen: string): UnitGroup[] {
  const all = [...units.values()];
  const of = (kind: Unit['kind']) => all.filter((unit) => unit.kind === kind).sort(byName);
  const groups = [
    { title: 'System', options: of('system') },
    { title: 'Places', options: of('place') },
    { title: 'Neighbourhoods', options: of('neighbourhood') },
  ];
  const known = groups.some(({ options }) => options.some(({ id }) => id === chosen));
  const other = {
    title: 'Other',
    options: known || chosen === '' ? [] : [{ id: chosen, name: units.get(chosen)?.name ?? chosen }],
  };
  return [...groups, other].filter(({ options }) => options.length > 0);
}
