import type { SharedAccount, UnitDef } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Reading } from '../../domain/ports.ts';
import { refuseCode, siteIndex, TWICE } from './documents.ts';
import { evaluate, type Formula } from './formulas.ts';
import { codeOf, ownersOf, type Accounts, type Owner } from './record-owners.ts';
import { splitCount } from './shares.ts';
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

/** Fields that stand in one object of a record; `key` null: in the record itself. */
export interface FieldGroup {
  readonly key: string | null;
  readonly fields: readonly FieldRule[];
  /**
   * Whether the fields' values are those that stand in `raw` from `at` on. Written out by name it takes a tenth of the
   * time of looking each name up; absent where the names are a supplier's.
   */
  readonly same?: (values: Fields, raw: readonly unknown[], at: number) => boolean;
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
}

interface PlannedGroup extends FieldGroup {
  /** The names of every term of every field. */
  readonly names: readonly string[];
}

function createPlan(groups: readonly FieldGroup[]): Plan {
  return {
    groups: groups.map((group) => ({
      ...group,
      names: group.fields.flatMap(({ formula }) => formula.terms.map(({ field }) => field)),
    })),
    metrics: groups.flatMap(({ fields }) => fields.map(({ metric }) => metric)),
  };
}

/** A record whose numbers are those of `entry`. Runs for every field of every record of every poll. */
function isSame({ groups }: Plan, record: Fields, { raw }: Entry): boolean {
  if (raw === null) return false;
  let at = 0;
  for (const { key, names, same } of groups) {
    const values: unknown = key === null ? record : record[key];
    if (!isRecord(values) || !(same ?? sameByName)(values, raw, at, names)) return false;
    at += names.length;
  }
  return true;
}

function sameByName(values: Fields, raw: readonly unknown[], at: number, names: readonly string[]): boolean {
  for (let i = 0; i < names.length; i++) if (values[names[i] ?? ''] !== raw[at + i]) return false;
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
    if (!isSame(plan, record, entry)) {
      const next = readRecord(plan, record, entry.code, entry.owner, `${place}/${i}`, entry, refused);
      (entries ??= [...memory.entries])[i] = next;
      readings ??= [...memory.readings];
      for (const [j, reading] of next.readings.entries()) readings[at + j] = reading;
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
    return readRecord(plan, record as Fields, code, owner, `${place}/${i}`, before.get(code) ?? null, refusals);
  });
  const readings = entries.flatMap((entry) => entry?.readings ?? []);
  for (const { id } of sites) if (!covered.has(id)) readings.push(...notReported(id, plan.metrics, 'missing-site'));
  // A second record for a site may become the first one in the next document, so such a document is read anew each time.
  return { readings, duplicates, memory: duplicates === 0 ? { sites, entries, readings } : null };
}

function readRecord(
  { groups }: Plan,
  record: Fields,
  code: string,
  owner: Owner,
  place: string,
  before: Entry | null,
  refusals: Refusals,
): Entry {
  const known = before?.raw && before.owner === owner ? before : null;
  const refusedBefore = refusals.count;
  const raw: unknown[] = [];
  const readings: Reading[] = [];
  for (const { key, fields } of groups) {
    const group = key === null ? record : (record[key] ?? null);
    const values = isRecord(group) ? group : null;
    const wrong = group !== null && !values;
    if (wrong) refusals.add(`${place}/${key}`, 'must be an object');
    for (const field of fields) {
      const from = raw.length;
      let same = known !== null && !wrong;
      for (const { field: name } of field.formula.terms) {
        const value = values?.[name];
        same &&= value === known?.raw?.[raw.length];
        raw.push(value);
      }
      if (known && same) {
        for (let i = 0; i < owner.shares.length; i++) readings.push(known.readings[readings.length] as Reading);
        continue;
      }
      const value: NumberField = wrong
        ? 'invalid'
        : evaluate(field, raw, from, key === null ? place : `${place}/${key}`, refusals);
      readings.push(...perSite(field.metric, value, field.split, owner));
    }
  }
  return { code, owner, raw: refusals.count === refusedBefore ? raw : null, readings };
}

function perSite(
  metric: MetricName,
  value: NumberField,
  split: FieldRule['split'],
  { shared, shares }: Owner,
): Reading[] {
  if (!shared) return shares.map(({ site }) => reading(site, metric, value));
  const parts = typeof value === 'number' && split === 'share' ? splitCount(value, shares) : [];
  return shares.map(({ site }, i) => ({ ...reading(site, metric, parts[i] ?? value), estimated: true }));
}
