import { MINUTE } from '$shared/model/time';
import type { Change } from '$shared/protocol/api';
import { getChanges, MOST_CHANGES } from '../api/get.ts';
import { instantMs } from '../format/time.ts';
import type { AsOf } from '../live/live.svelte.ts';
import { paced } from '../live/paced.ts';

const REFRESH_MS = 20_000;
const STEP_MS = 5 * MINUTE;

/** Today's level changes, newest first; asked again by itself and whenever `ask` is called. Null before the first answer. */
export class ChangesBook {
  changes: readonly Change[] | null = $state.raw(null);
  failed = $state(false);
  /** Product time, epoch ms, where a full answer was cut off; null where it holds the whole day. */
  since: number | null = $state(null);
  #leave = new AbortController();
  #stop: () => void;
  #asOf: () => AsOf;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(asOf: () => AsOf, pace: () => number) {
    this.#asOf = asOf;
    this.#stop = paced({ pace, stepMs: STEP_MS, mostMs: () => REFRESH_MS }, () => void this.ask());
  }

  async ask(): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined || document.visibilityState === 'hidden') return;
    const answer = await getChanges(asOf, this.#leave.signal);
    if (this.#leave.signal.aborted) return;
    this.failed = !answer.ok;
    if (!answer.ok) return;
    this.changes = answer.body.changes;
    this.since = answer.body.changes.length < MOST_CHANGES ? null : instantMs(answer.body.changes.at(-1)?.at);
  }

  close(): void {
    this.#stop();
    this.#leave.abort();
  }
}
