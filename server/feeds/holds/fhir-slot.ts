import Type from 'typebox';
import { Value } from 'typebox/value';
import type { NeedKind } from '#shared/model/redirection-words.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { slotKey, type SlotKind } from '../../domain/redirection/lots.ts';
import type { DraftSlot } from '../../domain/redirection/drafts.ts';
import type { HeldSlot, HeldState } from '../../domain/redirection/record.ts';
import { resourceOf } from '../adapters/fhir.ts';
import { indexIncludes } from '../adapters/fhir-includes.ts';
import { readSlot, type SlotReading } from '../adapters/fhir-slot-groups.ts';
import { isRecord, parseInstant } from '../adapters/values.ts';

/** The extension in which a hold says whose it is; part of what is agreed with the supplier. */
export const HOLD = 'https://headroom.example/fhir/hold';
/** One transaction holds no more. */
export const MOST_AT_ONCE = 100;

/** A slot as it can be written to: its own name there and the version that is changed. */
export interface Handle {
  readonly handle: string;
  readonly version: string;
}
export interface FreeSlot extends Handle {
  readonly kind: SlotKind;
}

const SlotSchema = Type.Object({
  resourceType: Type.Literal('Slot'),
  id: Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' }),
  status: Type.String(),
  meta: Type.Optional(Type.Object({ versionId: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' })) })),
  extension: Type.Optional(
    Type.Array(Type.Object({ url: Type.Optional(Type.String()), extension: Type.Optional(Type.Unknown()) })),
  ),
});

const resourcesOf = (payload: unknown): unknown[] =>
  isRecord(payload) && Array.isArray(payload['entry']) ? payload['entry'].map((entry) => resourceOf(entry)) : [];

/** Slots of a search that are free, with what they are by the same reading that the board counts them by. */
export function freeSlots(payload: unknown, reading: Omit<SlotReading, 'includes'>): FreeSlot[] {
  const entries = isRecord(payload) && Array.isArray(payload['entry']) ? payload['entry'] : [];
  const whole = { ...reading, includes: indexIncludes(entries, reading.refusals) };
  return entries.flatMap((entry, index): FreeSlot[] => {
    const resource = resourceOf(entry);
    if (!Value.Check(SlotSchema, resource)) return [];
    const read = readSlot(resource, index, whole);
    const version = resource.meta?.versionId;
    if (read?.status !== 'free' || version === undefined) return [];
    return [{ handle: resource.id, version, kind: read.kind }];
  });
}

/** Names of those that are set aside or booked by anybody. */
export const takenSlots = (payload: unknown): string[] =>
  resourcesOf(payload).flatMap((slot) =>
    Value.Check(SlotSchema, slot) && (slot.status === 'busy-tentative' || slot.status === 'busy') ? [slot.id] : [],
  );

/** When each begins, by name. */
export const startsOf = (payload: unknown): Map<string, EpochMs> =>
  new Map(
    resourcesOf(payload).flatMap((slot) => {
      const start = isRecord(slot) && typeof slot['start'] === 'string' ? parseInstant(slot['start']) : null;
      return start !== null && Value.Check(SlotSchema, slot) ? [[slot.id, start] as const] : [];
    }),
  );

/** A free slot for each that is wanted; null where there are too few. `free`: as many of them as there are. */
export function choose(
  hub: string,
  wanted: readonly DraftSlot[],
  free: readonly FreeSlot[],
): { readonly chosen: readonly (HeldSlot & Handle)[]; readonly missing: number } {
  const byKind = Map.groupBy(free, ({ kind }) => slotKey(hub, kind));
  const chosen: (HeldSlot & Handle)[] = [];
  let missing = 0;
  for (const { practice, need, count, start, minutes, channel, role, service } of wanted) {
    const kind = { start, minutes, channel, role, service };
    const like = byKind.get(slotKey(hub, kind)) ?? [];
    for (let i = 0; i < count; i++) {
      const slot = like.shift();
      if (slot) chosen.push({ ...kind, practice, need, handle: slot.handle, version: slot.version });
      else missing += 1;
    }
  }
  return { chosen, missing };
}

export interface Change extends Handle {
  readonly status: 'busy-tentative' | 'free';
  readonly until: EpochMs;
  /** ODS code of the practice it is for, and for whom of its patients. */
  readonly practice: string;
  readonly need: NeedKind;
}

/** One transaction: all of it is done, or nothing. */
export const transaction = (key: string, changes: readonly Change[]): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: changes.map(({ handle, version, status, until, practice, need }) => ({
      resource: {
        resourceType: 'Slot',
        id: handle,
        status,
        extension: [
          {
            url: HOLD,
            extension: [
              { url: 'key', valueString: key },
              { url: 'until', valueInstant: toInstant(until) },
              { url: 'for', valueString: practice },
              { url: 'need', valueCode: need },
            ],
          },
        ],
      },
      request: { method: 'PUT', url: `Slot/${handle}`, ifMatch: `W/"${version}"` },
    })),
  });

export interface SeenSlot extends Handle {
  readonly status: string;
  /** Key of the hold it is under, or was booked out of; null: of none. */
  readonly key: string | null;
  readonly practice: string | null;
}

/** Slots that were asked for by name. */
export const seenSlots = (payload: unknown): SeenSlot[] =>
  resourcesOf(payload).flatMap((slot): SeenSlot[] => {
    if (!Value.Check(SlotSchema, slot)) return [];
    const hold = (slot.extension ?? []).find(({ url }) => url === HOLD)?.extension;
    const part = (name: string): string | null => {
      const found = Array.isArray(hold) ? hold.find((each) => isRecord(each) && each['url'] === name) : undefined;
      const value: unknown = isRecord(found) ? found['valueString'] : null;
      return typeof value === 'string' ? value : null;
    };
    return [
      {
        handle: slot.id,
        version: slot.meta?.versionId ?? '',
        status: slot.status,
        key: part('key'),
        practice: part('for'),
      },
    ];
  });

/** What has become of a slot that was held under `key`. One that is no longer ours is back, or gone to somebody else. */
export function stateOf(seen: SeenSlot | undefined, key: string): HeldState {
  if (!seen) return 'lost';
  if (seen.key === key && seen.status === 'busy-tentative') return 'held';
  if (seen.key === key && seen.status === 'busy') return 'booked';
  return seen.status === 'free' ? 'back' : seen.key === key ? 'lost' : 'back';
}

const AppointmentSchema = Type.Object({ resourceType: Type.Literal('Appointment'), status: Type.String() });
/** How many of these bookings were not kept. Nothing else of them is looked at. */
export const notAttended = (payload: unknown): number =>
  resourcesOf(payload).filter((each) => Value.Check(AppointmentSchema, each) && each.status === 'noshow').length;
