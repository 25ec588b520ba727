import { loadDefinition } from '../../definition/load.ts';
import { ATTRIBUTION } from './definition.ts';
import { outlines } from './geo.ts';
import { ImportFault } from './import-fault.ts';
import type { Recipe } from './recipe.ts';
import { readSource } from './tables.ts';

/** Least detail worth keeping on a screen, in degrees: about 100 m. */
const TOLERANCE = 0.001;

/** The map outlines of the definition in `folder`, as JSON text. */
export async function makeMap(recipe: Recipe, from: string, folder: string): Promise<string> {
  const { map } = recipe;
  if (!map) throw new ImportFault('the recipe has no "map", so there is nothing to make a map from');
  const loaded = await loadDefinition(folder);
  if (!loaded.ok) throw new ImportFault(`the definition in ${folder} has faults; check it first`);
  const names = new Map(loaded.definition.units.map((unit) => [unit.id, unit.name]));
  const icbs = loaded.definition.units.filter((unit) => unit.kind === 'place' && unit.odsCode?.startsWith('Q'));
  const places =
    map.places === 'by-name'
      ? icbs.map(({ id, name }) => ({ id, name, codes: null }))
      : Object.entries(map.places).map(([id, codes]) => ({ id, name: names.get(id) ?? id, codes }));
  const request = { codeKey: map.codeKey, nameKey: map.nameKey, tolerance: map.tolerance ?? TOLERANCE, places };
  return `${JSON.stringify(outlines(await readSource(from, map.file), map.file, request, ATTRIBUTION))}\n`;
}
