import { MINUTE } from '$shared/model/time';
import type { Hubs } from '$shared/protocol/hubs';
import { getHubs } from '../api/hubs.ts';
import { repeat, type Repeated } from '../feeds/repeat.ts';
import type { AsOf } from '../live/live.svelte.ts';

const EVERY_MS = 15_000;
/** However often the board says that slots have changed, they are read again at most this often. */
const LEAST_MS = 3000;

/** Today's slots of one place's hubs, or of all by the hour, read again whenever the board says that they changed. */
export class HubsBook {
  /** Null before the first answer. Replaced, never changed. */
  body: Hubs | null = $state.raw(null);
  /** The last question was not answered; what came before still stands. */
  failed = $state.raw(false);
  readonly place: string | null;
  #asOf: () => AsOf;
  #pace: () => number;
  #repeated: Repeated | undefined;
  #askedMs = -Infinity;
  #due: ReturnType<typeof setTimeout> | undefined;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(place: string | null, asOf: () => AsOf, pace: () => number) {
    this.place = place;
    this.#asOf = asOf;
    this.#pace = pace;
  }

  /** Begins to ask; returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS, { pace: this.#pace, stepMs: MINUTE });
    this.#repeated = repeated;
    return () => {
      clearTimeout(this.#due);
      this.#due = undefined;
      repeated.stop();
      this.#repeated = undefined;
    };
  }

  /** Slots have changed: they are read again, though not at every change. */
  changed(): void {
    this.#due ??= setTimeout(
      () => {
        this.#due = undefined;
        this.#repeated?.now();
      },
      Math.max(0, this.#askedMs + LEAST_MS - performance.now()),
    );
  }

  /** At once: another moment is shown. */
  jump(): void {
    this.body = null;
    this.#repeated?.now();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined) return;
    this.#askedMs = performance.now();
    const answer = await getHubs({ place: this.place, asOf }, signal);
    if (signal.aborted) return;
    this.failed = !answer.ok;
    if (answer.ok) this.body = answer.body;
  }
}
