import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { codeOf } from '../../domain/error-code.ts';
import { ImportFault } from '../import/import-fault.ts';
import { cleanHeading, type Row } from '../import/tables.ts';

/** A record of a published file with the line it ends on. */
export interface TableRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

export interface TableSource {
  /** Records in order; the file is never whole in memory. */
  records(): AsyncGenerator<TableRecord>;
  /** Share of the file's bytes that were read so far, 0 to 1. */
  progress(): number;
  /** SHA-256 of the file's bytes, once they were all read. */
  hash(): string;
}

/** Nothing published has wider rows or longer cells; a file that does is no table. */
const LONGEST_RECORD = 256 * 1024;

/** Opens a published CSV file, gzipped or not. Throws `ImportFault` for what it cannot be. */
export async function openTable(path: string): Promise<TableSource> {
  const size = await sizeOf(path);
  await refuseArchives(path);
  const digest = createHash('sha256');
  let read = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _, done) {
      read += chunk.length;
      digest.update(chunk);
      done(null, chunk);
    },
  });
  let sum: string | null = null;

  async function* records(): AsyncGenerator<TableRecord> {
    const parser = parse({
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // Files pasted together end their lines in two ways: found out from the first line, the rest would be one record.
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      max_record_size: LONGEST_RECORD,
    });
    const file = createReadStream(path);
    const flow = path.endsWith('.gz')
      ? pipeline(file, counting, createGunzip(), parser)
      : pipeline(file, counting, parser);
    // Told by the loop below, which gets the same error from the parser.
    flow.catch(() => undefined);
    try {
      for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
        yield { cells: record, line: info.lines };
      }
      await flow;
    } catch (error) {
      throw new ImportFault(`${path} is not readable as CSV${lineOf(error)}`, { cause: error });
    }
  }
  return {
    records,
    progress: () => (size === 0 ? 1 : read / size),
    hash: () => (sum ??= digest.digest('hex')),
  };
}

function lineOf(error: unknown): string {
  const lines = error instanceof Error && 'lines' in error ? error.lines : null;
  return typeof lines === 'number' ? ` (line ${lines})` : '';
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const code = codeOf(error);
    throw new ImportFault(`${path} cannot be read${code ? ` (${code})` : ''}`, { cause: error });
  }
}

/** NHS England publishes workbooks and archives too: told apart by their first bytes, with what to do. */
async function refuseArchives(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const first = buffer.subarray(0, bytesRead);
    if (first.toString('latin1').startsWith('PK') && /\.xls[xm]$/i.test(path))
      throw new ImportFault(`${path} is a workbook: save the table as CSV UTF-8 first`);
    if (first.toString('latin1').startsWith('PK'))
      throw new ImportFault(`${path} is an archive: unzip it first and import the CSV files in it`);
    if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff))
      throw new ImportFault(`${path} is UTF-16 text: save it as CSV UTF-8 first`);
  } finally {
    await file.close();
  }
}

export interface HeadedRow {
  readonly row: Row;
  readonly line: number;
}

const TITLE_ROWS = 40;

/**
 * Rows below the heading that holds all of one of the `headings` (titles above it are passed over), by cleaned column
 * name without regard to case. Throws `ImportFault` when there is none.
 */
export async function* headedRows(
  source: TableSource,
  headings: readonly (readonly string[])[],
  path: string,
  note: (text: string) => void,
): AsyncGenerator<HeadedRow> {
  let names: string[] | null = null;
  let passed = 0;
  for await (const { cells, line } of source.records()) {
    if (names) {
      yield { row: Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])), line };
      continue;
    }
    const cleaned = cells.map(cleanHeading);
    const known = new Set(cleaned.map((name) => name.toUpperCase()));
    if (headings.some((heading) => heading.every((name) => known.has(name)))) {
      names = cleaned.map((name) => name.toUpperCase());
      if (cleaned.some((name, i) => name !== cells[i])) note('footnote marks and doubled blanks in its headings');
    } else if (++passed > TITLE_ROWS) break;
  }
  if (!names) {
    const wanted = headings.map((heading) => heading.join(', ')).join('; or ');
    throw new ImportFault(`${path} has no heading row with the columns ${wanted}`);
  }
}
