import { ImportFault } from './import-fault.ts';
import { readableName } from './names.ts';
import type { ServiceRecipe } from './recipe.ts';
import { ASSUMED_MINUTES, OPENING, type SiteDraft } from './site.ts';
import type { Sources } from './sources.ts';

/** Hubs and services of a recipe, real ones completed from the register and the positions. Hubs get minutes later. */
export function recipeServices(recipes: readonly ServiceRecipe[], sources: Sources): SiteDraft[] {
  return recipes.map((recipe) => {
    const { code, kind, parent } = recipe;
    const base = code.split('~')[0] ?? code;
    const registered = sources.register.get(base);
    const name = recipe.name ?? (registered ? readableName(registered.name) : null);
    if (name === null)
      throw new ImportFault(`service ${code} is not active in the register and the recipe gives no name`);
    const minutes = recipe.onboarded === false ? undefined : (recipe.minutes ?? ASSUMED_MINUTES[kind]);
    return {
      code,
      name,
      kind,
      parent,
      list: null,
      at: recipe.at ?? sources.positions.get(base) ?? null,
      wteGp: null,
      opening: recipe.opening ?? OPENING[kind],
      services: recipe.services ?? [],
      identifiers: {
        ...(minutes !== undefined && { minutes: String(minutes) }),
        ...(recipe.onboarded === false && { onboarded: 'no' }),
      },
      validFrom: registered?.opened ?? null,
    };
  });
}
