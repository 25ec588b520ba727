import { QUARTER } from '$shared/model/time';
import { getExtent } from '../api/replay.ts';
import { readStretches, type Stretch } from './stretches.ts';
import { getSeries } from '../api/get.ts';
import { dayStart } from '../format/time.ts';
import { HOUR } from '$shared/model/time';

/** What is known of the day under the scrubber: where something was recorded, and the system's score through it. */
export class DayBook {
  /** Stretches that can be replayed, epoch ms; null before the answer. */
  stretches: readonly Stretch[] | null = $state.raw(null);
  /** [epoch ms, score | null] by quarter hour; empty until it is there. */
  scores: readonly (readonly [number, number | null])[] = $state.raw([]);
  #leave = new AbortController();
  #day: number | null = null;

  constructor() {
    void this.#askExtent();
  }

  /** Asks for the day that holds `at`, unless it is there. */
  async show(unit: string, at: number): Promise<void> {
    const day = dayStart(at);
    if (this.#day === day) return;
    this.#day = day;
    this.scores = [];
    // 30 hours on is the next day, also on a day of 25 hours.
    const to = dayStart(day + 30 * HOUR);
    const ask = { unit, metric: 'pressure.score', from: day, to, step: QUARTER };
    const answer = await getSeries(ask, this.#leave.signal);
    if (this.#leave.signal.aborted || this.#day !== day) return;
    if (answer.ok) this.scores = answer.body.points;
    else this.#day = null;
  }

  close(): void {
    this.#leave.abort();
  }

  async #askExtent(): Promise<void> {
    const answer = await getExtent(this.#leave.signal);
    if (!answer.ok || this.#leave.signal.aborted) return;
    this.stretches = readStretches(answer.body);
  }
}
