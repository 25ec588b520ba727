import type { NeedKind, Refusal, RedirectionState } from '#shared/model/redirection-words.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Effect, Followed } from '#shared/protocol/redirections.ts';
import { slotsIn, type Draft } from './drafts.ts';
import type { SlotKind } from './lots.ts';
import type { Counts } from './needs.ts';

/** One slot at a hub that is ours for a while. `handle`: the hub's own name for it, opaque. */
export interface HeldSlot extends SlotKind {
  readonly handle: string;
  readonly practice: string;
  readonly need: NeedKind;
}

/** `held`: set aside. `booked`: by a patient. `back`: free again at the hub. `lost`: taken by others or withdrawn. */
export type HeldState = 'held' | 'booked' | 'back' | 'lost';

/** What a lead sees with an offer, as it was then: kept with the decision. */
export interface Seen {
  /** By practice. */
  readonly waiting: Readonly<Record<string, Counts>>;
  readonly effects: { readonly unit: Effect; readonly hub: Effect; readonly practices: readonly Effect[] };
  readonly taken: { readonly before: number; readonly after: number } | null;
}

interface EventBase {
  readonly at: EpochMs;
  readonly id: string;
  /** Actor. */
  readonly by: string;
}
interface Offered {
  readonly draft: Draft;
  readonly seen: Seen;
}
/** Slots that were on offer then: what it was worked out anew to be in between is not kept. Absent in older lines. */
interface OnOffer {
  readonly offered?: number;
}

/** Everything that happens to a redirection, as the ledger keeps it. */
export type RedirectionEvent = EventBase &
  (
    | ({ readonly type: 'proposed'; readonly answerBy: EpochMs } & Offered)
    | ({ readonly type: 'revised' } & Offered)
    | { readonly type: 'withdrawn' }
    | ({ readonly type: 'lapsed' } & OnOffer)
    | ({
        readonly type: 'accepted';
        readonly key: string;
        readonly draft: Draft;
        /** What was seen when it was decided. */
        readonly seen: Seen;
        readonly heldUntil: EpochMs;
        readonly written: boolean;
        readonly undoUntil: EpochMs;
      } & OnOffer)
    | { readonly type: 'held'; readonly slots: readonly HeldSlot[] }
    | { readonly type: 'gone'; readonly free: number; readonly answerBy: EpochMs }
    | { readonly type: 'not-held'; readonly reason: string }
    | ({
        readonly type: 'refused';
        readonly key: string;
        readonly reason: Refusal;
        readonly undoUntil: EpochMs;
        /** What was refused, and what was seen with it. Absent in older lines. */
        readonly seen?: Seen;
      } & OnOffer)
    | { readonly type: 'undone'; readonly key: string; readonly answerBy: EpochMs }
    | { readonly type: 'looked'; readonly states: Readonly<Record<string, HeldState>>; readonly absent: number | null }
    | { readonly type: 'kept'; readonly key: string; readonly heldUntil: EpochMs }
    | { readonly type: 'released'; readonly key: string }
    | { readonly type: 'ended' }
    | { readonly type: 'told'; readonly key: string; readonly booked: number }
    | { readonly type: 'acknowledged'; readonly key: string; readonly practice: string }
    | { readonly type: 'trouble'; readonly text: string }
    /** Did it work: looked at once, when it ended or two hours after it was held. */
    | { readonly type: 'followed'; readonly practices: readonly Followed[] }
  );

export interface RedirectionRecord {
  readonly id: string;
  readonly revision: number;
  readonly state: RedirectionState;
  readonly draft: Draft;
  readonly seen: Seen;
  readonly proposedAt: EpochMs;
  readonly answerBy: EpochMs;
  readonly heldUntil: EpochMs | null;
  /** When the hub said that they are held; null before. */
  readonly heldAt: EpochMs | null;
  /** The hub's system is written to; else somebody rings. */
  readonly written: boolean;
  readonly decidedBy: string | null;
  readonly decidedAt: EpochMs | null;
  readonly undoUntil: EpochMs | null;
  readonly refusal: Refusal | null;
  /** Slots that were on offer when it was decided on or lapsed; null while it is neither. */
  readonly offered: number | null;
  readonly held: ReadonlyMap<string, { readonly slot: HeldSlot; readonly state: HeldState }>;
  /** Told by a person, where the hub's system does not say. */
  readonly toldBooked: number | null;
  /** Of those booked, did not come; null: not known. */
  readonly absent: number | null;
  /** When that was told; null: never. */
  readonly absentAt: EpochMs | null;
  readonly followed: { readonly at: EpochMs; readonly practices: readonly Followed[] } | null;
  readonly acknowledged: ReadonlyMap<string, { readonly by: string; readonly at: EpochMs }>;
  readonly trouble: string;
  /** How many times it was made longer. */
  readonly keeps: number;
  /** Keys of the calls that were taken, with the revision that each led to. */
  readonly keys: ReadonlyMap<string, number>;
  readonly events: readonly RedirectionEvent[];
  readonly endedAt: EpochMs | null;
}

/** Whether anybody has said how many were booked: where the hub's system cannot say it, a person may not have. */
export const isTold = ({ written, toldBooked }: RedirectionRecord): boolean => written || toldBooked !== null;

/** As far as it was told. */
export const bookedOf = (record: RedirectionRecord): number =>
  record.toldBooked ?? [...record.held.values()].filter(({ state }) => state === 'booked').length;

/** Slots that are still set aside at the hub for it, whatever has become of the redirection. */
export const outstanding = (record: RedirectionRecord): readonly HeldSlot[] =>
  [...record.held.values()].flatMap(({ slot, state }) => (state === 'held' ? [slot] : []));

export const isOpen = ({ state }: RedirectionRecord): boolean =>
  state === 'proposed' || state === 'holding' || state === 'held';

/** Slots at the hub that it must give back: it is no longer held, and they still are. */
export const owedBack = (record: RedirectionRecord): readonly HeldSlot[] =>
  record.state === 'held' || record.state === 'holding' ? [] : outstanding(record);

/** What becomes of a redirection by one event; a pure fold, so that the ledger alone brings all of it back. */
export function applyEvent(record: RedirectionRecord | undefined, event: RedirectionEvent): RedirectionRecord {
  if (event.type === 'proposed') return begin(event);
  if (!record) throw new Error(`The ledger has a ${event.type} of ${event.id}, which it never proposed`);
  const next = {
    ...record,
    revision: record.revision + 1,
    // What it was worked out anew to be is no step of anybody.
    events: event.type === 'revised' ? record.events : [...record.events, event],
    keys: 'key' in event ? new Map([...record.keys, [event.key, record.revision + 1]]) : record.keys,
  };
  return { ...next, ...changeOf(next, event) };
}

function begin(event: Extract<RedirectionEvent, { type: 'proposed' }>): RedirectionRecord {
  const { id, draft, seen, at, answerBy } = event;
  return {
    ...{ id, revision: 1, state: 'proposed', draft, seen, proposedAt: at, answerBy },
    ...{ heldUntil: null, heldAt: null, written: false, decidedBy: null, decidedAt: null, undoUntil: null },
    ...{ refusal: null, offered: null, held: new Map(), toldBooked: null, acknowledged: new Map(), trouble: '' },
    ...{ absent: null, absentAt: null, followed: null },
    ...{ keeps: 0, keys: new Map(), events: [event], endedAt: null },
  };
}

type Change = Partial<RedirectionRecord>;

function changeOf(record: RedirectionRecord, event: Exclude<RedirectionEvent, { type: 'proposed' }>): Change {
  const { at, by } = event;
  const decided = { decidedBy: by, decidedAt: at };
  const onOffer = (given: OnOffer) => given.offered ?? slotsIn(record.draft);
  switch (event.type) {
    case 'revised':
      return { draft: event.draft, seen: event.seen };
    case 'withdrawn':
      return { state: 'withdrawn', endedAt: at };
    case 'lapsed':
      return { state: 'expired', endedAt: at, offered: onOffer(event) };
    case 'accepted':
      return {
        ...decided,
        ...{ state: 'holding', draft: event.draft, seen: event.seen, heldUntil: event.heldUntil },
        ...{ written: event.written, undoUntil: event.undoUntil, offered: onOffer(event), trouble: '' },
      };
    case 'held':
      return {
        ...{ state: 'held', heldAt: at, trouble: '' },
        held: new Map([
          ...record.held,
          ...event.slots.map((slot) => [slot.handle, { slot, state: 'held' as const }] as const),
        ]),
      };
    case 'gone':
      return { ...UNDECIDED, answerBy: event.answerBy };
    case 'not-held':
      return { state: 'failed', trouble: event.reason, undoUntil: null, endedAt: at };
    case 'refused':
      return {
        ...{ ...decided, state: 'refused', refusal: event.reason, undoUntil: event.undoUntil, endedAt: at },
        offered: onOffer(event),
      };
    case 'undone':
      return { ...UNDECIDED, answerBy: event.answerBy };
    case 'looked':
      return looked(record, event);
    case 'kept':
      return { heldUntil: event.heldUntil, keeps: record.keeps + 1 };
    case 'released':
      return { state: 'released', undoUntil: null, endedAt: at };
    case 'ended':
      return { state: bookedOf(record) > 0 ? 'fulfilled' : 'expired', undoUntil: null, endedAt: at };
    case 'told':
      return told(record, event.booked, at);
    case 'acknowledged':
      return { acknowledged: new Map([...record.acknowledged, [event.practice, { by, at }]]) };
    case 'trouble':
      return { trouble: event.text };
    case 'followed':
      return { followed: { at, practices: event.practices } };
  }
}

const UNDECIDED = {
  ...{ state: 'proposed', decidedBy: null, decidedAt: null, undoUntil: null, refusal: null, offered: null },
  ...{ heldUntil: null, heldAt: null, endedAt: null, trouble: '' },
} as const satisfies Change;

function looked(record: RedirectionRecord, event: Extract<RedirectionEvent, { type: 'looked' }>): Change {
  const held = new Map(
    [...record.held].map(([handle, each]) => [handle, { ...each, state: event.states[handle] ?? each.state }]),
  );
  const told = event.absent === null ? {} : { absent: event.absent, absentAt: event.at };
  const next = { held, ...told, trouble: '' };
  const all = [...held.values()];
  const done = record.state === 'held' && all.length > 0 && all.every(({ state }) => state !== 'held');
  if (!done) return next;
  const state = all.some((each) => each.state === 'booked') ? ('fulfilled' as const) : ('expired' as const);
  return { ...next, state, undoUntil: null, endedAt: event.at };
}

function told(record: RedirectionRecord, booked: number, at: EpochMs): Change {
  // Told afterwards, it came to what it came to: what was given back stays given back.
  if (record.endedAt !== null)
    return record.state === 'released'
      ? { toldBooked: booked }
      : { toldBooked: booked, state: booked > 0 ? 'fulfilled' : 'expired' };
  const done = booked >= slotsIn(record.draft);
  return done ? { toldBooked: booked, state: 'fulfilled', undoUntil: null, endedAt: at } : { toldBooked: booked };
}
