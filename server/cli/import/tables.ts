import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { codeOf } from '../../domain/error-code.ts';
import { ImportFault } from './import-fault.ts';
import type { Tally } from './tally.ts';

/** A row of a published table by cleaned column name, cells trimmed. */
export type Row = Readonly<Record<string, string>>;

/** Text of a published file, unzipped where its name ends in .gz. */
export async function readSource(from: string, file: string): Promise<string> {
  try {
    const bytes = await readFile(join(from, file));
    return new TextDecoder('utf-8').decode(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  } catch (error) {
    const code = codeOf(error);
    throw new ImportFault(`${file} cannot be read${code ? ` (${code})` : ''}`, { cause: error });
  }
}

/** Column names without footnote marks (`PCN Name [2,3]`), doubled and trailing blanks. */
export function cleanHeading(heading: string): string {
  return heading
    .replace(/\[[\d,\s]*\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A table with a heading row that holds `required`; rows above it (titles, contents links) are passed over. */
export function readTable(text: string, required: readonly string[], file: string, tally: Tally): Row[] {
  const records = parseRows(text, file);
  const at = records.findIndex((record) => {
    const names = record.map(cleanHeading);
    return required.every((name) => names.includes(name));
  });
  const heading = records[at];
  if (!heading) throw new ImportFault(`${file} has no heading row with the columns ${required.join(', ')}`);
  const names = heading.map(cleanHeading);
  if (names.some((name, i) => name !== heading[i])) tally.note('footnote marks and doubled blanks in its headings');
  return records.slice(at + 1).map((record) => {
    tally.read();
    return Object.fromEntries(names.map((name, i) => [name, record[i] ?? '']));
  });
}

/** Rows of a file without a heading. */
export function parseRows(text: string, file: string): string[][] {
  try {
    const rows: unknown = parse(text, {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
    return rows as string[][];
  } catch (error) {
    throw new ImportFault(`${file} is not readable as CSV`, { cause: error });
  }
}

/** A published count; null for the blanks, dashes and asterisks that stand for "not there". */
export function readCount(cell: string | undefined): number | null {
  const text = (cell ?? '').replaceAll(',', '').trim();
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** A published date as ISO: `2026-03-01`, `20260301`, `01AUG2025`, `06-Jan-22`. Null for anything else. */
export function readPublishedDate(text: string): string | null {
  const iso = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
  const words = /^(\d{1,2})-?([A-Za-z]{3})-?(\d{4}|\d\d)$/.exec(text);
  const month = words ? MONTHS.indexOf(words[2]?.toUpperCase() ?? '') + 1 : 0;
  const year = words?.[3]?.length === 2 ? `20${words[3]}` : words?.[3];
  const date = iso
    ? `${iso[1]}-${iso[2]}-${iso[3]}`
    : words && month > 0
      ? `${year}-${String(month).padStart(2, '0')}-${words[1]?.padStart(2, '0')}`
      : null;
  try {
    return date === null ? null : Temporal.PlainDate.from(date, { overflow: 'reject' }).toString();
  } catch {
    return null;
  }
}
