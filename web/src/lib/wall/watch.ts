import { reloadDue, retryDelay } from './age.ts';
import { takeFreshPage } from '../live/fresh-page.ts';
import { pause } from '../live/pause.ts';

/**
 * After ten silent minutes: a fresh copy of the page, but only from a server that answers. `silentMs`: real time since
 * something was heard, null before it ever was; `upMs`: since the page began.
 */
export async function watchOver(silentMs: () => number | null, upMs: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(retryDelay(silentMs() ?? upMs(), Math.random()), signal);
    if (!signal.aborted && reloadDue(silentMs(), upMs())) await takeFreshPage(signal);
  }
}
