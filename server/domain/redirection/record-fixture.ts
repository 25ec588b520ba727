import { fromInstant, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Draft, DraftSlot } from './drafts.ts';
import {
  applyEvent,
  type HeldSlot,
  type HeldState,
  type RedirectionEvent,
  type RedirectionRecord,
  type Seen,
} from './record.ts';

/** When the first slot of a made-up redirection begins; the others follow every 15 minutes. */
export const FIRST_SLOT = fromInstant('2026-01-12T11:00:00Z');

const nobody = { level: null, score: null };
const effect = (unit: string) => ({ unit, name: unit, before: nobody, after: nobody });
type Slots = readonly (Partial<DraftSlot> & { readonly count: number })[];

/** What is on offer in a made-up redirection: each slot for practice P1, in person, 2 km away, unless it says otherwise. */
export const draftOf = (slots: Slots, given: Partial<Draft> = {}): Draft => ({
  ...{ hub: 'HUB1', unit: 'N1', borrowed: false },
  slots: slots.map((slot, i) => ({
    ...{ start: FIRST_SLOT + i * 15 * MINUTE, minutes: 15, channel: 'in-person', role: null, service: null, lot: 'L' },
    ...{ practice: 'P1', need: 'urgent', km: slot.channel === 'telephone' ? null : 2 },
    ...slot,
  })),
  ...given,
});

export const seenOf = (waiting: Readonly<Record<string, number>>): Seen => ({
  waiting: Object.fromEntries(Object.entries(waiting).map(([practice, urgent]) => [practice, { urgent }])),
  effects: { unit: effect('N1'), hub: effect('HUB1'), practices: Object.keys(waiting).map(effect) },
  taken: null,
});

/** Each slot of a draft as a hub holds it, named by its place. */
export const heldOf = ({ slots }: Draft): HeldSlot[] =>
  slots.flatMap(({ count, start, minutes, channel, role, service, practice, need }) =>
    Array.from({ length: count }, (_, i) => ({
      ...{ start, minutes, channel, role, service, practice, need },
      handle: `${practice}-${start}-${i}`,
    })),
  );

interface Story {
  readonly id: string;
  readonly draft: Draft;
  readonly seen: Seen;
  readonly at: EpochMs;
  readonly by?: string;
}

/** The steps of one redirection, to be put together by a test. */
export function steps({ id, draft, seen, at, by = 'lead' }: Story) {
  const base = (minutes: number) => ({ at: at + minutes * MINUTE, id });
  const key = (verb: string) => `${verb}-${id}`;
  return {
    proposed: (own = false): RedirectionEvent => ({
      ...{ ...base(0), type: 'proposed', by: own ? by : 'system', draft, seen, answerBy: at + 30 * MINUTE },
    }),
    lapsed: (): RedirectionEvent => ({ ...base(30), type: 'lapsed', by: 'system' }),
    withdrawn: (): RedirectionEvent => ({ ...base(5), type: 'withdrawn', by: 'system' }),
    refused: (minutes = 6): RedirectionEvent => ({
      ...{ ...base(minutes), type: 'refused', by, key: key('refuse'), reason: 'too-far', undoUntil: 0, seen },
    }),
    accepted: (minutes = 4, taken = draft, written = true): RedirectionEvent => ({
      ...{ ...base(minutes), type: 'accepted', by, key: key('accept'), draft: taken, seen, written },
      ...{ heldUntil: at + 60 * MINUTE, undoUntil: 0, offered: draft.slots.reduce((sum, { count }) => sum + count, 0) },
    }),
    held: (slots = heldOf(draft)): RedirectionEvent => ({ ...base(5), type: 'held', by: 'system', slots }),
    looked: (states: readonly HeldState[], absent: number | null = null, minutes = 50): RedirectionEvent => ({
      ...{ ...base(minutes), type: 'looked', by: 'system', absent },
      states: Object.fromEntries(heldOf(draft).flatMap(({ handle }, i) => (states[i] ? [[handle, states[i]]] : []))),
    }),
    told: (booked: number): RedirectionEvent => ({ ...base(55), type: 'told', by, key: key('tell'), booked }),
    ended: (): RedirectionEvent => ({ ...base(60), type: 'ended', by: 'system' }),
  };
}

export function folded(events: readonly RedirectionEvent[]): RedirectionRecord {
  let record: RedirectionRecord | undefined;
  for (const event of events) record = applyEvent(record, event);
  if (!record) throw new Error('No event, no record');
  return record;
}
