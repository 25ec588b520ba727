import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { SlotWriter } from '../domain/redirection/ports.ts';
import { RedirectionProblem } from '../domain/redirection/problem-codes.ts';
import { outstanding, type RedirectionRecord } from '../domain/redirection/record.ts';

const cannot = (text: string) => new RedirectionProblem('NOT_POSSIBLE_NOW', text);

/** Until when it would be held if it were made longer, or in words why it cannot be. */
function longest({ keeps, draft, heldUntil }: RedirectionRecord, policy: RedirectionPolicy): EpochMs | string {
  if (keeps > 0) return 'It was made longer once already';
  const last = Math.max(...draft.slots.map(({ start }) => start)) - policy.endsBeforeMinutes * MINUTE;
  const until = Math.min((heldUntil ?? 0) + policy.keepMinutes * MINUTE, last);
  return until > (heldUntil ?? 0) ? until : 'Its slots begin too soon to hold them longer';
}

/** Null: it cannot be made longer. */
export function mayKeepUntil(record: RedirectionRecord, policy: RedirectionPolicy): EpochMs | null {
  const until = longest(record, policy);
  return record.state === 'held' && typeof until === 'number' ? until : null;
}

/** Throws `NOT_POSSIBLE_NOW`. */
export function longerUntil(record: RedirectionRecord, policy: RedirectionPolicy): EpochMs {
  const until = longest(record, policy);
  if (typeof until === 'string') throw cannot(until);
  return until;
}

/**
 * Has the hub hold it longer, before that is written down: a hub lets go by its own clock, and what it holds longer than
 * we know of is given back when we say that it ends. Throws `NOT_POSSIBLE_NOW`.
 */
export async function holdLonger(
  writer: Pick<SlotWriter, 'longer'>,
  record: RedirectionRecord,
  until: EpochMs,
): Promise<void> {
  // Somebody rings where nothing is written.
  if (!record.written) return;
  const answer = await writer.longer(record.draft.hub, record.id, until, outstanding(record));
  if (answer.kind !== 'held') throw cannot(answer.reason);
}
