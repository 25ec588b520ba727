import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { SlotWriter } from '../domain/redirection/ports.ts';
import { RedirectionProblem } from '../domain/redirection/problem-codes.ts';
import { outstanding, type RedirectionRecord } from '../domain/redirection/record.ts';

const cannot = (text: string) => new RedirectionProblem('NOT_POSSIBLE_NOW', text);

/** Until when it would be held if it were made longer; null where it cannot be. */
export function mayKeepUntil(record: RedirectionRecord, policy: RedirectionPolicy): EpochMs | null {
  if (record.state !== 'held') return null;
  try {
    return longerUntil(record, policy);
  } catch (error) {
    if (error instanceof RedirectionProblem) return null;
    throw error;
  }
}

/** Until when it is held if it is made longer. Throws `NOT_POSSIBLE_NOW`. */
export function longerUntil({ keeps, draft, heldUntil }: RedirectionRecord, policy: RedirectionPolicy): EpochMs {
  if (keeps > 0) throw cannot('It was made longer once already');
  const last = Math.max(...draft.slots.map(({ start }) => start)) - policy.endsBeforeMinutes * MINUTE;
  const until = Math.min((heldUntil ?? 0) + policy.keepMinutes * MINUTE, last);
  if (until <= (heldUntil ?? 0)) throw cannot('Its slots begin too soon to hold them longer');
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
