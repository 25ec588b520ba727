import { maskText, readableNumber } from './redact-text.ts';
import type { Redaction } from './adapters/adapter.ts';

const MAX_DEPTH = 64;
/** Of one list or object; the rest is counted in a note. */
const MAX_ITEMS = 5000;
/** Of a whole document. */
const MAX_NODES = 250_000;

const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;
/** Eight digits in a row or with single marks between them: a number of a person, or a date. */
const PERSONAL = /(?:\d[ ./-]?){8}/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const CUT = '…';

const isFieldName = (key: string, redaction: Redaction): boolean =>
  FIELD_NAME.test(key) &&
  !PERSONAL.test(key) &&
  key !== '__proto__' &&
  (/^[a-z_]/.test(key) || isNamed(key, redaction));

/** Whether a field or column is named by the adapter or by the feed's own mapping. */
export const isNamed = (name: string, { keeps, links, fields }: Redaction): boolean =>
  Object.hasOwn(keeps, name) || links.includes(name) || fields?.has(name) === true;

interface Copying {
  readonly redaction: Redaction;
  readonly link: (text: string) => string;
  left: number;
}

/**
 * A copy in which only what is allowed by name can be read (decision 26): structure, field names, numbers of fewer than
 * eight digits in a row, booleans and null; a text only where its key is kept and the whole of it matches. Bounded in
 * depth and size; what was cut is shown as `…`.
 */
export function redact(payload: unknown, redaction: Redaction): unknown {
  return copy(payload, '', 0, { redaction, link: createLinks(), left: MAX_NODES });
}

function copy(value: unknown, key: string, depth: number, into: Copying): unknown {
  if (--into.left < 0) return CUT;
  switch (typeof value) {
    case 'string':
      return redactText(value, key, into);
    case 'number':
      return readableNumber(value);
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth >= MAX_DEPTH) return CUT;
      return Array.isArray(value) ? copyList(value, key, depth, into) : copyObject(value, depth, into);
    default:
      return null;
  }
}

function copyList(list: readonly unknown[], key: string, depth: number, into: Copying): unknown[] {
  const copied: unknown[] = [];
  for (const item of list.slice(0, MAX_ITEMS)) {
    if (into.left <= 0) break;
    copied.push(copy(item, key, depth + 1, into));
  }
  if (copied.length < list.length) copied.push(`${CUT} ${list.length - copied.length} more`);
  return copied;
}

function copyObject(object: object, depth: number, into: Copying): Record<string, unknown> {
  const copied: Record<string, unknown> = {};
  const keys = Object.keys(object);
  let strange = 0;
  let taken = 0;
  for (const key of keys.slice(0, MAX_ITEMS)) {
    if (into.left <= 0) break;
    const name = isFieldName(key, into.redaction) ? key : `key#${++strange}`;
    copied[name] = copy((object as Record<string, unknown>)[key], key, depth + 1, into);
    taken++;
  }
  if (taken < keys.length) copied[CUT] = `${keys.length - taken} more`;
  return copied;
}

function redactText(text: string, key: string, { redaction, link }: Copying): string {
  const kept = Object.hasOwn(redaction.keeps, key) ? redaction.keeps[key] : undefined;
  if (kept !== undefined && matchesWhole(text, kept)) return text;
  return redaction.links.includes(key) ? link(text) : maskText(text);
}

/** Whether all of a text is what its key may hold. Times and UUIDs apart, no code may carry a date or a number of a person. */
export function matchesWhole(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  const [whole] = pattern.exec(text) ?? [];
  return whole === text && (INSTANT.test(text) || UUID.test(text) || !PERSONAL.test(text));
}

const TYPED =
  /^(?:.*\/)?(Appointment|HealthcareService|Location|Organization|Practitioner|PractitionerRole|Schedule|Slot)\/([^/]+)$/s;

/**
 * Texts that tie records together, numbered in the order they come. `Schedule/x` stays tied to the id `x`, and `#x` to
 * the contained resource `x`, so that the copy can be read like the original.
 */
function createLinks(): (text: string) => string {
  const numbers = new Map<string, number>();
  const numbered = (text: string): string => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return `#${number}`;
  };
  return (text) => {
    const [, type, id] = TYPED.exec(text) ?? [];
    if (type !== undefined && id !== undefined) return `${type}/${numbered(id)}`;
    return text.startsWith('#') ? `#${numbered(text.slice(1))}` : numbered(text);
  };
}
