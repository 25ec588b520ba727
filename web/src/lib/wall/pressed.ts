import type { Unit } from '$shared/model/unit';
import { shortName } from './scene.ts';
import { fitName } from './strip-layout.ts';

/** Letters that a name may have beside a bar or outside a border. */
const MOST_LETTERS = 22;

/** A name as a drawing has room for it, cut at a word. */
export function wallName(name: string): string {
  return fitName(shortName(name), MOST_LETTERS);
}

/** Where most of the pressed ones are, `4 in Bolton`, at most three; empty where they all lie straight beneath. */
export function pressedPlaces(pressed: readonly Unit[], units: ReadonlyMap<string, Unit>, id: string): string[] {
  const byPlace = Map.groupBy(
    pressed.filter(({ parent }) => parent !== null && parent !== id),
    ({ parent }) => parent ?? '',
  );
  return [...byPlace]
    .map(([place, members]) => ({ name: wallName(units.get(place)?.name ?? place), count: members.length }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en-GB'))
    .slice(0, 3)
    .map(({ name, count }) => `${count} in ${name}`);
}
