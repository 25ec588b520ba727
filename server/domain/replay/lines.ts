import type { EpochMs } from '#shared/model/time.ts';
import type { Commit } from '../ports.ts';
import { addValue, cellsIn } from './cells.ts';
import {
  addColumn,
  addHole,
  addRow,
  emptySheets,
  jsonOf,
  ownRow,
  removeRow,
  type Sheet,
  type Sheets,
} from './sheets.ts';

/*
 * A change is one line of words, parted by tabs: revision and time, then what is chosen (`u12`: unit 12, `u+"P1"`: a new
 * one, `u-12`: one that is gone, `f…`: feeds) and what changes of it (`7=…`: cell 7 whole, `7-`: it is gone, `7 12 30 …`: the
 * first 12 characters stay, the last 30 too, and this comes between), `k"…"` being a new column. A board is the same sheets,
 * a row a line.
 */
export const BOARD_FORMAT = 'sheets 1';

export function sayBoard({ units, feeds }: Sheets): string[] {
  const head = [BOARD_FORMAT, JSON.stringify(units.columns), JSON.stringify(feeds.columns), String(units.rows.length)];
  return [...head, ...units.rows.map((row) => row.join('\t')), ...feeds.rows.map((row) => row.join('\t'))];
}

/** Throws where the lines are none of a board. */
export function readBoard(lines: readonly string[]): Sheets {
  const [format, unitColumns = '', feedColumns = '', count = ''] = lines;
  if (format !== BOARD_FORMAT) throw new TypeError('it was written by another version');
  const sheets = emptySheets(JSON.parse(unitColumns) as string[], JSON.parse(feedColumns) as string[]);
  const units = Number(count);
  const places = [sheets.units, sheets.feeds].map(({ places }) => places.get('fid') ?? -1);
  for (let i = 4; i < lines.length; i += 1) {
    const isUnit = i - 4 < units;
    const line = lines[i] ?? '';
    const cells = line.split('\t');
    const id = cells[places[isUnit ? 0 : 1] ?? -1];
    const sheet = isUnit ? sheets.units : sheets.feeds;
    if (line === '') addHole(sheet);
    else addRow(sheet, JSON.parse(id ?? '') as string, cells);
  }
  return sheets;
}

/** Takes a commit into the sheets, and tells as a line what it changed there. */
export function takeCommit(sheets: Sheets, commit: Commit): string {
  const words = [String(commit.seq), String(commit.at)];
  for (const patch of commit.units) takePatch(sheets.units, 'u', patch, words);
  for (const patch of commit.feeds) takePatch(sheets.feeds, 'f', patch, words);
  for (const id of commit.removed) {
    const number = sheets.units.numbers.get(id);
    if (number === undefined) continue;
    removeRow(sheets.units, number);
    words.push(`u-${number}`);
  }
  return words.join('\t');
}

function takePatch(sheet: Sheet, kind: 'u' | 'f', patch: { readonly id: string }, words: string[]): void {
  const known = sheet.numbers.get(patch.id);
  if (known === undefined) {
    words.push(`${kind}+${jsonOf(patch.id)}`);
    const before = sheet.columns.length;
    const row = sheet.rows[addValue(sheet, patch.id, patch)] ?? [];
    for (const column of sheet.columns.slice(before)) words.push(`k${jsonOf(column)}`);
    row.forEach((cell, place) => cell !== '' && words.push(`${place}=${cell}`));
    return;
  }
  let chosen = false;
  const row = ownRow(sheet, known);
  const put = (place: number, cell: string, define = '') => {
    const before = row[place] ?? '';
    if (before === cell) return;
    if (!chosen) words.push(`${kind}${known}`);
    chosen = true;
    if (define !== '') words.push(`k${jsonOf(define)}`);
    words.push(sayEdit(place, before, cell));
    while (row.length < place) row.push('');
    row[place] = cell;
  };
  for (const [column, cell] of cellsIn(patch)) {
    const place = sheet.places.get(column);
    if (place !== undefined) put(place, cell);
    else if (cell !== '') put(addColumn(sheet, column), cell, column);
  }
  if ('indicators' in patch && Array.isArray(patch.indicators)) {
    for (let i = patch.indicators.length; ; i += 1) {
      const place = sheet.places.get(`i${i}`);
      if (place === undefined) break;
      put(place, '');
    }
  }
}

function sayEdit(place: number, before: string, after: string): string {
  if (after === '') return `${place}-`;
  if (before === '') return `${place}=${after}`;
  const most = Math.min(before.length, after.length);
  let front = 0;
  while (front < most && before.charCodeAt(front) === after.charCodeAt(front)) front += 1;
  let back = 0;
  while (
    back < most - front &&
    before.charCodeAt(before.length - 1 - back) === after.charCodeAt(after.length - 1 - back)
  ) {
    back += 1;
  }
  // Values are told whole: so the next change of the same ones leaves nothing of this one, which then need not be made.
  while (front > 0 && !BEFORE_A_VALUE.has(before.charCodeAt(front - 1))) front -= 1;
  while (back > 0 && !AFTER_A_VALUE.has(before.charCodeAt(before.length - back))) back -= 1;
  return `${place} ${front} ${back} ${after.slice(front, after.length - back)}`;
}
const codes = (text: string): ReadonlySet<number> => new Set(Array.from(text, (each) => each.charCodeAt(0)));
const BEFORE_A_VALUE = codes(':,[{');
const AFTER_A_VALUE = codes(',]}');

/** Revision and time of a line, and where its first word after them begins. */
export interface LineHead {
  readonly seq: number;
  readonly at: EpochMs;
  readonly rest: number;
}

/** Throws where the line is none of changes. */
export function readHead(line: string): LineHead {
  const first = line.indexOf('\t');
  const found = line.indexOf('\t', first + 1);
  const second = found === -1 ? line.length : found;
  const [seq, at] = [Number(line.slice(0, first)), Number(line.slice(first + 1, second))];
  if (first === -1 || !Number.isSafeInteger(seq) || !Number.isFinite(at))
    throw new TypeError('it is no line of changes');
  return { seq, at, rest: second + 1 };
}
