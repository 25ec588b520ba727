import type { RedirectionState, Refusal } from '#shared/model/redirection-words.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import { slotsIn, type DraftSlot } from './drafts.ts';
import { isInPerson, slotKey } from './lots.ts';
import { outstanding, owedBack, type RedirectionRecord } from './record.ts';

/** What a redirection came to, in numbers; counts are slots, null is not known. */
export interface RedirectionFacts {
  readonly id: string;
  /** Steps that the ledger has of it. */
  readonly steps: number;
  readonly state: RedirectionState;
  readonly unit: string;
  readonly hub: string;
  readonly proposedAt: EpochMs;
  readonly decidedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  /** A lead's own, which nobody had proposed. */
  readonly own: boolean;
  /** On offer when it was answered or lapsed; null: it is open, or was overtaken before anybody answered. */
  readonly offered: number | null;
  readonly accepted: number;
  readonly held: number;
  readonly lapsed: number;
  readonly refused: number;
  readonly refusal: Refusal | null;
  /** Null while some of what was held may have been booked and nobody has told. */
  readonly booked: number | null;
  readonly returned: number | null;
  /** Of those booked, did not come; null until that was told after the last of them ended. */
  readonly absent: number | null;
  /** Minutes of those booked. */
  readonly minutes: number | null;
  /** Of those booked: by telephone or video; in person; kilometres of those in person, and of how many they are known. */
  readonly remote: number;
  readonly inPerson: number;
  readonly kmSum: number;
  readonly kmOf: number;
  /** Of those booked, for urgent need. */
  readonly urgent: number | null;
  /** By practice: the most urgent need that any step showed, and how many urgent patients were booked. */
  readonly practices: readonly {
    readonly practice: string;
    readonly need: number;
    readonly booked: number | null;
  }[];
  /** By practice, scores: as it was and as it would have been without. Null: not looked at. */
  readonly effects:
    readonly { readonly practice: string; readonly with: number | null; readonly without: number | null }[] | null;
}

type Booked = Pick<DraftSlot, 'practice' | 'need' | 'start' | 'minutes' | 'channel' | 'km'>;

/** Slots that were booked, one each; where a person told how many, the earliest of those offered. Null: nobody told. */
function bookedSlots(record: RedirectionRecord): readonly Booked[] | null {
  const { draft, toldBooked, written, heldAt } = record;
  if (toldBooked !== null)
    return draft.slots
      .flatMap((slot) => Array.from({ length: slot.count }, () => slot))
      .slice(0, Math.max(0, toldBooked));
  if (heldAt !== null && !written) return null;
  // It is over, but the hub has not said what became of the last ones.
  if (owedBack(record).length > 0 && record.trouble !== '') return null;
  const km = new Map(draft.slots.map((slot) => [`${slot.practice} ${slotKey(draft.hub, slot)}`, slot.km]));
  const anyKm = new Map(draft.slots.flatMap((slot) => (slot.km === null ? [] : [[slot.practice, slot.km] as const])));
  return [...record.held.values()].flatMap(({ slot, state }) => {
    const found = km.get(`${slot.practice} ${slotKey(draft.hub, slot)}`) ?? anyKm.get(slot.practice) ?? null;
    return state === 'booked' ? [{ ...slot, km: found }] : [];
  });
}

/** Everything that the scorecard needs of one redirection. */
export function factsOf(record: RedirectionRecord): RedirectionFacts {
  const { id, draft, state, decidedAt, heldAt, refusal, events } = record;
  const booked = bookedSlots(record);
  const slots = slotsIn(draft);
  const accepted = decidedAt === null || state === 'refused' ? 0 : slots;
  const offered = record.offered === null ? null : Math.max(record.offered, accepted);
  const held = heldAt === null ? 0 : record.written ? record.held.size : slots;
  const here = (booked ?? []).filter(isInPerson);
  const known = here.flatMap(({ km }) => (km === null ? [] : [km]));
  return {
    ...{ id, steps: events.length, state, unit: draft.unit, hub: draft.hub },
    ...{ proposedAt: record.proposedAt, decidedAt, endedAt: record.endedAt },
    own: (events[0]?.by ?? 'system') !== 'system',
    ...{ offered, accepted, held },
    lapsed: state === 'expired' && decidedAt === null ? (offered ?? 0) : 0,
    refused: state === 'refused' ? (offered ?? 0) : 0,
    refusal,
    booked: booked?.length ?? null,
    returned: returnedOf(record, booked, held),
    absent: absentOf(record, booked),
    minutes: booked?.reduce((sum, { minutes }) => sum + minutes, 0) ?? null,
    ...{ remote: (booked?.length ?? 0) - here.length, inPerson: here.length },
    ...{ kmSum: known.reduce((sum, km) => sum + km, 0), kmOf: known.length },
    urgent: booked?.filter(({ need }) => need === 'urgent').length ?? null,
    practices: practicesOf(record, booked),
    effects:
      record.followed?.practices.map((each) => ({
        practice: each.practice,
        with: each.with.score,
        without: each.without.score,
      })) ?? null,
  };
}

/** Went back unbooked, whatever took them there: known once it is over. */
function returnedOf(record: RedirectionRecord, booked: readonly Booked[] | null, held: number): number | null {
  if (booked === null) return null;
  if (record.heldAt === null || record.endedAt === null) return 0;
  if (!record.written) return Math.max(0, held - booked.length);
  return [...record.held.values()].filter(({ state }) => state === 'back').length + outstanding(record).length;
}

/** Only what was told after the last of them had ended is the whole of it. */
function absentOf({ absent, absentAt }: RedirectionRecord, booked: readonly Booked[] | null): number | null {
  if (booked === null) return null;
  if (booked.length === 0) return 0;
  if (absent === null || absentAt === null) return null;
  return absentAt >= lastEnd(booked) ? absent : null;
}

const lastEnd = (slots: readonly Pick<Booked, 'start' | 'minutes'>[]): EpochMs =>
  Math.max(...slots.map(({ start, minutes }) => start + minutes * MINUTE));

/** When the last of what was booked has ended and nobody has yet told who came; null: nothing is to be asked. */
export function attendanceDue(record: RedirectionRecord): EpochMs | null {
  if (!record.written || record.endedAt === null) return null;
  const booked = [...record.held.values()].flatMap(({ slot, state }) => (state === 'booked' ? [slot] : []));
  if (booked.length === 0) return null;
  const over = lastEnd(booked);
  return (record.absentAt ?? -Infinity) >= over ? null : over;
}

function practicesOf(
  { draft, events }: RedirectionRecord,
  booked: readonly Booked[] | null,
): RedirectionFacts['practices'] {
  const need = new Map(draft.slots.map(({ practice }) => [practice, 0]));
  for (const event of events) {
    if (!('seen' in event) || event.seen === undefined) continue;
    for (const [practice, counts] of Object.entries(event.seen.waiting))
      need.set(practice, Math.max(need.get(practice) ?? 0, counts.urgent ?? 0));
  }
  const urgent = (booked ?? []).filter(({ need: kind }) => kind === 'urgent');
  const counts = Map.groupBy(urgent, ({ practice }) => practice);
  return [...need].map(([practice, most]) => ({
    practice,
    need: most,
    booked: booked === null ? null : (counts.get(practice)?.length ?? 0),
  }));
}
