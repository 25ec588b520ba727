import type { Redirection } from '$shared/protocol/redirections';
import { MINUTE, type EpochMs } from '$shared/model/time';
import { instantMs } from '../format/time.ts';

/** How long a row that has come to nothing still says so. */
export const SAYS_SO_MS = 10 * MINUTE;
/** The last minutes of a hold stand in ink, and are announced once. */
export const LAST_MS = 5 * MINUTE;

/** What can be done with it, and how it is drawn: to decide, set aside, come to an end that stays or that goes. */
export type Phase = 'open' | 'held' | 'done' | 'ended' | 'replaced';

export function phaseOf({ state }: Pick<Redirection, 'state'>): Phase {
  switch (state) {
    case 'proposed':
      return 'open';
    case 'holding':
    case 'held':
      return 'held';
    case 'fulfilled':
      return 'done';
    case 'withdrawn':
      return 'replaced';
    default:
      return 'ended';
  }
}

/** When it came to its end; of one that has not, or says no step, when its hold ends. */
export function endedAt({ steps, heldUntil }: Pick<Redirection, 'steps' | 'heldUntil'>): EpochMs {
  return instantMs(steps.at(-1)?.at) ?? instantMs(heldUntil) ?? 0;
}

/** It is over, and only a person could say how many were booked: nobody has. */
export const isUntold = ({ state, outcome }: Pick<Redirection, 'state' | 'outcome'>): boolean =>
  state !== 'held' && outcome !== null && outcome.booked === null;

/** Stands in the list: what is open, held, used or not told of for the day, what came to nothing for ten minutes. */
export function isListed(redirection: Redirection, now: EpochMs): boolean {
  if (isUntold(redirection)) return true;
  const phase = phaseOf(redirection);
  if (phase === 'replaced') return false;
  return phase !== 'ended' || now - endedAt(redirection) < SAYS_SO_MS;
}

const ORDER: readonly Phase[] = ['open', 'held', 'ended', 'done', 'replaced'];

/** Proposals by rank; what is held, soonest to end first; then what has ended, newest first. */
export function inOrder(redirections: readonly Redirection[]): Redirection[] {
  const within = (a: Redirection, b: Redirection) => {
    switch (phaseOf(a)) {
      case 'open':
        return (a.rank ?? Infinity) - (b.rank ?? Infinity);
      case 'held':
        return (instantMs(a.heldUntil) ?? 0) - (instantMs(b.heldUntil) ?? 0);
      default:
        return endedAt(b) - endedAt(a);
    }
  };
  return [...redirections].sort(
    (a, b) => ORDER.indexOf(phaseOf(a)) - ORDER.indexOf(phaseOf(b)) || within(a, b) || (a.id < b.id ? -1 : 1),
  );
}

/** How much of a hold is left: product milliseconds, and as a part of the whole; none once it is over. */
export function leftOf(
  { heldUntil, decidedAt }: Pick<Redirection, 'heldUntil' | 'decidedAt'>,
  now: EpochMs,
): { ms: number; share: number; last: boolean } {
  const until = instantMs(heldUntil) ?? now;
  const ms = Math.max(0, until - now);
  const whole = until - (instantMs(decidedAt) ?? now);
  return { ms, share: whole > 0 ? Math.min(1, ms / whole) : 0, last: ms <= LAST_MS };
}

/** What a phone shows first: the best proposal, or else what is held and ends soonest. */
export function leadOf(redirections: readonly Redirection[]): Redirection | null {
  const [first] = inOrder(redirections);
  return first && ['open', 'held'].includes(phaseOf(first)) ? first : null;
}
