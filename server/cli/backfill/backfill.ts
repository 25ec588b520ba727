import { basename } from 'node:path';
import type { Definition } from '#shared/model/definition.ts';
import type { Database } from '../../store/database.ts';
import {
  savePublished,
  type Changed,
  type PublishedContent,
  type PublishedMembershipRow,
  type PublishedOrganisationRow,
} from '../../store/published.ts';
import { ImportFault } from '../import/import-fault.ts';
import { createTallies, type Tally } from '../import/tally.ts';
import type { Output } from '../verb.ts';
import { ENGLAND, type Dataset } from './dataset.ts';
import { DATASETS } from './datasets/index.ts';
import { differences } from './differences.ts';
import { createFigures } from './figures.ts';
import {
  MEMBERSHIP_HEADING,
  NETWORK_HEADING,
  noteOverlaps,
  readMembership,
  readNetwork,
  readPractice,
} from './registers.ts';
import { headedRows, openTable, type TableSource } from './table.ts';

/** Kinds of published file, with what each is. */
export const BACKFILLS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(DATASETS.map(({ kind, title }) => [kind, title])),
  practices: 'The register of practices (epraccur), with opening and closing dates',
  networks: 'Primary care networks (ePCN: PCNDetails), with opening and closing dates',
  memberships: 'Memberships of practices in networks (ePCN: core partner details), with start and end dates',
};

/** Lines between two words on progress. */
const PROGRESS_LINES = 200_000;
/** Differences from the definition that are written out. */
const SHOWN = 20;

type Content = Pick<PublishedContent, 'figures' | 'organisations' | 'memberships'>;

/** Takes one published file into the system's database and reports what became of its rows. Rejects with `ImportFault`. */
export async function backfill(
  kind: string,
  path: string,
  definition: Definition,
  database: Database,
  output: Output,
): Promise<Changed> {
  const source = await openTable(path);
  const tallies = createTallies();
  const file = basename(path);
  const tally = watched(tallies.of(file), source, file, output);
  const wanted = organisationsOf(definition);
  const dataset = DATASETS.find((known) => known.kind === kind);
  const content = dataset
    ? await readFigures(dataset, source, path, wanted, tally)
    : await readRegister(kind, source, path, wanted, tally);
  const report = tallies.report(file);
  const { read, taken, rejected } = report;
  if (rejected === read) {
    tallies.print(output);
    throw new ImportFault(`${path} holds nothing that could be taken as ${kind}: nothing is kept of it`);
  }
  const changed = await savePublished(database, {
    source: { dataset: kind, file, hash: source.hash(), read, taken, rejected, report },
    ...content,
    whole: dataset?.whole ?? false,
  });
  tallies.print(output);
  output.out(`    ${changed.added} new, ${changed.changed} changed, ${changed.same} as they were`);
  if (changed.gone > 0) output.out(`    ${changed.gone} that an earlier file had and this one has not: taken away`);
  const other = differences(definition, content.organisations, content.memberships);
  for (const line of other.slice(0, SHOWN)) output.out(`    differs from the definition: ${line}`);
  if (other.length > SHOWN) output.out(`    … and ${other.length - SHOWN} more`);
  return changed;
}

/** Codes that this system has anything to do with, and England as a whole. */
function organisationsOf(definition: Definition): ReadonlySet<string> {
  const codes = definition.units.flatMap(({ id, odsCode }) => [odsCode ?? '', id.split('~')[0] ?? '']);
  return new Set([ENGLAND, ...codes.map((code) => code.toUpperCase())]);
}

async function readFigures(
  dataset: Dataset,
  source: TableSource,
  path: string,
  wanted: ReadonlySet<string>,
  tally: Tally,
): Promise<Content> {
  const figures = createFigures(dataset);
  const reader = dataset.read();
  let elsewhere = 0;
  for await (const { row, line } of headedRows(source, dataset.headings, path, (text) => tally.note(text))) {
    tally.read();
    const where = `line ${line}`;
    const found = reader.take(row, where, tally);
    const own = found.filter(({ org }) => wanted.has(org));
    if (found.length > 0 && own.length === 0) elsewhere += 1;
    else figures.add(own, where, tally);
  }
  for (const item of reader.finish(tally)) figures.drop(item);
  if (elsewhere > 0) tally.note(`${elsewhere} rows are of organisations outside this system: left out`);
  return { figures: figures.rows(), organisations: [], memberships: [] };
}

async function readRegister(
  kind: string,
  source: TableSource,
  path: string,
  wanted: ReadonlySet<string>,
  tally: Tally,
): Promise<Content> {
  const organisations = new Map<string, PublishedOrganisationRow>();
  const memberships = new Map<string, PublishedMembershipRow>();
  let elsewhere = 0;
  const keep = <T>(rows: Map<string, T>, key: string, row: T, organisation: string): void => {
    if (!wanted.has(organisation)) elsewhere += 1;
    else if (rows.has(key)) tally.rejected('there a second time', key);
    else {
      tally.taken();
      rows.set(key, row);
    }
  };
  const keepOrganisation = (row: PublishedOrganisationRow | null): void => {
    if (row) keep(organisations, row.code, row, row.code);
  };
  const keepMembership = (row: PublishedMembershipRow | null): void => {
    if (row) keep(memberships, `${row.practice} in ${row.network} from ${row.from}`, row, row.practice);
  };
  if (kind === 'practices') {
    for await (const { cells, line } of source.records()) {
      tally.read();
      keepOrganisation(readPractice(cells, line, tally));
    }
  } else {
    const heading = kind === 'networks' ? NETWORK_HEADING : MEMBERSHIP_HEADING;
    for await (const { row, line } of headedRows(source, [heading], path, (text) => tally.note(text))) {
      tally.read();
      if (kind === 'networks') keepOrganisation(readNetwork(row, `line ${line}`, tally));
      else keepMembership(readMembership(row, `line ${line}`, tally));
    }
    noteOverlaps([...memberships.values()], tally);
  }
  if (elsewhere > 0) tally.note(`${elsewhere} rows are of organisations outside this system: left out`);
  return { figures: [], organisations: [...organisations.values()], memberships: [...memberships.values()] };
}

/** A tally that says how far the file has been read, now and then. */
function watched(tally: Tally, source: TableSource, file: string, output: Output): Tally {
  let rows = 0;
  return {
    ...tally,
    read() {
      tally.read();
      rows += 1;
      if (rows % PROGRESS_LINES === 0)
        output.err(`${file}: ${rows} rows, ${Math.round(source.progress() * 100)} % read …`);
    },
  };
}
