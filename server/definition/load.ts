import { createHash } from 'node:crypto';
import type { Definition } from '#shared/model/definition.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { readFeeds, type Feeds } from './feeds-file.ts';
import { readPublished } from './published-file.ts';
import { readFolder, type FolderTexts } from './read-folder.ts';
import { readRedirection } from './redirection-file.ts';
import { readRules } from './rules-file.ts';
import { readSites, type SiteRow, type Sites } from './sites-file.ts';
import { readSystem, type SystemPart } from './system-file.ts';
import { buildUnits } from './tree.ts';

export type { Fault } from './faults.ts';
export type Loaded =
  { readonly ok: true; readonly definition: Definition } | { readonly ok: false; readonly faults: Fault[] };

export interface LoadOptions {
  /** Local date, `YYYY-MM-DD`, that nothing can have been looked through after. */
  readonly today?: string;
}

/**
 * Loads and checks a system definition: system.yaml, sites.csv, feeds.yaml, rules.yaml and, where there are any,
 * redirection.yaml, published.csv and the mappings that feeds.yaml names. Gives the whole frozen definition or every fault with file and line; a part that cannot be read does
 * not hide the faults of the others.
 */
export async function loadDefinition(folder: string, options: LoadOptions = {}): Promise<Loaded> {
  const faults = createFaults();
  const texts = await readFolder(folder, faults);
  const today = options.today ?? Temporal.Now.plainDateISO('Europe/London').toString();
  const definition = assemble(texts, today, faults);
  const found = faults.all();
  return definition && found.length === 0
    ? { ok: true, definition: deepFreeze(definition) }
    : { ok: false, faults: found };
}

function assemble(texts: FolderTexts, today: string, faults: Faults): Definition | null {
  const system = texts.system === null ? null : readSystem(texts.system, faults.of('system.yaml'));
  const sites = texts.sites === null ? null : readSites(texts.sites, parentIds(system), faults.of('sites.csv'));
  // Without the sites every feed and month would be reported as serving nobody: noise around the one real fault.
  const known = sites && sites.rows.length > 0 ? sites : null;
  const feeds = known && texts.feeds !== null ? feedsOf(texts.feeds, texts, known, system, today, faults) : null;
  const rules = texts.rules === null ? null : readRules(texts.rules, faults.of('rules.yaml'));
  const redirection =
    texts.redirection === null || !sites
      ? null
      : readRedirection(
          texts.redirection,
          { sites: sites.rows, groups: parentIds(system) },
          faults.of('redirection.yaml'),
        );
  const published =
    texts.published === null || !known ? [] : readPublished(texts.published, known, faults.of('published.csv'));
  if (system && sites) checkIds(system, sites.rows, faults);
  if (system && feeds) checkRequester(system, feeds, faults);
  if (!system || !sites || !feeds || !rules || faults.all().length > 0) return null;
  const { file, coreHours, enhancedHours } = system;
  const { id, name, description, figures, timeZone, bankHolidayRegion, visibility } = file.value;
  const content: Omit<Definition, 'version'> = {
    id,
    name,
    description,
    figures,
    timeZone,
    coreHours,
    enhancedHours,
    bankHolidayRegion,
    minutesPer1000: file.value.enhancedAccess.minutesPer1000,
    visibility,
    allowPrivateAddresses: file.value.allowPrivateAddresses,
    simulated: file.value.simulated,
    units: buildUnits(file.value, sites.rows),
    ...feeds,
    rules,
    ...(redirection ? { redirection } : {}),
    published,
    attribution: file.value.attribution,
  };
  return { ...content, version: hashOf(content) };
}

function feedsOf(
  text: string,
  { mappings }: FolderTexts,
  sites: Sites,
  system: SystemPart | null,
  today: string,
  faults: Faults,
): Feeds {
  // A demonstration's clock may be years from the real one.
  const simulated = system?.file.value.simulated !== false;
  return readFeeds(text, { sites, texts: mappings, faults, today: simulated ? null : today });
}

function parentIds(system: SystemPart | null): Set<string> | null {
  if (!system) return null;
  const { id, places, neighbourhoods } = system.file.value;
  return new Set([id, ...places.map((place) => place.id), ...neighbourhoods.map((hood) => hood.id)]);
}

function checkIds(system: SystemPart, sites: readonly SiteRow[], faults: Faults): void {
  const groups = parentIds(system) ?? new Set();
  const report = faults.of('sites.csv');
  for (const site of sites) {
    if (groups.has(site.id)) report(site.line, `"${site.id}" is already a place or neighbourhood of system.yaml`);
  }
}

/** To a real FHIR service our own id would be an organisation that does not exist. */
function checkRequester({ file }: SystemPart, { feeds }: Feeds, faults: Faults): void {
  const asking = feeds.find(({ adapter }) => adapter === 'bars-slots' || adapter === 'gp-connect-slots');
  if (file.value.simulated || file.value.odsCode !== undefined || !asking) return;
  faults.of('system.yaml')(
    file.line('id'),
    `"odsCode" is missing: feed "${asking.id}" (${asking.adapter}) has to say who asks`,
  );
}

/**
 * Hash of what the definition says, not of its bytes: saving it from a spreadsheet unchanged is no new version. Its rules
 * are left out: they have versions of their own, and new ones leave everything known in its place.
 */
function hashOf(content: Omit<Definition, 'version'>): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...content, rules: undefined }))
    .digest('hex')
    .slice(0, 16);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
