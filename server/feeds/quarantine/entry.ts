import { createHash } from 'node:crypto';
import type { Rejection } from '../adapters/adapter.ts';
import { siteIndex } from '../adapters/documents.ts';
import { codeOf } from '../adapters/record-owners.ts';
import type { Refused } from '../quarantine.ts';
import {
  createRowFinder,
  cutDocument,
  cutTable,
  fieldOf,
  pointerParts,
  recordParts,
  shownPlace,
  valueAt,
  type Beside,
} from './cut.ts';
import { redactCsv } from '../redact-csv.ts';
import { redact } from '../redact.ts';

const RECORD_CHARS = 4000;
/** Of the document, where a refusal is of no one record in it. */
const HEAD_CHARS = 1000;
const EXAMPLE_CHARS = 60;
const REASON_CHARS = 200;
/** A document larger than this is not kept whole, and so not read again. */
export const DOCUMENT_BYTES = 64 * 1024;

/** One refusal on its way to the disk: nothing in it but what may be read. */
export interface Refusal {
  /** `groups` key. */
  readonly group: string;
  readonly place: string;
  readonly field: string;
  readonly reason: string;
  /** Redacted JSON of the record; null where there is none to show. */
  readonly record: string | null;
  readonly example: string | null;
}

/** Stable over restarts; the same for every feed of a supplier that speaks the same standard. */
export function groupKey(supplier: string, adapter: string, field: string, reason: string): string {
  return createHash('sha1').update([supplier, adapter, field, reason].join('\n')).digest('base64url').slice(0, 16);
}

const WHOLE: Rejection = { place: '', reason: 'the answer as a whole' };
const UNLISTED: Rejection = { place: '', reason: 'further records of the same answers, not told apart' };

const cutText = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
// Reasons are words of ours; whatever slipped into one is still held to the same rule as a text.
const sayReason = (reason: string): string => cutText(reason, REASON_CHARS).replace(/(?:\d[ ./-]?){8,}/g, '…');

interface Named {
  readonly field: string;
  readonly reason: string;
}

/** What a refusal is grouped by, in its feed's supplier and standard. */
export const nameOf = ({ place, reason }: Rejection): Named => ({ field: fieldOf(place), reason: sayReason(reason) });

/** The listed refusals of an answer, and how many more there were. */
export function namedRefusals({ rejections, count }: Refused): {
  readonly named: readonly Rejection[];
  readonly rest: readonly (Named & { readonly count: number })[];
} {
  const named = rejections.length > 0 ? rejections : [WHOLE];
  const names = new Set(named.map((rejection) => JSON.stringify(nameOf(rejection))));
  const unlisted = Math.max(0, count - named.length);
  const restOf = names.size === 1 && named[0] ? named[0] : UNLISTED;
  return { named, rest: unlisted > 0 ? [{ ...nameOf(restOf), count: unlisted }] : [] };
}

/** Their places are in what the mapping made of the answer, not in the answer. */
const isMapped = ({ instance }: Refused): boolean => instance.feed.adapter === 'mapped-json';

const isTable = ({ instance, payload }: Refused): boolean =>
  instance.feed.adapter === 'mapped-csv' && typeof payload === 'string';

type Facts = Pick<Refusal, 'record' | 'example'>;

const NO_FACTS: Facts = { record: null, example: null };

/** The refusals with the redacted copies of their records; `head` is what is shown where one is of no one record. */
export function refusalsOf(refused: Refused, rejections: readonly Rejection[], head: string): Refusal[] {
  const { supplier, adapter } = refused.instance.feed;
  const factsOf = isTable(refused) ? createRowFacts(refused) : createRecordFacts(refused);
  return rejections.map((rejection) => {
    const { field, reason } = nameOf(rejection);
    const { record, example } = factsOf(rejection.place);
    return {
      group: groupKey(supplier, adapter, field, reason),
      place: shownPlace(rejection.place),
      field,
      reason,
      record: record ?? cutText(head, HEAD_CHARS),
      example,
    };
  });
}

/** Copies each record once, however many of its fields were refused. */
function createRecordFacts(refused: Refused): (place: string) => Facts {
  const { payload, redaction } = refused;
  if (isMapped(refused)) return () => NO_FACTS;
  const copies = new Map<string, { readonly copy: unknown; readonly text: string }>();
  const copyOf = (start: readonly string[]) => {
    const key = JSON.stringify(start);
    const known = copies.get(key);
    if (known) return known;
    // Under its own name, so that what the name keeps is kept.
    const name = start.findLast((part) => !/^\d+$/.test(part)) ?? 'record';
    const record = start.length === 0 ? envelope(payload) : valueAt(payload, start);
    const copy = valueAt(redact({ [name]: record }, redaction), [name]);
    const made = { copy, text: cutText(JSON.stringify(copy) ?? '', RECORD_CHARS) };
    copies.set(key, made);
    return made;
  };
  return (place) => {
    const parts = pointerParts(place);
    const start = recordParts(parts);
    if (parts.length === 0 || valueAt(payload, start) === undefined) return NO_FACTS;
    const { copy, text } = copyOf(start);
    const value = valueAt(copy, parts.slice(start.length));
    return {
      record: copy === undefined ? null : text,
      example: value === undefined ? null : cutText(JSON.stringify(value), EXAMPLE_CHARS),
    };
  };
}

/** A document's own fields, without the lists in it. */
function envelope(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => !Array.isArray(value)));
}

function createRowFacts({ payload, redaction }: Refused): (place: string) => Facts {
  const rowAt = createRowFinder(String(payload));
  return (place) => {
    const row = rowAt(place);
    return { record: row === null ? null : cutText(redactCsv(row, redaction), RECORD_CHARS), example: null };
  };
}

/**
 * Of the other records of a refused one's site, and of the sites that share its account, what tells them apart: read
 * again without them, a record that came twice would be taken for the first, and an account would be split over sites
 * that have figures of their own.
 */
function besideRefused(
  { instance: { feed, sites }, redaction, payload }: Refused,
  pointers: readonly string[],
): Beside {
  const index = siteIndex(sites);
  const accounts = new Map((feed.shared ?? []).map((account) => [account.account, account]));
  const nameIn = (record: unknown): string | null => {
    const code = codeOf(record);
    if (code === null) return null;
    return accounts.has(code.trim()) ? code.trim() : (index.get(code)?.id ?? null);
  };
  const wanted = new Set(
    pointers.flatMap((pointer) => {
      const name = nameIn(valueAt(payload, recordParts(pointerParts(pointer))));
      return name === null ? [] : [name, ...(accounts.get(name)?.sites ?? [])];
    }),
  );
  return (record) => {
    const name = nameIn(record);
    if (name === null || !wanted.has(name)) return [];
    const told = Object.entries(record as object).filter(([key]) => Object.hasOwn(redaction.keeps, key));
    return [Object.fromEntries(told)];
  };
}

/** The redacted, cut document (absent where it is too large to be kept) and how it looks as text. */
export function documentOf(refused: Refused): {
  readonly kept: { readonly document?: unknown };
  readonly text: string;
} {
  const { payload, redaction } = refused;
  const pointers = refused.rejections.map(({ place }) => place);
  if (isTable(refused)) {
    const text = redactCsv(cutTable(String(payload), pointers), redaction);
    return { kept: text.length > DOCUMENT_BYTES ? {} : { document: text }, text };
  }
  const document = redact(
    isMapped(refused) ? payload : cutDocument(payload, pointers, besideRefused(refused, pointers)),
    redaction,
  );
  const text = JSON.stringify(document);
  return { kept: text.length > DOCUMENT_BYTES ? {} : { document }, text };
}
