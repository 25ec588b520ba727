import { networkName, readableName } from './names.ts';
import type { Recipe } from './recipe.ts';
import type { Network, Place } from './registers.ts';
import type { Sources } from './sources.ts';
import type { Tally } from './tally.ts';

/** A practice as the published registers together describe it. */
export interface Practice {
  readonly code: string;
  readonly name: string;
  readonly list: number;
  readonly subIcb: string;
  readonly network: { readonly code: string; readonly name: string } | null;
  readonly administrative: Network | null;
  readonly supplier: string;
  readonly at: Place | null;
  readonly wteGp: number | null;
  readonly deprivation: number | null;
  readonly validFrom: string | null;
}

/** Register setting of an ordinary practice. */
const GP_PRACTICE = '4';

/** Active practices of the recipe's area that have a registered list. */
export function choosePractices(recipe: Recipe, sources: Sources, tally: Tally): Practice[] {
  return [...sources.register.values()].flatMap((row) => {
    if (recipe.subIcbs !== 'all' && !recipe.subIcbs.includes(row.subIcb)) return [];
    if (row.setting !== GP_PRACTICE) return [];
    tally.read();
    const list = sources.lists.get(row.code);
    if (list === undefined) {
      tally.rejected('registered as a practice, but without a list', `${row.code} ${readableName(row.name)}`);
      return [];
    }
    tally.taken();
    const administrative = sources.networks.get(row.code) ?? null;
    if (!administrative) tally.note('some practices are not in the mapping; their network comes from the memberships');
    const current = sources.memberships.get(row.code)?.findLast((membership) => membership.to === null);
    const network = administrative
      ? administrative.network
      : current
        ? { code: current.code, name: current.name }
        : null;
    return [
      {
        code: row.code,
        name: recipe.names?.[row.code] ?? readableName(row.name),
        list,
        subIcb: row.subIcb,
        network: network && { code: network.code, name: recipe.names?.[network.code] ?? networkName(network.name) },
        administrative,
        supplier: administrative?.supplier ?? '',
        at: sources.positions.get(row.code) ?? null,
        wteGp: sources.workforce.get(row.code) ?? null,
        deprivation: sources.deprivation.get(row.code) ?? null,
        validFrom: current && current.code === network?.code ? current.from : row.opened,
      },
    ];
  });
}
