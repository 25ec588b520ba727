import { parse } from 'csv-parse/sync';
import type { Report } from './faults.ts';

export interface CsvRow {
  readonly line: number;
  /** By column name, trimmed; '' where the row is short. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a CSV as spreadsheets write it: byte-order mark, CRLF, quoted commas, blank rows and blank columns at the end.
 * Null when it is no CSV at all; the reason is reported with its line.
 */
export function readCsv(text: string, report: Report): CsvTable | null {
  const lines = parseRecords(text, report);
  if (!lines) return null;
  const [head, ...body] = lines;
  if (!head) {
    report(1, 'the file is empty');
    return null;
  }
  const columns = dropTrailingBlanks(head.record);
  columns.forEach((name, i) => {
    if (columns.indexOf(name) !== i) report(head.info.lines, `column "${name}" occurs twice`);
  });
  const rows = body.map(({ record, info }) => {
    if (dropTrailingBlanks(record).length > columns.length) {
      report(
        info.lines,
        `has more cells than the heading has columns (${columns.length}); quote cells that hold commas`,
      );
    }
    return { line: info.lines, cells: Object.fromEntries(columns.map((name, i) => [name, record[i] ?? ''])) };
  });
  return { columns, rows };
}

/** Reports columns that are missing, and those nobody reads (a misspelt heading would silently blank a column). */
export function checkColumns(
  table: CsvTable,
  required: readonly string[],
  optional: readonly string[],
  report: Report,
) {
  const missing = required.filter((name) => !table.columns.includes(name));
  const unknown = table.columns.filter((name) => !required.includes(name) && !optional.includes(name));
  for (const name of missing) report(1, `column "${name}" is missing`);
  for (const name of unknown)
    report(1, `column "${name}" is not known (known: ${[...required, ...optional].join(', ')})`);
  return missing.length === 0;
}

function parseRecords(text: string, report: Report): Parsed[] | null {
  try {
    const parsed: unknown = parse(text, { bom: true, info: true, relax_column_count: true, trim: true });
    return (parsed as Parsed[]).filter(({ record }) => record.some((cell) => cell !== ''));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
    report(line, `not readable as CSV: ${error.message}`);
    return null;
  }
}

function dropTrailingBlanks(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
}
