import { csvRows, csvText } from '../redact-csv.ts';

/** Parts of a JSON pointer, unescaped; empty for the whole document. */
export const pointerParts = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .replace(/^\//, '')
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const isIndex = (part: string): boolean => /^\d{1,9}$/.test(part);

/** A pointer with `*` for every index; parts that are no field names are not repeated. */
export function fieldOf(pointer: string): string {
  const named = pointerParts(pointer).map((part) => {
    if (isIndex(part)) return '*';
    return /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/.test(part) && !/(?:\d[ ./-]?){8}/.test(part) ? part : '…';
  });
  return named.length === 0 ? '' : `/${named.slice(0, 12).join('/')}`;
}

/** A pointer that may be shown: indexes stay, parts that are no field names do not. */
export function shownPlace(pointer: string): string {
  const parts = pointerParts(pointer);
  const fields = pointerParts(fieldOf(pointer));
  return fields.length === 0 ? '' : `/${fields.map((field, i) => (field === '*' ? parts[i] : field)).join('/')}`;
}

/** What stands at a place, own fields only; undefined where nothing does. */
export function valueAt(payload: unknown, parts: readonly string[]): unknown {
  let value = payload;
  for (const part of parts) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Where the refused record begins: at the innermost list element that the place leads through, else at the document. */
export function recordParts(parts: readonly string[]): readonly string[] {
  const last = parts.findLastIndex(isIndex);
  return parts.slice(0, last + 1);
}

interface Node {
  readonly children: Map<string, Node>;
}

function treeOf(places: readonly (readonly string[])[]): Node {
  const root: Node = { children: new Map() };
  for (const parts of places) {
    let node = root;
    for (const part of parts) {
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = { children: new Map() }));
      node = child;
    }
  }
  return root;
}

/** What is kept of a record that was not refused, for those beside it: nothing, or the one thing that is in the list. */
export type Beside = (record: unknown) => readonly [] | readonly [unknown];

/**
 * The document with only what was refused: lists on the way to a refused record keep that record and what `beside` keeps
 * of the others, other lists of records are emptied, everything else of the envelope stays. A FHIR bundle also keeps what
 * its slots and appointments refer to, so that it can be read again. The whole document where a place does not lead
 * anywhere in it.
 */
export function cutDocument(payload: unknown, pointers: readonly string[], beside: Beside): unknown {
  const places = pointers.map(pointerParts);
  const leads = places.every((parts) => parts.length > 0 && valueAt(payload, parts.slice(0, 1)) !== undefined);
  return leads ? cut(payload, treeOf(places), beside) : payload;
}

function cut(value: unknown, node: Node, beside: Beside): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      node.children.has(String(index)) || isInclude(item) ? [item] : beside(item),
    );
  }
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const child = node.children.get(key);
    if (key === '__proto__') continue;
    if (child === undefined) kept[key] = Array.isArray(item) ? item.filter((x) => isInclude(x) || !isObject(x)) : item;
    else kept[key] = child.children.size === 0 ? item : cut(item, child, beside);
  }
  return kept;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isInclude(entry: unknown): boolean {
  const resource = isObject(entry) ? entry['resource'] : null;
  const type = isObject(resource) ? resource['resourceType'] : null;
  return typeof type === 'string' && type !== 'Slot' && type !== 'Appointment';
}

/** The row of a table that a place names (`/rows/3`), 0 for its first row of data; null where it names none. */
function rowOf(pointer: string): number | null {
  const [list, index] = pointerParts(pointer);
  return list === 'rows' && index !== undefined && isIndex(index) ? Number(index) : null;
}

/** A table with its first line and the refused rows alone; whole where a place names no row. */
export function cutTable(text: string, pointers: readonly string[]): string {
  const wanted = new Set(pointers.map(rowOf));
  if (wanted.has(null)) return text;
  const { rows, delimiter } = csvRows(text, Infinity);
  return csvText(
    rows.filter((_, index) => index === 0 || wanted.has(index - 1)),
    delimiter,
  );
}

/** Gives the row that a place names under the names of the columns, as a table of its own. Reads the text once. */
export function createRowFinder(text: string): (pointer: string) => string | null {
  const { rows, delimiter } = csvRows(text, Infinity);
  return (pointer) => {
    const row = rowOf(pointer);
    const [header, found] = [rows[0], row === null ? undefined : rows[row + 1]];
    return header && found ? csvText([header, found], delimiter) : null;
  };
}
