import type { Redirection, Redirections } from '$shared/protocol/redirections';
import { getRedirections } from '../api/redirections.ts';
import { repeat, type Repeated } from '../feeds/repeat.ts';
import { MINUTE } from '$shared/model/time';
import { untrack } from 'svelte';

/** Read again at least so often, whatever the board says of it. */
const EVERY_MS = 15_000;

/** Proposals and decisions of today, of one unit or of all. */
export class RedirectionsBook {
  /** Null before the first answer. Replaced, never changed. */
  body: Redirections | null = $state.raw(null);
  /** The last question was not answered; what came before still stands. */
  failed = $state.raw(false);
  readonly unit: string | null;
  #past: () => boolean;
  #pace: () => number;
  #repeated: Repeated | undefined;

  /** `past`: a replay is shown, in which nothing of now may stand. */
  constructor(unit: string | null, past: () => boolean, pace: () => number) {
    this.unit = unit;
    this.#past = past;
    this.#pace = pace;
  }

  /** Begins to ask; returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS, { pace: this.#pace, stepMs: MINUTE });
    this.#repeated = repeated;
    return () => {
      repeated.stop();
      this.#repeated = undefined;
    };
  }

  /** At once: something was decided, or the board says that something has changed. */
  changed(): void {
    this.#repeated?.now();
  }

  /** The board's number of the list; the same one again is not asked for. */
  follow(revision: number | null): void {
    // Only another number of the board's asks: the answer may be ahead of it.
    const known = untrack(() => this.body?.revision ?? null);
    if (revision !== null && known !== null && revision !== known) this.changed();
  }

  /** As the server has just answered: the list follows. */
  take(redirection: Redirection): void {
    if (!this.body) return;
    const others = this.body.redirections.filter(({ id }) => id !== redirection.id);
    this.body = { ...this.body, redirections: [...others, redirection] };
    this.changed();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    if (this.#past()) {
      this.body = null;
      return;
    }
    const answer = await getRedirections(this.unit, signal);
    if (signal.aborted) return;
    this.failed = !answer.ok;
    if (answer.ok) this.body = answer.body;
  }
}
