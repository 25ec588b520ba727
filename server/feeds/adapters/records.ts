import type { SharedAccount, UnitDef } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Reading } from '../../domain/ports.ts';
import { refuseCode, siteIndex, TWICE } from './documents.ts';
import { evaluate, refuseField, type Formula } from './formulas.ts';
import { codeOf, ownersOf, type Accounts, type Owner } from './record-owners.ts';
import { splitCount, type Share } from './shares.ts';
import {
  createRefusals,
  isRecord,
  notReported,
  reading,
  type NumberField,
  type NumberRule,
  type Refusals,
} from './values.ts';

/** One field of a record: `split` says how an account's value becomes that of each of its sites. */
export interface FieldRule {
  readonly name: string;
  readonly metric: MetricName;
  readonly rule: NumberRule;
  readonly split: 'share' | 'same';
  readonly formula: Formula;
}

export type Fields = Readonly<Record<string, unknown>>;

type Gather = (values: Fields, raw: unknown[], at: number) => void;

/** Fields that stand in one object of a record; `key` null: in the record itself. */
export interface FieldGroup {
  readonly key: string | null;
  readonly fields: readonly FieldRule[];
  /**
   * Puts the fields' values into `raw` from `at` on. Written out by name it takes a tenth of the time of looking each
   * name up; absent where the names are a supplier's.
   */
  readonly gather?: Gather;
}

/** What a record came to, kept so that the next document's equal record costs only the comparing. */
interface Entry {
  readonly code: string;
  readonly owner: Owner;
  /** Numbers and gaps as they came, in the order of the plan's terms; null where something was refused. */
  readonly raw: readonly unknown[] | null;
  readonly readings: readonly Reading[];
}

/** Of the last document. Codes of the feed's own sites and accounts, numbers and readings: nothing else is kept. */
export interface RecordMemory {
  readonly sites: readonly UnitDef[];
  /** By place in the document; null where the record was refused. */
  readonly entries: readonly (Entry | null)[];
  readonly readings: readonly Reading[];
}

export interface RecordsRead {
  readonly readings: readonly Reading[];
  readonly duplicates: number;
  readonly memory: RecordMemory | null;
}

/**
 * Reads lists of records, one a site, that hold numbers in known fields. Hands out the same reading for what is as
 * before, and the same list where nothing has changed at all.
 */
export interface RecordReader {
  read(
    list: readonly unknown[],
    place: string,
    sites: readonly UnitDef[],
    memory: RecordMemory | null,
    refusals: Refusals,
  ): RecordsRead;
}

export function createRecordReader(
  groups: readonly FieldGroup[],
  accounts: readonly SharedAccount[] = [],
): RecordReader {
  const plan = createPlan(groups);
  const accountOf = new Map(accounts.map((account) => [account.account, account]));
  return {
    read(list, place, sites, memory, refusals) {
      const known = memory?.sites === sites ? memory : null;
      const again = known && rereadInPlace(plan, list, place, known, accountOf, refusals);
      return again ?? readAnew(plan, list, place, sites, known, accountOf, refusals);
    },
  };
}

interface Plan {
  readonly groups: readonly PlannedGroup[];
  readonly metrics: readonly MetricName[];
  /** Values of the record that is being read. One list for all: most are as before, and are not kept. */
  readonly raw: unknown[];
}

interface PlannedField extends FieldRule {
  /** Where its own terms stand among those of all groups. */
  readonly from: number;
  readonly to: number;
}

interface PlannedGroup extends FieldGroup {
  readonly fields: readonly PlannedField[];
  readonly gather: Gather;
  /** Where its first term stands among those of all groups, and that of the next group. */
  readonly from: number;
  readonly to: number;
}

function createPlan(groups: readonly FieldGroup[]): Plan {
  let terms = 0;
  const planned = groups.map((group): PlannedGroup => {
    const names = group.fields.flatMap(({ formula }) => formula.terms.map(({ field }) => field));
    const from = terms;
    const fields = group.fields.map((field) => ({ ...field, from: terms, to: (terms += field.formula.terms.length) }));
    return { ...group, fields, from, to: terms, gather: group.gather ?? gatherByName(names) };
  });
  const raw = new Array<unknown>(terms).fill(undefined);
  return { groups: planned, raw, metrics: groups.flatMap(({ fields }) => fields.map(({ metric }) => metric)) };
}

const gatherByName =
  (names: readonly string[]): Gather =>
  (values, raw, at) => {
    for (let i = 0; i < names.length; i++) raw[at + i] = values[names[i] ?? ''];
  };

/** Fills the plan's list from a record. False where a group of fields is missing, or something else stands there. */
function gather({ groups, raw }: Plan, record: Fields): boolean {
  let whole = true;
  for (const group of groups) {
    const values = group.key === null ? record : record[group.key];
    if (isRecord(values)) group.gather(values, raw, group.from);
    else {
      raw.fill(undefined, group.from, group.to);
      whole = false;
    }
  }
  return whole;
}

function areSame(a: readonly unknown[], b: readonly unknown[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The ordinary case: the same sites in the same order as last time. Null where they are not. */
function rereadInPlace(
  plan: Plan,
  list: readonly unknown[],
  place: string,
  memory: RecordMemory,
  accounts: Accounts,
  refusals: Refusals,
): RecordsRead | null {
  if (list.length !== memory.entries.length) return null;
  const index = siteIndex(memory.sites);
  let entries: (Entry | null)[] | null = null;
  let readings: Reading[] | null = null;
  const refused = createRefusals();
  for (let i = 0, at = 0; i < list.length; i++) {
    const record = list[i];
    const entry = memory.entries[i] ?? null;
    if (entry === null) {
      if (namesOne(record, index, accounts)) return null;
      refuseRecord(record, `${place}/${i}`, refused);
      continue;
    }
    if (!isRecord(record) || record['odsCode'] !== entry.code) return null;
    if (!gather(plan, record) || !entry.raw || !areSame(plan.raw, entry.raw, 0, plan.raw.length)) {
      const next = readRecord(plan, record, entry, `${place}/${i}`, entry, refused);
      (entries ??= memory.entries.slice())[i] = next;
      readings ??= memory.readings.slice();
      for (let j = 0; j < next.readings.length; j++) readings[at + j] = next.readings[j] as Reading;
    }
    at += entry.readings.length;
  }
  refusals.join(refused);
  if (!entries || !readings) return { readings: memory.readings, duplicates: 0, memory };
  return { readings, duplicates: 0, memory: { sites: memory.sites, entries, readings } };
}

const namesOne = (record: unknown, index: ReturnType<typeof siteIndex>, accounts: Accounts): boolean => {
  const code = codeOf(record);
  return code !== null && (accounts.has(code.trim()) || index.get(code) !== undefined);
};

function refuseRecord(record: unknown, place: string, refusals: Refusals): void {
  const code = codeOf(record);
  if (code !== null) return refuseCode(code, `${place}/odsCode`, refusals);
  if (!isRecord(record)) return refusals.add(place, 'must be an object');
  if (record['odsCode'] === undefined) return refusals.add(place, 'is incomplete: odsCode');
  refusals.add(`${place}/odsCode`, 'must be a code of 1 to 40 characters');
}

function readAnew(
  plan: Plan,
  list: readonly unknown[],
  place: string,
  sites: readonly UnitDef[],
  memory: RecordMemory | null,
  accounts: Accounts,
  refusals: Refusals,
): RecordsRead {
  const before = new Map(memory?.entries.flatMap((entry) => (entry ? [[entry.code, entry] as const] : [])));
  const owners = ownersOf(list, sites, accounts);
  const covered = new Set<string>();
  let duplicates = 0;
  const entries = list.map((record, i): Entry | null => {
    const code = codeOf(record);
    const owner = code === null ? undefined : owners.get(i);
    if (code === null || owner === undefined) {
      refuseRecord(record, `${place}/${i}`, refusals);
      return null;
    }
    if (owner === 'twice') {
      duplicates++;
      refusals.add(`${place}/${i}/odsCode`, TWICE);
      return null;
    }
    for (const { site } of owner.shares) covered.add(site);
    const fields = record as Fields;
    const known = before.get(code) ?? null;
    gather(plan, fields);
    return readRecord(plan, fields, { code, owner }, `${place}/${i}`, known, refusals);
  });
  const readings = entries.flatMap((entry) => entry?.readings ?? []);
  for (const { id } of sites) if (!covered.has(id)) readings.push(...notReported(id, plan.metrics, 'missing-site'));
  // A second record for a site may become the first one in the next document, so such a document is read anew each time.
  return { readings, duplicates, memory: duplicates === 0 ? { sites, entries, readings } : null };
}

/** Reads what `gather` has found in the record. */
function readRecord(
  { groups, raw }: Plan,
  record: Fields,
  { code, owner }: Pick<Entry, 'code' | 'owner'>,
  place: string,
  before: Entry | null,
  refusals: Refusals,
): Entry {
  const known = before?.raw && before.owner === owner ? before : null;
  const refusedBefore = refusals.count;
  const { length } = owner.shares;
  const readings: Reading[] = known ? known.readings.slice() : [];
  let at = 0;
  for (const { key, fields } of groups) {
    const wrong = key !== null && isWrong(record[key]);
    if (wrong) refusals.add(`${place}/${key}`, 'must be an object');
    for (let i = 0; i < fields.length; i++, at += length) {
      const field = fields[i] as PlannedField;
      if (known?.raw && !wrong && areSame(raw, known.raw, field.from, field.to)) continue;
      const value = wrong ? 'invalid' : evaluate(field, raw, field.from);
      if (value === 'invalid' && !wrong)
        refuseField(field, raw, field.from, key === null ? place : `${place}/${key}`, refusals);
      putPerSite(readings, at, field, value, owner);
    }
  }
  return { code, owner, raw: refusals.count === refusedBefore ? raw.slice() : null, readings };
}

/** Something stands where an object of fields should. */
const isWrong = (group: unknown): boolean => group !== undefined && group !== null && !isRecord(group);

/** Puts a field's readings, one a site, into the list from `at` on. */
function putPerSite(list: Reading[], at: number, { metric, split }: FieldRule, value: NumberField, owner: Owner): void {
  const { shared, shares } = owner;
  const parts = shared && typeof value === 'number' && split === 'share' ? splitCount(value, shares) : null;
  for (let i = 0; i < shares.length; i++) {
    const own = reading((shares[i] as Share).site, metric, parts?.[i] ?? value);
    list[at + i] = shared ? { ...own, estimated: true } : own;
  }
}
