import type { ScreenOrders } from '$shared/protocol/screens';
import type { Sent } from '../api/send.ts';
import { reconnectDelay } from '../live/line.ts';

/** `unpaired`: this browser is not that wall. `unreachable`: the server does not say. */
export type LinkState = 'unpaired' | 'live' | 'revoked' | 'unreachable';

/** A wall speaks this often. */
export const SPEAK_MS = 5000;
/** After new orders it asks again soon: the next step may follow at once. */
const SOON_MS = 250;
const UNPAIRED_MS = 15_000;

/**
 * How it stands between a wall and its server. What ended by the server's word (revoked, not paired) stays ended while
 * the server does not answer: silence gives nothing back.
 */
export function stateAfter(before: LinkState, answer: Sent<ScreenOrders>): LinkState {
  if (answer.ok) return 'live';
  if (answer.code === 'SCREEN_REVOKED') return 'revoked';
  if (answer.code === 'SCREEN_UNKNOWN' || answer.code === 'UNKNOWN_SCREEN') return 'unpaired';
  return before === 'revoked' || before === 'unpaired' ? before : 'unreachable';
}

/** Steps that a wall was told to take since its last orders; those of another run of the server were taken or lost. */
export function stepsSince(before: ScreenOrders | null, now: ScreenOrders): number {
  return before?.steps.run === now.steps.run ? now.steps.count - before.steps.count : 0;
}

/** Real milliseconds until the wall speaks again. `tookMs`: how long the answer took; `failed`: in a row. */
export function pauseAfter(
  answer: Sent<ScreenOrders>,
  given: { readonly isNew: boolean; readonly tookMs: number; readonly failed: number; readonly random: number },
): number {
  if (answer.ok) return given.isNew ? SOON_MS : Math.max(SOON_MS, SPEAK_MS - given.tookMs);
  if (answer.code === 'SCREEN_UNKNOWN' || answer.code === 'UNKNOWN_SCREEN') return UNPAIRED_MS;
  if (answer.code === 'SCREEN_REVOKED') return SPEAK_MS;
  return 500 + reconnectDelay(given.failed, given.random);
}
