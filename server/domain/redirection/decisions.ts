import type { EpochMs } from '#shared/model/time.ts';
import { slotsIn } from './drafts.ts';
import { applyEvent, bookedOf, outstanding, type RedirectionEvent, type RedirectionRecord } from './record.ts';

/** What a person decided on a redirection, for the audit. */
export interface PersonsDecision {
  readonly at: EpochMs;
  readonly by: string;
  /** `redirection.accepted` and the like. */
  readonly action: string;
  /** Id of the redirection. */
  readonly subject: string;
  /** What it was about, what was decided, and what they saw. */
  readonly detail: Readonly<Record<string, unknown>>;
}

const ACTIONS: Partial<Readonly<Record<RedirectionEvent['type'], string>>> = {
  proposed: 'redirection.offered',
  accepted: 'redirection.accepted',
  refused: 'redirection.refused',
  undone: 'redirection.undone',
  kept: 'redirection.kept',
  released: 'redirection.released',
  told: 'redirection.told',
  acknowledged: 'redirection.acknowledged',
};

/** Everything that people decided on it, oldest first. What the system did is none of it. */
export function decisionsOf({ events }: Pick<RedirectionRecord, 'events'>): PersonsDecision[] {
  const decisions: PersonsDecision[] = [];
  let before: RedirectionRecord | undefined;
  for (const event of events) {
    const action = ACTIONS[event.type];
    if (action !== undefined && event.by !== 'system')
      decisions.push({ at: event.at, by: event.by, action, subject: event.id, detail: detailOf(event, before) });
    before = applyEvent(before, event);
  }
  return decisions;
}

function detailOf(event: RedirectionEvent, before: RedirectionRecord | undefined): PersonsDecision['detail'] {
  const draft = 'draft' in event ? event.draft : before?.draft;
  const about = { hub: draft?.hub, unit: draft?.unit, slots: draft && slotsIn(draft) };
  const key = 'key' in event ? { key: event.key } : {};
  return { ...about, ...key, ...said(event), saw: saw(event, before) };
}

function said(event: RedirectionEvent): object {
  switch (event.type) {
    case 'accepted':
      return { offered: event.offered, heldUntil: event.heldUntil, written: event.written, shares: event.draft.slots };
    case 'refused':
      return { reason: event.reason };
    case 'kept':
      return { heldUntil: event.heldUntil };
    case 'told':
      return { booked: event.booked };
    case 'acknowledged':
      return { practice: event.practice };
    default:
      return {};
  }
}

/** With an offer, who waits and what it would do; afterwards, how far it was. */
function saw(event: RedirectionEvent, before: RedirectionRecord | undefined): unknown {
  if (event.type === 'accepted' || event.type === 'proposed') return event.seen;
  if (event.type === 'refused') return event.seen ?? before?.seen;
  if (!before) return null;
  const { state, revision, heldUntil } = before;
  return { state, revision, heldUntil, booked: bookedOf(before), held: outstanding(before).length };
}
