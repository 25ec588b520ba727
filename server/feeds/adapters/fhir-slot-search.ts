import type { EpochMs } from '#shared/model/time.ts';
import type { PollOutcome, Reading } from '../../domain/ports.ts';
import type { Read, ReadContext, Unreadable } from './adapter.ts';
import { createOutcomes, identityOf, readSearchset, resourceOf, type Resource } from './fhir.ts';
import { indexIncludes } from './fhir-includes.ts';
import { searched, type SlotMemory } from './fhir-slot-counts.ts';
import { createGroups, type SlotReading } from './fhir-slot-groups.ts';
import { createRefusals, payloadTime, type Refusals } from './values.ts';

/** How one standard's slot searches are read. */
export interface SlotStandard extends Pick<SlotReading, 'typing' | 'asked' | 'expected' | 'mapped'> {
  /** Start of the first London day that was asked for. */
  readonly day: EpochMs;
  readonly days: number;
  /** Addresses that follow the first one, whatever that answers. */
  readonly further: readonly string[];
  /** Null: the answer is of the one that was asked; else why it is not. */
  readonly foreign: (organisation: Resource) => Unreadable | null;
  /** Types of resource that may come where there is no slot; an answer of anything else alone is of another question. */
  readonly alone: ReadonlySet<string>;
  readonly outcome: (memory: SlotMemory, now: EpochMs) => { readings: readonly Reading[]; slots: PollOutcome['slots'] };
}

/** One page of a search for slots, added to those before it. Numbers come with the last one. */
export function readSlotPage(
  payload: unknown,
  { now, page }: ReadContext,
  memory: SlotMemory,
  standard: SlotStandard,
): Read<SlotMemory> | Unreadable {
  const bundle = readSearchset(payload, page);
  if (!bundle.ok) return bundle;
  const refusals = createRefusals();
  const before = page === 0 ? null : memory;
  const observedAt = earlier(before?.observedAt, payloadTime(bundle.timestamp, now, '/timestamp', refusals));
  const horizon = searched(standard.day, standard.days);
  const taken = takeSlots(bundle.entries, before, { ...standard, from: horizon.day, to: horizon.searchedTo, refusals });
  if ('state' in taken) return taken;
  const { groups, seen, ...counts } = taken;
  if (page === 0 && bundle.next === null && counts.volume === 0 && answersAnother(bundle.entries, standard.alone))
    return ANOTHER_ANSWER;
  // Every window first: their addresses are relative to the search's own, those of further pages may lie elsewhere.
  const queue = [...(before?.pending ?? standard.further), ...(bundle.next === null ? [] : [bundle.next])];
  const [next = null, ...pending] = queue;
  const grown = { ...horizon, groups, seen: next === null ? NOTHING : seen, observedAt, pending };
  const outcome = next === null ? standard.outcome(grown, now) : { readings: [], slots: [] };
  return {
    ok: true,
    observedAt,
    ...outcome,
    rejected: refusals.list,
    rejectedCount: refusals.count,
    next,
    ...counts,
    memory: grown,
  };
}

/** Whether an answer without a single record of the kind that was asked for holds others: that is no empty result. */
export const answersAnother = (entries: readonly unknown[], alone: ReadonlySet<string>): boolean =>
  entries.some((entry) => {
    const type = resourceOf(entry)?.['resourceType'];
    return type !== 'OperationOutcome' && !(typeof type === 'string' && alone.has(type));
  });
export const ANOTHER_ANSWER: Unreadable = {
  ok: false,
  state: 'invalid',
  fault: 'the answer holds none of what was asked for, but something else',
};

const NOTHING: ReadonlySet<string> = new Set();

/** The earlier of two times that an answer's pages say of themselves: the oldest page says how old the whole is. */
export const earlier = (before: EpochMs | null | undefined, now: EpochMs | null): EpochMs | null =>
  before === null || before === undefined || now === null ? (before ?? now) : Math.min(before, now);

interface Taking extends Omit<SlotReading, 'includes'> {
  readonly foreign: SlotStandard['foreign'];
}

function takeSlots(entries: readonly unknown[], before: SlotMemory | null, reading: Taking) {
  const { refusals } = reading;
  const outcomes = createOutcomes(refusals);
  const groups = createGroups({ ...reading, includes: indexIncludes(entries, refusals) }, before?.groups ?? []);
  const seen = new Set(before?.seen);
  let [volume, duplicates] = [0, 0];
  for (const [index, entry] of entries.entries()) {
    const resource = resourceOf(entry);
    const type = resource?.['resourceType'];
    if (!resource) unreadable(refusals, index);
    else if (type === 'OperationOutcome') outcomes.add(resource, `/entry/${index}/resource`);
    else if (type === 'Organization') {
      const foreign = reading.foreign(resource);
      if (foreign) return foreign;
    }
    if (resource && type !== 'Slot') continue;
    volume++;
    if (!resource) continue;
    const identity = identityOf(entry, resource);
    if (identity !== null && seen.has(identity)) {
      duplicates++;
      refusals.add(`/entry/${index}/resource`, 'comes twice; the first one was taken');
      continue;
    }
    if (identity !== null) seen.add(identity);
    groups.add(resource, index);
  }
  if (volume === 0 && outcomes.failed) return outcomes.failed;
  return { groups: groups.list(), seen, volume, duplicates };
}

const unreadable = (refusals: Refusals, index: number) => refusals.add(`/entry/${index}/resource`, 'must be an object');
