import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import { addColumn, addRow, ID, jsonOf, rowNumbers, type Sheet, type Sheets } from './sheets.ts';

/** Fields of a unit that are kept in cells of their own, one an entry: most of what moves is a figure in one of them. */
const PARTED = { metrics: 'm', indicators: 'i' } as const;
const isParted = (field: string): field is keyof typeof PARTED => field === 'metrics' || field === 'indicators';

/** Column and cell of each part of a unit, a feed or a patch of one. */
export function* cellsIn(value: object): Generator<readonly [column: string, cell: string]> {
  for (const [field, part] of Object.entries(value) as [string, unknown][]) {
    if (!isParted(field) || typeof part !== 'object' || part === null) yield [`f${field}`, jsonOf(part)];
    else for (const [name, each] of Object.entries(part)) yield [`${PARTED[field]}${name}`, jsonOf(each)];
  }
}

/** A whole unit or feed as a new row. */
export function addValue(sheet: Sheet, id: string, value: object): number {
  const cells: string[] = [];
  for (const [column, cell] of cellsIn(value)) cells[sheet.places.get(column) ?? addColumn(sheet, column)] = cell;
  return addRow(
    sheet,
    id,
    Array.from(cells, (cell: string | undefined) => cell ?? ''),
  );
}

export function fillSheets(sheets: Sheets, units: Iterable<Unit>, feeds: Iterable<FeedStatus>): Sheets {
  for (const unit of units) addValue(sheets.units, unit.id, unit);
  for (const feed of feeds) addValue(sheets.feeds, feed.id, feed);
  return sheets;
}

/** Whether the row says what `value` does, in whatever order. */
export function saysTheSame(sheet: Sheet, number: number, value: object): boolean {
  const row = sheet.rows[number] ?? [];
  let cells = 0;
  for (const [column, cell] of cellsIn(value)) {
    if (cell === '') continue;
    cells += 1;
    const known = row[sheet.places.get(column) ?? -1] ?? '';
    if (known !== cell && (known === '' || !sameJson(known, cell))) return false;
  }
  return cells === row.reduce((sum, cell) => sum + (cell === '' ? 0 : 1), 0);
}

function sameJson(one: string, other: string): boolean {
  return one.length === other.length && sorted(JSON.parse(one)) === sorted(JSON.parse(other));
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

export type Said = 'unit' | 'feed';

/** Says rows of one sheet as JSON: the fields that `shows` lets through. */
export interface Sayer {
  /** The whole row. */
  row(number: number): string;
  /** Only what has cells among `places`, and the id; '' where that is all. */
  patch(number: number, places: ReadonlySet<number>): string;
}

/** One cell of a row and what stands before it: a comma, and its name where it has one. */
interface Entry {
  readonly place: number;
  readonly head: string;
}
/** The cells that are shown, in the order in which they are said. */
interface Plan {
  readonly columns: number;
  readonly fields: readonly Entry[];
  readonly metrics: readonly Entry[];
  readonly indicators: readonly Entry[];
}

export function createSayer(sheet: Sheet, said: Said, shows: (field: string) => boolean = () => true): Sayer {
  let plan: Plan | null = null;
  const planNow = (): Plan => {
    if (plan?.columns !== sheet.columns.length) plan = planOf(sheet, shows);
    return plan;
  };
  const has = (field: string) => said === 'unit' && shows(field);
  const [metered, listed] = [has('metrics'), has('indicators')];
  return {
    row(number) {
      const { fields, metrics, indicators } = planNow();
      const cells = sheet.rows[number] ?? [];
      const text: string[] = [];
      say(text, '{', fields, cells, '');
      if (metered) say(text, ',"metrics":{', metrics, cells, '}');
      if (listed) say(text, ',"indicators":[', indicators, cells, ']');
      text.push('}');
      return text.join('');
    },
    patch(number, places) {
      const { fields, metrics, indicators } = planNow();
      const cells = sheet.rows[number] ?? [];
      const touched = ({ place }: Entry) => places.has(place);
      const id = sheet.places.get(ID) ?? -1;
      const text: string[] = ['{"id":', cells[id] ?? 'null'];
      say(
        text,
        '',
        fields.filter((each) => each.place !== id && touched(each)),
        cells,
        '',
        false,
      );
      const figures = metered ? metrics.filter(touched) : [];
      if (figures.length > 0) say(text, ',"metrics":{', figures, cells, '}');
      if (listed && indicators.some(touched)) say(text, ',"indicators":[', indicators, cells, ']');
      return text.length === 2 && !places.has(id) ? '' : `${text.join('')}}`;
    },
  };
}

/** `first`: nothing stands before the first of them, so that its comma has to go. */
function say(
  text: string[],
  before: string,
  entries: readonly Entry[],
  cells: readonly string[],
  after: string,
  first = true,
): void {
  let bare = first;
  if (before !== '') text.push(before);
  for (const { place, head } of entries) {
    const cell = cells[place];
    if (cell === undefined || cell === '') continue;
    text.push(bare ? head.slice(1) : head, cell);
    bare = false;
  }
  if (after !== '') text.push(after);
}

function planOf(sheet: Sheet, shows: (field: string) => boolean): Plan {
  const named = (kind: string): Entry[] =>
    sheet.columns.flatMap((column, place) =>
      column.startsWith(kind) ? { place, head: `,${JSON.stringify(column.slice(1))}:` } : [],
    );
  const name = ({ place }: Entry) => (sheet.columns[place] ?? '').slice(1);
  return {
    columns: sheet.columns.length,
    fields: named('f').filter((each) => shows(name(each))),
    metrics: named('m'),
    indicators: named('i')
      .sort((a, b) => Number(name(a)) - Number(name(b)))
      .map(({ place }) => ({ place, head: ',' })),
  };
}

/** Every unit and feed as values, which takes as long as reading all of it as JSON. */
export function valuesOf({ units, feeds }: Sheets): { readonly units: Unit[]; readonly feeds: FeedStatus[] } {
  const read = <T>(sheet: Sheet, said: Said): T[] => {
    const sayer = createSayer(sheet, said);
    return Array.from(rowNumbers(sheet), (number) => JSON.parse(sayer.row(number)) as T);
  };
  return { units: read<Unit>(units, 'unit'), feeds: read<FeedStatus>(feeds, 'feed') };
}
