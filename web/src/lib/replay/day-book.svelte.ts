import { MINUTE } from '$shared/model/time';
import { getUnit } from '../api/get.ts';
import { getExtent } from '../api/replay.ts';
import { lastWithin, readStretches, type Stretch } from './stretches.ts';

/** Real time between two looks at how far a recording that goes on has come. */
const AGAIN_MS = 20_000;

/** What is known of the day under the scrubber: where something was recorded, and the system's levels through it. */
export class DayBook {
  /** Stretches that can be replayed, epoch ms; null before the answer. */
  stretches: readonly Stretch[] | null = $state.raw(null);
  /** `Unit.day` as it stood when the day was last recorded, judged by the rules of then; empty until it is there. */
  levels = $state.raw('');
  #leave = new AbortController();
  #timer: ReturnType<typeof setInterval>;
  #day: (Stretch & { readonly unit: string }) | null = null;
  /** The moment that `levels` is of. */
  #at: number | null = null;

  constructor() {
    void this.#askExtent();
    this.#timer = setInterval(() => void this.#askExtent(), AGAIN_MS);
  }

  /** Asks for the levels of `unit` through this day. */
  show(unit: string, day: Stretch): void {
    if (this.#day?.from === day.from && this.#day.unit === unit) return;
    this.#day = { ...day, unit };
    this.#at = null;
    this.levels = '';
    void this.#askLevels();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#leave.abort();
  }

  async #askExtent(): Promise<void> {
    if (document.visibilityState === 'hidden') return;
    const answer = await getExtent(this.#leave.signal);
    if (!answer.ok || this.#leave.signal.aborted) return;
    this.stretches = readStretches(answer.body);
    await this.#askLevels();
  }

  async #askLevels(): Promise<void> {
    const day = this.#day;
    const at = day && lastWithin(this.stretches ?? [], day);
    // A quarter hour is the least that shows.
    if (!day || at === null || (this.#at !== null && at - this.#at < 15 * MINUTE)) return;
    const before = this.#at;
    this.#at = at;
    const answer = await getUnit(day.unit, at, this.#leave.signal);
    if (this.#leave.signal.aborted || this.#day !== day) return;
    if (answer.ok) this.levels = answer.body.day;
    else this.#at = before;
  }
}
