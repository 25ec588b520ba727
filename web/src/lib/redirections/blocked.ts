import type { Live } from '../live/live.svelte.ts';
import { sayTime } from '../format/time.ts';

/** Why nothing can be decided now, as it stands in the button; empty while something can. */
export function blockedBy({ replay, line, lastFrameAt }: Pick<Live, 'replay' | 'line' | 'lastFrameAt'>): string {
  if (replay) return 'This is a replay: nothing can be done in the past';
  if (line === 'live') return '';
  if (line === 'connecting') return 'Not connected yet';
  return lastFrameAt === null ? 'No answer from the server' : `Not live since ${sayTime(lastFrameAt)}`;
}
