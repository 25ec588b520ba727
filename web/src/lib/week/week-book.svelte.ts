import { MINUTE } from '$shared/model/time';
import type { Scorecard } from '$shared/protocol/scorecard';
import { getScorecard } from '../api/scorecard.ts';
import { repeat, type Repeated } from '../feeds/repeat.ts';
import type { AsOf } from '../live/live.svelte.ts';

const EVERY_MS = 15_000;

/** What the server said it could not answer; empty: it did. */
interface Trouble {
  readonly status: number;
  readonly detail: string;
}

/** One week's scorecard, read again while it is looked at: the current week goes on, and an older one may be told more of. */
export class WeekBook {
  /** Null before the first answer. Replaced, never changed. */
  body: Scorecard | null = $state.raw(null);
  /** Why the last question was not answered; what came before still stands. */
  trouble: Trouble | null = $state.raw(null);
  readonly week: string | null;
  readonly unit: string | null;
  #asOf: () => AsOf;
  #pace: () => number;
  #repeated: Repeated | undefined;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(week: string | null, unit: string | null, asOf: () => AsOf, pace: () => number) {
    this.week = week;
    this.unit = unit;
    this.#asOf = asOf;
    this.#pace = pace;
  }

  /** Begins to ask; returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS, { pace: this.#pace, stepMs: 5 * MINUTE });
    this.#repeated = repeated;
    return () => {
      repeated.stop();
      this.#repeated = undefined;
    };
  }

  /** At once: another moment is shown. */
  changed(): void {
    this.#repeated?.now();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined) return;
    const { week, unit } = this;
    const answer = await getScorecard({ week, unit, asOf }, signal);
    if (signal.aborted) return;
    this.trouble = answer.ok ? null : { status: answer.status, detail: answer.detail };
    if (answer.ok) this.body = answer.body;
  }
}
