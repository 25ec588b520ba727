import Type, { type Static } from 'typebox';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { SlotGroup } from '../../domain/ports.ts';
import { conceptsOf, ConceptsSchema } from './fhir.ts';
import type { Includes, ScheduleFacts } from './fhir-includes.ts';
import type { SlotTyping } from './slot-types.ts';
import { compiled, parseInstant, refuse, type Refusals } from './values.ts';

const SlotSchema = compiled(
  Type.Object({
    status: Type.Enum(['free', 'busy', 'busy-tentative', 'busy-unavailable', 'entered-in-error']),
    start: Type.String(),
    end: Type.String(),
    schedule: Type.Optional(Type.Object({ reference: Type.Optional(Type.String()) })),
    extension: Type.Optional(
      Type.Array(Type.Object({ url: Type.Optional(Type.String()), valueCode: Type.Optional(Type.String()) })),
    ),
    serviceType: Type.Optional(ConceptsSchema),
    serviceCategory: Type.Optional(ConceptsSchema),
  }),
);
type Slot = Static<ReturnType<(typeof SlotSchema)['Type']>>;
type Status = Slot['status'];

/**
 * `busy-unavailable` is time nobody can book: a block, a break, a slot under embargo (a provider leaves those out, or
 * sends them so). `entered-in-error` never was.
 */
const COLUMN = { free: 'free', busy: 'busy', 'busy-tentative': 'held' } as const;
const LONGEST_MS = 24 * 60 * MINUTE;

/** What the slots of one bundle are read against. */
export interface SlotReading {
  /** Slots that start outside [from, to) were not asked for and are passed over. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly includes: Includes;
  readonly typing: SlotTyping;
  /** DoS id that was asked for. */
  readonly expected: string | null;
  /** Only mapped, patient-facing slot types count (practices). */
  readonly mapped: boolean;
  /** Statuses that were asked for; null: any. */
  readonly asked: ReadonlySet<Status> | null;
  readonly refusals: Refusals;
}

export interface Groups {
  /** `index`: where the slot stands in the bundle. */
  add(slot: unknown, index: number): void;
  list(): readonly SlotGroup[];
}

type Growing = { -readonly [K in keyof SlotGroup]: SlotGroup[K] };
type Kind = Pick<SlotGroup, 'start' | 'minutes' | 'channel' | 'role' | 'service'>;

/** Folds slots into groups by start, length, channel, role and service, starting from those of the pages before. */
export function createGroups(reading: SlotReading, before: readonly SlotGroup[]): Groups {
  // By start, then by looking: a start has a handful of groups, and hundreds of joined keys would cost more.
  const byStart = new Map<EpochMs, Growing[]>();
  const groupOf = (kind: Kind): Growing => {
    const same = byStart.get(kind.start);
    const found = same?.find((group) => isSame(group, kind));
    if (found) return found;
    const made: Growing = { ...kind, free: 0, busy: 0, held: 0 };
    if (same) same.push(made);
    else byStart.set(kind.start, [made]);
    return made;
  };
  for (const group of before) Object.assign(groupOf(group), group);

  const add = (slot: unknown, index: number): void => {
    const read = readSlot(slot, index, reading);
    if (read) groupOf(read.kind)[COLUMN[read.status]]++;
  };
  return { add, list: () => [...byStart.values()].flat().sort((a, b) => a.start - b.start) };
}

/** What one slot of a bundle is; null: it does not count, or is refused. */
export function readSlot(
  slot: unknown,
  index: number,
  reading: SlotReading,
): { readonly kind: Kind; readonly status: keyof typeof COLUMN } | null {
  const { from, to, includes, asked, refusals } = reading;
  const refused = (place: string, reason: string): null => {
    refusals.add(`${placeOf(index)}${place}`, reason);
    return null;
  };
  if (!SlotSchema.Check(slot)) {
    refuse(refusals, placeOf(index), SlotSchema, slot);
    return null;
  }
  const { status } = slot;
  if (status === 'busy-unavailable' || status === 'entered-in-error') return null;
  if (asked && !asked.has(status)) return refused('/status', 'was not asked for');
  const start = parseInstant(slot.start);
  const end = parseInstant(slot.end);
  if (start === null) return refused('/start', 'must be a date and time with its offset');
  if (end === null) return refused('/end', 'must be a date and time with its offset');
  if (end <= start || end - start > LONGEST_MS) return refused('/end', 'must be after the start, within a day');
  if (start < from || start >= to) return null;
  const schedule = slot.schedule?.reference === undefined ? null : includes.schedule(slot.schedule.reference);
  if (schedule?.active === false) return null;
  const service = serviceOf(slot, schedule, index, reading);
  if (service === undefined) return null;
  const minutes = Math.round((end - start) / MINUTE);
  return { kind: { start, minutes, channel: channelOf(slot), role: schedule?.role ?? null, service }, status };
}

const placeOf = (index: number): string => `/entry/${index}/resource`;
const isSame = (a: Kind, b: Kind): boolean =>
  a.minutes === b.minutes && a.channel === b.channel && a.role === b.role && a.service === b.service;

/** The slot's service by our own names (null: it carries none that we know); undefined: the slot does not count. */
function serviceOf(
  slot: Slot,
  schedule: ScheduleFacts | null,
  index: number,
  { expected, mapped, typing, refusals }: SlotReading,
): string | null | undefined {
  // A diary may serve several services; one that names only others was not asked for.
  if (expected !== null && schedule && schedule.services.length > 0 && !schedule.services.includes(expected)) {
    refusals.add(`${placeOf(index)}/schedule`, 'belongs to another service than the one asked for');
    return undefined;
  }
  // What a slot is for says more than what its session is for.
  const type = typing.of(conceptsOf(slot.serviceType) ?? schedule?.types);
  const named = type === 'none' ? 'serviceCategory' : 'serviceType';
  const meant = type === 'none' ? typing.of(conceptsOf(slot.serviceCategory) ?? schedule?.categories) : type;
  if (typeof meant === 'object') return mapped && !meant.counts ? undefined : meant.code;
  if (meant === 'unmapped' && mapped) {
    refusals.add(`${placeOf(index)}/${named}`, 'is a slot type that is not in our mapping');
    return undefined;
  }
  return null;
}

const CHANNELS: ReadonlyMap<string, SlotGroup['channel']> = new Map([
  ['in-person', 'in-person'],
  ['telephone', 'telephone'],
  ['video', 'video'],
]);

function channelOf(slot: Slot): SlotGroup['channel'] {
  for (const { url, valueCode } of slot.extension ?? [])
    if (url?.includes('DeliveryChannel') === true && valueCode !== undefined)
      return CHANNELS.get(valueCode.toLowerCase()) ?? null;
  return null;
}
