import { readFile } from 'node:fs/promises';
import { demonstrationFeeds } from './feeds.ts';
import { icbCentres } from './geo.ts';
import type { Hierarchy } from './hierarchy-rows.ts';
import { buildHierarchy } from './hierarchy.ts';
import { MINUTES_PER_1000, sizeHubs } from './hubs.ts';
import { monthsOf } from './months.ts';
import { choosePractices, type Practice } from './practices.ts';
import type { Recipe } from './recipe.ts';
import { registerServices, urgentContracts } from './register-services.ts';
import { recipeServices } from './services.ts';
import type { SiteDraft } from './site.ts';
import { readSources, type Sources } from './sources.ts';
import { assignSuppliers } from './suppliers.ts';
import { readSource } from './tables.ts';
import type { Tallies } from './tally.ts';
import { publishedText, sitesText, yamlText } from './write.ts';

/** The lines that go with the published data wherever a user sees it. */
export const ATTRIBUTION = [
  'Contains information from NHS England, licensed under the Open Government Licence v3.0.',
  'Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail copyright and database right 2025. Contains National Statistics data © Crown copyright and database right 2025.',
];
const TEMPLATE_REDIRECTION = new URL('../templates/redirection.yaml', import.meta.url);
const TEMPLATE_RULES = new URL('../templates/rules.yaml', import.meta.url);

/** Makes the files of a system definition from a recipe and the folder `from` that holds the published files. */
export async function makeDefinition(recipe: Recipe, from: string, tallies: Tallies): Promise<Record<string, string>> {
  const sources = await readSources(recipe, from, tallies);
  const practices = choosePractices(recipe, sources, tallies.of('practices of this system'));
  const { icbBoundaries } = recipe.sources;
  const centres = icbBoundaries ? icbCentres(await readSource(from, icbBoundaries), icbBoundaries) : new Map();
  const hierarchy = buildHierarchy(recipe, practices, sources, centres);
  const services = await servicesOf(recipe, from, sources, hierarchy, practices, tallies);
  const drafts = [...practices.map((practice) => practiceSite(practice, hierarchy)), ...services];
  const systems = new Map(practices.map((practice) => [practice.code, practice.supplier]));
  const sites = recipe.demonstration ? assignSuppliers(drafts, recipe.demonstration, systems) : drafts;
  const months = monthsOf(recipe, practices, sources, tallies.of('telephone months'));
  const made = `Made by "headroom import definition" from published files.`;
  return {
    'system.yaml': yamlText([made], systemFile(recipe, hierarchy)),
    'sites.csv': sitesText(sites),
    ...(await feedsFiles(recipe, sites, made)),
    'rules.yaml': await readFile(TEMPLATE_RULES, 'utf8'),
    'redirection.yaml': await readFile(TEMPLATE_REDIRECTION, 'utf8'),
    'published.csv': publishedText(months),
  };
}

async function servicesOf(
  recipe: Recipe,
  from: string,
  sources: Sources,
  hierarchy: Hierarchy,
  practices: readonly Practice[],
  tallies: Tallies,
): Promise<SiteDraft[]> {
  if (recipe.services !== 'register') {
    return sizeHubs(recipeServices(recipe.services, sources), hierarchy, practices, recipe.fillHubs?.upTo ?? null);
  }
  const found = registerServices(sources, hierarchy, practices, tallies.of('services of the register'));
  const file = recipe.sources.urgentContracts;
  if (!file) return found;
  return [...found, ...urgentContracts(await readSource(from, file), file, hierarchy, tallies.of(file))];
}

function practiceSite(practice: Practice, { parentOf }: Hierarchy): SiteDraft {
  const { code, name, list, at, wteGp, validFrom, deprivation } = practice;
  const parent = parentOf.get(code) ?? '';
  const where = at && { lat: at.lat, lon: at.lon };
  return {
    code,
    name,
    kind: 'practice',
    parent,
    list,
    at: where,
    wteGp,
    opening: '',
    services: [],
    identifiers: {},
    validFrom,
    deprivation,
  };
}

function systemFile(recipe: Recipe, hierarchy: Hierarchy): object {
  const { id, name, odsCode, description, figures } = recipe.system;
  return {
    id,
    name,
    ...(odsCode === undefined ? {} : { odsCode }),
    description: description.trim(),
    timeZone: 'Europe/London',
    coreHours: 'mon-fri 08:00-18:30',
    enhancedAccess: { hours: 'mon-fri 18:30-20:00; sat 09:00-17:00', minutesPer1000: MINUTES_PER_1000 },
    bankHolidayRegion: 'england-and-wales',
    populationBasis: 'list-size',
    visibility: { practiceNames: 'all' },
    allowPrivateAddresses: recipe.demonstration !== undefined,
    simulated: recipe.demonstration !== undefined,
    figures,
    attribution: ATTRIBUTION,
    places: hierarchy.places,
    neighbourhoods: hierarchy.neighbourhoods,
  };
}

async function feedsFiles(recipe: Recipe, sites: readonly SiteDraft[], made: string): Promise<Record<string, string>> {
  const demonstration = recipe.demonstration;
  if (!demonstration) {
    return { 'feeds.yaml': yamlText([made, 'No feeds yet: see the README for how to add yours.'], { feeds: [] }) };
  }
  const notes = [made, "The demonstration's feeds: their suppliers are invented, their activity is simulated."];
  if (demonstration.pace === 'slow') {
    notes.push('Slower than the other systems: telephony every minute, slots every half hour, no appointments.');
  }
  const { value, files } = await demonstrationFeeds(demonstration, sites);
  return { 'feeds.yaml': yamlText(notes, value), ...files };
}
