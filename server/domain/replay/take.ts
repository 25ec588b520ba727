import { addColumn, addRow, ownRow, removeRow, type Sheet, type Sheets } from './sheets.ts';

export type Kind = 'u' | 'f';

/** What changes have touched, by row and column; `row` where it came or went. */
export interface Touch {
  cell(kind: Kind, number: number, place: number): void;
  row(kind: Kind, number: number, id: string): void;
}

/** Takes lines into sheets. The cells are right only after `finish`. */
export interface Taker {
  /** The words of a line from `from` on. Throws where they do not belong together. */
  words(text: string, from: number): void;
  finish(): void;
}

/** A change of a cell that is not made yet: its first `front` and last `back` characters stay. */
interface Pending {
  readonly row: string[];
  readonly place: number;
  text: string;
  from: number;
  end: number;
  front: number;
  back: number;
  /** The cell has been told whole since. */
  overtaken: boolean;
}

interface Chosen {
  readonly kind: Kind;
  readonly sheet: Sheet;
  readonly number: number;
  readonly row: string[];
  /** Its changes that are kept back, by place. */
  readonly held: (Pending | undefined)[];
}

/** `9`, `0`, `k`, `-`, `=`, a space, `u` and `+`. */
const [NINE, ZERO, NEW_COLUMN, GONE, WHOLE, SPACE, UNIT, NEW] = [57, 48, 107, 45, 61, 32, 117, 43];

/**
 * Most cells change again and again between two moments, each time in the same place: a change is kept back until another
 * one comes that leaves something of it, so that most of them need no text to be cut and joined.
 */
export function createTaker(sheets: Sheets, touch?: Touch): Taker {
  const heldOf: Record<Kind, (Chosen['held'] | undefined)[]> = { u: [], f: [] };
  let pending: Pending[] = [];
  let next = 0;

  function digits(text: string, end: number): number {
    let value = 0;
    for (; next < end; next += 1) {
      const digit = text.charCodeAt(next) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    next += 1;
    return value;
  }
  function splice({ row, held: all }: Chosen, place: number, text: string, end: number): void {
    const front = digits(text, end);
    const back = digits(text, end);
    const held = all[place];
    const length = held === undefined ? (row[place] ?? '').length : held.front + held.end - held.from + held.back;
    if (length === 0 || front + back > length) throw new RangeError('it changes what is not there');
    if (held === undefined) {
      const made = { row, place, text, from: next, end, front, back, overtaken: false };
      all[place] = made;
      pending.push(made);
      return;
    }
    if (front > held.front || back > held.back) make(held);
    held.text = text;
    held.from = next;
    held.end = end;
    held.front = front;
    held.back = back;
  }
  function edit(chosen: Chosen, text: string, from: number, end: number): void {
    const { kind, sheet, number, row } = chosen;
    next = from;
    const place = digits(text, end);
    if (place >= sheet.columns.length) throw new RangeError(`there is no column ${place}`);
    touch?.cell(kind, number, place);
    const sign = text.charCodeAt(next - 1);
    if (sign === SPACE) return splice(chosen, place, text, end);
    if (sign !== WHOLE && sign !== GONE) throw new TypeError('a word that means nothing');
    const held = chosen.held[place];
    if (held !== undefined) held.overtaken = true;
    chosen.held[place] = undefined;
    while (row.length < place) row.push('');
    row[place] = sign === WHOLE ? text.slice(next, end) : '';
  }
  function choose(text: string, from: number, end: number): Chosen | null {
    const kind = text.charCodeAt(from) === UNIT ? 'u' : 'f';
    if (!text.startsWith(kind, from)) throw new TypeError('a word that means nothing');
    const sheet = kind === 'u' ? sheets.units : sheets.feeds;
    const sign = text.charCodeAt(from + 1);
    if (sign === NEW) {
      const id = JSON.parse(text.slice(from + 2, end)) as string;
      const number = addRow(sheet, id, []);
      touch?.row(kind, number, id);
      return { kind, sheet, number, row: ownRow(sheet, number), held: (heldOf[kind][number] = []) };
    }
    next = sign === GONE ? from + 2 : from + 1;
    const number = digits(text, end);
    if (next !== end + 1) throw new TypeError('a word that means nothing');
    if (sign !== GONE) {
      return { kind, sheet, number, row: ownRow(sheet, number), held: (heldOf[kind][number] ??= []) };
    }
    const id = sheet.ids[number] ?? '';
    removeRow(sheet, number);
    touch?.row(kind, number, id);
    return null;
  }

  return {
    words(text, from) {
      const end = text.length;
      let chosen: Chosen | null = null;
      for (let word = from; word < end;) {
        const found = text.indexOf('\t', word);
        const to = found === -1 ? end : found;
        const first = text.charCodeAt(word);
        const isEdit = first >= ZERO && first <= NINE;
        if (!isEdit && first !== NEW_COLUMN) chosen = choose(text, word, to);
        else if (chosen === null) throw new TypeError('nothing is chosen');
        else if (isEdit) edit(chosen, text, word, to);
        else addColumn(chosen.sheet, JSON.parse(text.slice(word + 1, to)) as string);
        word = to + 1;
      }
    },
    finish() {
      for (const each of pending) if (!each.overtaken) make(each);
      pending = [];
      heldOf.u = [];
      heldOf.f = [];
    },
  };
}

function make({ row, place, text, from, end, front, back }: Pending): void {
  const before = row[place] ?? '';
  row[place] = before.slice(0, front) + text.slice(from, end) + before.slice(before.length - back);
}
