import Type, { type Static } from 'typebox';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { SlotGroup } from '../../domain/ports.ts';
import type { Includes, ScheduleFacts } from './bars-includes.ts';
import { ConceptSchema } from './fhir.ts';
import { slotType } from './slot-types.ts';
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
    serviceType: Type.Optional(Type.Array(ConceptSchema)),
    serviceCategory: Type.Optional(Type.Array(ConceptSchema)),
  }),
);
type Slot = Static<ReturnType<(typeof SlotSchema)['Type']>>;

/** `busy-unavailable` is time nobody can book (a block, a break); `entered-in-error` never was. */
const COLUMN = { free: 'free', busy: 'busy', 'busy-tentative': 'held' } as const;
const LONGEST_MS = 24 * 60 * MINUTE;

interface Place {
  readonly place: string;
  readonly includes: Includes;
  /** DoS id that was asked for. */
  readonly expected: string | null;
  /** Only mapped, patient-facing slot types count (practices). */
  readonly mapped: boolean;
  readonly refusals: Refusals;
}

export interface Groups {
  add(slot: unknown, at: Place): void;
  list(): readonly SlotGroup[];
}

type Growing = { -readonly [K in keyof SlotGroup]: SlotGroup[K] };

/** Folds slots into groups by start, length, channel, role and service; slots outside [from, to) were not asked for. */
export function createGroups(from: EpochMs, to: EpochMs, before: readonly SlotGroup[]): Groups {
  const groups = new Map<string, Growing>();
  for (const group of before) groups.set(keyOf(group), { ...group });

  const add = (slot: unknown, at: Place): void => {
    if (!SlotSchema.Check(slot)) return refuse(at.refusals, at.place, SlotSchema, slot);
    const column = COLUMN[slot.status as keyof typeof COLUMN] as (typeof COLUMN)[keyof typeof COLUMN] | undefined;
    if (column === undefined) return;
    const start = parseInstant(slot.start);
    const end = parseInstant(slot.end);
    if (start === null) return at.refusals.add(`${at.place}/start`, 'must be a date and time with its offset');
    if (end === null) return at.refusals.add(`${at.place}/end`, 'must be a date and time with its offset');
    if (end <= start || end - start > LONGEST_MS)
      return at.refusals.add(`${at.place}/end`, 'must be after the start, within a day');
    if (start < from || start >= to) return;
    const schedule = slot.schedule?.reference === undefined ? null : at.includes.schedule(slot.schedule.reference);
    const service = serviceOf(slot, schedule, at);
    if (service === undefined) return;
    const minutes = Math.round((end - start) / MINUTE);
    const found: Growing = {
      start,
      minutes,
      channel: channelOf(slot),
      role: schedule?.role ?? null,
      service,
      free: 0,
      busy: 0,
      held: 0,
    };
    const key = keyOf(found);
    const group = groups.get(key) ?? found;
    group[column]++;
    if (group === found) groups.set(key, group);
  };
  return { add, list: () => [...groups.values()].sort((a, b) => a.start - b.start) };
}

const keyOf = (g: SlotGroup) => `${g.start}|${g.minutes}|${g.channel}|${g.role}|${g.service}`;

/** The slot's service by our own names (null: it carries none that we know); undefined: the slot does not count. */
function serviceOf(slot: Slot, schedule: ScheduleFacts | null, at: Place): string | null | undefined {
  if (at.expected !== null && schedule?.services.some((id) => /^\d{5,}$/.test(id) && id !== at.expected)) {
    at.refusals.add(`${at.place}/schedule`, 'belongs to another service than the one asked for');
    return undefined;
  }
  const type = slotType(slot.serviceType ?? schedule?.types);
  if (typeof type === 'object') return at.mapped && !type.counts ? undefined : type.code;
  if (type === 'unmapped' && at.mapped) {
    at.refusals.add(`${at.place}/serviceType`, 'is a slot type that is not in our mapping');
    return undefined;
  }
  const category = slotType(slot.serviceCategory ?? schedule?.categories);
  return typeof category === 'object' ? category.code : null;
}

const CHANNELS: Readonly<Record<string, NonNullable<SlotGroup['channel']>>> = {
  'in-person': 'in-person',
  telephone: 'telephone',
  video: 'video',
};

function channelOf(slot: Slot): SlotGroup['channel'] {
  for (const { url, valueCode } of slot.extension ?? [])
    if (url?.includes('DeliveryChannel') === true && valueCode !== undefined)
      return CHANNELS[valueCode.toLowerCase()] ?? null;
  return null;
}
