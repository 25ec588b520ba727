import type { PublishedMonth } from '#shared/model/definition.ts';
import { readOnline } from './online.ts';
import type { Recipe } from './recipe.ts';
import { readDeprivation, readLists, readNetworks, readPositions, readRegister, readWorkforce } from './registers.ts';
import type { Network, Place, RegisterRow } from './registers.ts';
import { readMemberships, type Membership } from './memberships.ts';
import { readSource } from './tables.ts';
import type { Tallies } from './tally.ts';
import { readTelephony } from './telephony.ts';

/** Everything an import works from, by ODS code. */
export interface Sources {
  readonly register: ReadonlyMap<string, RegisterRow>;
  readonly lists: ReadonlyMap<string, number>;
  readonly networks: ReadonlyMap<string, Network>;
  readonly memberships: ReadonlyMap<string, readonly Membership[]>;
  readonly positions: ReadonlyMap<string, Place>;
  readonly workforce: ReadonlyMap<string, number>;
  readonly deprivation: ReadonlyMap<string, number>;
  readonly months: readonly PublishedMonth[];
  readonly online: ReadonlyMap<string, number>;
}

/** Reads the published files a recipe names. */
export async function readSources(recipe: Recipe, from: string, tallies: Tallies): Promise<Sources> {
  const { sources } = recipe;
  const load = async <T>(file: string | undefined, read: (text: string, file: string) => T, none: T): Promise<T> =>
    file === undefined ? none : read(await readSource(from, file), file);
  const text = (file: string) => readSource(from, file);
  const calls = {
    outcomes: { file: sources.callOutcomes, text: await text(sources.callOutcomes) },
    answered: { file: sources.callsAnswered, text: await text(sources.callsAnswered) },
    missed: { file: sources.callsMissed, text: await text(sources.callsMissed) },
  };
  return {
    register: readRegister(await text(sources.register), sources.register, tallies.of(sources.register)),
    lists: readLists(await text(sources.lists), sources.lists, tallies.of(sources.lists)),
    networks: readNetworks(await text(sources.networks), sources.networks, tallies.of(sources.networks)),
    memberships: await load(sources.memberships, (t, f) => readMemberships(t, f, tallies.of(f)), new Map()),
    positions: await load(sources.positions, (t, f) => readPositions(t, f, tallies.of(f)), new Map()),
    workforce: await load(sources.workforce, (t, f) => readWorkforce(t, f, tallies.of(f)), new Map()),
    deprivation: await load(sources.deprivation, (t, f) => readDeprivation(t, f, tallies.of(f)), new Map()),
    months: readTelephony(calls, tallies),
    online: await load(sources.online, (t, f) => readOnline(t, f, tallies.of(f)), new Map()),
  };
}
