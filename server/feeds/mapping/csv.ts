import { parse } from 'csv-parse/sync';
import type { RefusedRow } from './runner.ts';

const MOST_ROWS = 20_000;
const MOST_COLUMNS = 500;
const MOST_CHARACTERS_A_ROW = 100_000;
const KEPT = 50;
const DELIMITERS = [',', ';', '\t'] as const;

export type Table =
  | {
      readonly ok: true;
      readonly rows: readonly Readonly<Record<string, string>>[];
      readonly refused: readonly RefusedRow[];
      readonly refusedCount: number;
    }
  | { readonly ok: false; readonly why: string };

interface Line {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** A CSV text as rows by heading. Lines of another width than the headings are refused one by one. */
export function readTable(text: string): Table {
  const lines = split(text);
  if (typeof lines === 'string') return { ok: false, why: lines };
  const [first, ...body] = lines;
  if (!first) return { ok: false, why: 'is empty' };
  const headings = first.record.map((heading) => heading.trim());
  // A separator at the end of every line makes one more column than there are.
  const open = headings.at(-1) === '' && headings.length > 1;
  const names = open ? headings.slice(0, -1) : headings;
  const fault = headingFault(names) ?? (body.length > MOST_ROWS ? `has more than ${MOST_ROWS} rows` : null);
  if (fault !== null) return { ok: false, why: fault };
  const rows: Readonly<Record<string, string>>[] = [];
  const refused: RefusedRow[] = [];
  for (const [row, { record, info }] of body.entries()) {
    const cells = open && record.length === headings.length && record.at(-1) === '' ? record.slice(0, -1) : record;
    if (cells.length === names.length) rows.push(Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])));
    else refused.push({ row, reason: `has ${cells.length} cells under ${names.length} headings (line ${info.lines})` });
  }
  return { ok: true, rows, refused: refused.slice(0, KEPT), refusedCount: refused.length };
}

function split(text: string): readonly Line[] | string {
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      record_delimiter: ['\r\n', '\n', '\r'],
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MOST_CHARACTERS_A_ROW,
      to: MOST_ROWS + 2,
    }) as unknown as Line[];
  } catch (error) {
    // The parser's message quotes the line; its number does not.
    const line = isCsvFault(error) ? error.lines : null;
    return line === null
      ? 'cannot be read as CSV'
      : `cannot be read as CSV: line ${line} is quoted wrongly or too long`;
  }
}

const isCsvFault = (error: unknown): error is { readonly lines: number } =>
  error instanceof Error && 'lines' in error && typeof error.lines === 'number';

/** The separator that stands most often in the headings, outside quotes. */
function delimiterOf(text: string): string {
  const counts = DELIMITERS.map(() => 0);
  const end = Math.min(text.length, MOST_CHARACTERS_A_ROW);
  let quoted = false;
  for (let i = 0; i < end; i++) {
    const character = text[i];
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n') break;
    else {
      const which = DELIMITERS.indexOf(character as (typeof DELIMITERS)[number]);
      if (which >= 0) counts[which] = (counts[which] ?? 0) + 1;
    }
  }
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Headings are told by their number: a table without any has data in its first line. */
function headingFault(names: readonly string[]): string | null {
  if (names.length > MOST_COLUMNS) return `has more than ${MOST_COLUMNS} columns`;
  const empty = names.indexOf('');
  if (empty >= 0) return `column ${empty + 1} has no heading`;
  const second = names.findIndex((name, i) => names.indexOf(name) !== i);
  const first = names.indexOf(names[second] ?? '');
  return second < 0 ? null : `columns ${first + 1} and ${second + 1} have the same heading`;
}
