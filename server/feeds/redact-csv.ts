import type { Redaction } from './adapters/adapter.ts';
import { isPlainNumber, maskText } from './redact-text.ts';
import { isNamed, matchesWhole } from './redact.ts';

const MAX_ROWS = 5000;
const MAX_CELLS = 200;
const HEADER = /^[A-Za-z_][A-Za-z0-9_ ()/%.:&-]{0,63}$/;
const DELIMITERS = [',', ';', '\t', '|'] as const;

const QUOTE = 0x22;
const NEW_LINE = 0x0a;
const RETURN = 0x0d;

/** The rows of a table as text cells: quotes, doubled quotes, line ends within quotes. Never fails: what is left open ends with the text. */
export function csvRows(text: string, maxRows = MAX_ROWS): { rows: string[][]; delimiter: string; more: boolean } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const delimiter = delimiterOf(body);
  const mark = delimiter.charCodeAt(0);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let at = 0;
  /** From here on the text is not in `cell` yet. */
  let from = 0;
  const take = (end: number, next = end + 1): void => {
    if (end > from) cell += body.slice(from, end);
    from = next;
  };
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (; at < body.length && rows.length < maxRows; at++) {
    if (quoted) {
      const found = body.indexOf('"', at);
      const end = found === -1 ? body.length : found;
      const doubled = body.charCodeAt(end + 1) === QUOTE;
      take(doubled ? end + 1 : end, doubled ? end + 2 : end + 1);
      at = from - 1;
      quoted = doubled;
      continue;
    }
    const code = body.charCodeAt(at);
    if (code === QUOTE && from === at && cell === '') {
      quoted = true;
      from = at + 1;
    } else if (code === mark) {
      take(at);
      endCell();
    } else if (code === NEW_LINE) {
      take(at);
      endRow();
    } else if (code === RETURN) take(at);
  }
  const more = at < body.length;
  if (!more) take(body.length);
  if (!more && (cell !== '' || row.length > 0)) endRow();
  return { rows, delimiter, more };
}

function delimiterOf(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

export const csvText = (rows: readonly (readonly string[])[], delimiter: string): string =>
  rows.map((row) => row.map((cell) => quote(cell, delimiter)).join(delimiter)).join('\n');

const quote = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Names of columns, or null where the first line is no header: then it is data like every other line. */
function headerOf(rows: readonly (readonly string[])[]): readonly string[] | null {
  const first = rows[0] ?? [];
  const named = first.every(
    (cell) => cell.trim() === '' || (HEADER.test(cell.trim()) && !/(?:\d[ ./-]?){8}/.test(cell)),
  );
  const filled = first.filter((cell) => cell.trim() !== '');
  return named && filled.length > 0 && new Set(filled).size === filled.length ? first.map((cell) => cell.trim()) : null;
}

/**
 * A table as `redact` would copy a document: columns that are named in the feed and cells that are numbers of a few
 * digits stay, a text only where its column is kept and the whole of it matches. A first line that holds data is masked like the others.
 */
export function redactCsv(text: string, redaction: Redaction): string {
  const { rows, delimiter, more } = csvRows(text);
  const header = headerOf(rows);
  const masked = rows.map((row, index) =>
    row.slice(0, MAX_CELLS).map((cell, column) => {
      if (index === 0 && header !== null) return isNamed(cell.trim(), redaction) ? cell.trim() : `column ${column + 1}`;
      return redactCell(cell, header?.[column] ?? '', redaction);
    }),
  );
  const table = csvText(masked, delimiter);
  return more ? `${table}\n…` : table;
}

function redactCell(cell: string, column: string, { keeps }: Redaction): string {
  const text = cell.trim();
  if (text === '' || isPlainNumber(text)) return text;
  const kept = Object.hasOwn(keeps, column) ? keeps[column] : undefined;
  return kept !== undefined && matchesWhole(text, kept) ? text : maskText(text);
}
