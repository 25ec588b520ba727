import type { FeedDef } from '#shared/model/definition.ts';
import { isMetricName, metricSpec } from '#shared/model/metrics.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { FeedsYaml, Wrong } from './feed-wrong.ts';
import type { Faults } from './faults.ts';
import { jsonataFault } from './jsonata-check.ts';

const MAPPED: ReadonlySet<string> = new Set<FeedEntry['adapter']>(['mapped-json', 'mapped-csv']);
const ONLY_MAPPED = ['brings', 'mapping', 'mappingFile', 'keeps'] as const;

/** Where mappings are, and where their faults go. */
export interface Mappings {
  readonly texts: ReadonlyMap<string, string>;
  readonly faults: Faults;
}

/** What a mapped feed says of itself; nothing for the others, which are what their standard is. */
export function readMapping(
  entry: FeedEntry,
  i: number,
  file: FeedsYaml,
  { texts, faults }: Mappings,
  wrong: Wrong,
): Pick<FeedDef, 'brings' | 'mapping' | 'keeps'> {
  if (!MAPPED.has(entry.adapter)) {
    for (const key of ONLY_MAPPED) {
      if (entry[key] !== undefined) wrong(key, `${key}: only mapped-json and mapped-csv have one`);
    }
    return {};
  }
  const brings = readBrings(entry, wrong);
  const { mapping: own, mappingFile, keeps } = entry;
  if (own === undefined && mappingFile === undefined) wrong('id', 'mapping is missing (or mappingFile)');
  if (own !== undefined && mappingFile !== undefined)
    wrong('mappingFile', 'mapping is there twice, here and in a file');
  const written = mappingFile === undefined ? undefined : texts.get(mappingFile);
  if (mappingFile !== undefined && written === undefined) wrong('mappingFile', `mappingFile ${mappingFile} is missing`);
  const ownFault = own === undefined ? null : jsonataFault(own);
  if (ownFault) {
    const report = faults.of('feeds.yaml');
    report(file.lineWithin(ownFault.line, 'feeds', i, 'mapping'), `feed "${entry.id}": mapping ${ownFault.message}`);
  }
  const fileFault = written === undefined ? null : jsonataFault(written);
  if (fileFault && mappingFile !== undefined)
    faults.of(mappingFile)(fileFault.line, `the mapping ${fileFault.message}`);
  const mapping = own ?? written;
  return {
    brings,
    ...(mapping === undefined ? {} : { mapping }),
    ...(keeps === undefined ? {} : { keeps }),
  };
}

function readBrings({ brings }: FeedEntry, wrong: Wrong): string[] {
  if (brings === undefined) wrong('id', 'brings is missing: the metrics that the mapping makes');
  else if (brings.length === 0) wrong('brings', 'brings names no metric');
  for (const [i, name] of (brings ?? []).entries()) {
    if (!isMetricName(name)) wrong(['brings', i], `brings: metric "${name}" does not exist`);
    else if (metricSpec(name).derived) wrong(['brings', i], `brings: ${name} is worked out here; no feed brings it`);
    if (brings?.indexOf(name) !== i) wrong(['brings', i], `brings: ${name} is named twice`);
  }
  return brings ?? [];
}
