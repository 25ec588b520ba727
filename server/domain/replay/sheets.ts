/**
 * A board as text: of each unit and feed a row of cells, each the JSON of one field, one metric or one indicator. So a moment
 * of the past is put together by cutting and joining text, which takes a fraction of reading and saying JSON.
 */
export interface Sheets {
  readonly units: Sheet;
  readonly feeds: Sheet;
}

/** Rows are numbered in the order they came and keep their numbers; columns too, `''` where a row has no such cell. */
export interface Sheet {
  /** Null: a row that was taken away. */
  readonly ids: (string | null)[];
  readonly rows: string[][];
  readonly numbers: Map<string, number>;
  /** What each column holds: `f` and a field, `m` and a metric, `i` and the place of an indicator. */
  readonly columns: string[];
  readonly places: Map<string, number>;
  /** Rows that belong to this sheet alone; the others are shared with copies of it and are copied before they change. */
  readonly owned: Set<number>;
}

export const ID = 'fid';

function sheetOf(columns: readonly string[]): Sheet {
  const places = new Map(columns.map((column, place) => [column, place]));
  return { ids: [], rows: [], numbers: new Map(), columns: [...columns], places, owned: new Set() };
}

/** `columns`: those it begins with. */
export const emptySheets = (units: readonly string[] = [ID], feeds: readonly string[] = [ID]): Sheets => ({
  units: sheetOf(units),
  feeds: sheetOf(feeds),
});

/** A copy that can go its own way; what neither changes is there once. */
export function copySheets({ units, feeds }: Sheets): Sheets {
  return { units: copySheet(units), feeds: copySheet(feeds) };
}

function copySheet(sheet: Sheet): Sheet {
  sheet.owned.clear();
  return {
    ids: [...sheet.ids],
    rows: [...sheet.rows],
    numbers: new Map(sheet.numbers),
    columns: [...sheet.columns],
    places: new Map(sheet.places),
    owned: new Set(),
  };
}

export function addRow(sheet: Sheet, id: string, cells: string[]): number {
  const number = sheet.rows.length;
  sheet.ids.push(id);
  sheet.rows.push(cells);
  sheet.numbers.set(id, number);
  sheet.owned.add(number);
  return number;
}

/** A number that nobody has any more: the numbers after it stay what they are. */
export function addHole(sheet: Sheet): void {
  sheet.ids.push(null);
  sheet.rows.push([]);
}

export function removeRow(sheet: Sheet, number: number): void {
  const id = sheet.ids[number];
  if (id === null || id === undefined) throw new RangeError(`there is no row ${number}`);
  sheet.numbers.delete(id);
  sheet.ids[number] = null;
  sheet.rows[number] = [];
}

export function addColumn(sheet: Sheet, column: string): number {
  const place = sheet.columns.length;
  sheet.columns.push(column);
  sheet.places.set(column, place);
  return place;
}

/** The cells of a row, to be changed. */
export function ownRow(sheet: Sheet, number: number): string[] {
  const row = sheet.rows[number];
  if (row === undefined || sheet.ids[number] === null) throw new RangeError(`there is no row ${number}`);
  if (sheet.owned.has(number)) return row;
  const copy = [...row];
  sheet.rows[number] = copy;
  sheet.owned.add(number);
  return copy;
}

export const cellOf = (sheet: Sheet, number: number, column: string): string =>
  sheet.rows[number]?.[sheet.places.get(column) ?? -1] ?? '';

/** Numbers of the rows there are. */
export const rowNumbers = (sheet: Sheet): Iterable<number> => sheet.numbers.values();

/**
 * Makes the text of every row anew. A cell that was cut out of a longer text keeps all of that in memory, and one that
 * does not change for hours would keep the text of hours ago.
 */
export function renewTexts(sheet: Sheet): void {
  sheet.rows.forEach((row, number) => {
    sheet.rows[number] = row.join('\t').split('\t');
    sheet.owned.add(number);
  });
}

/** The ASCII text between two places. */
export const asciiOf = (bytes: Uint8Array, from = 0, end = bytes.length): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1');

/** JSON in ASCII: places in it are the same in characters and in bytes. Undefined is `''`. */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return '';
  return BEYOND_ASCII.test(text) ? text.replace(EACH_BEYOND_ASCII, escaped) : text;
}

const BEYOND_ASCII = /[^\0-\x7f]/;

const EACH_BEYOND_ASCII = /[^\0-\x7f]/g;
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
