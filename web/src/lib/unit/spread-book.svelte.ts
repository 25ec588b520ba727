import type { Spread, SpreadNeighbours } from '$shared/protocol/spread';
import { get } from '../api/get.ts';
import { holdsLists } from '../api/shape.ts';

/** Which units lead or follow one, and how closely two of them go together. It changes by the day: asked once a visit. */
export class SpreadBook {
  body: SpreadNeighbours | null = $state.raw(null);
  /** The pair that is looked at. */
  pair: Spread | null = $state.raw(null);
  /** Other unit of the pair, set while its answer is on the way. */
  other: string | null = $state.raw(null);
  failed = $state.raw(false);
  #unit: string;
  #leave = new AbortController();

  constructor(unit: string) {
    this.#unit = unit;
    void this.ask();
  }

  async ask(): Promise<void> {
    const answer = await get(
      `/api/spread?a=${encodeURIComponent(this.#unit)}`,
      holdsLists<SpreadNeighbours>('neighbours'),
      this.#leave.signal,
    );
    if (this.#leave.signal.aborted) return;
    this.failed = !answer.ok;
    if (answer.ok) this.body = answer.body;
  }

  /** Looks closer at one pair; at the same one again: puts it away. */
  async look(other: string): Promise<void> {
    this.other = this.other === other ? null : other;
    this.pair = null;
    if (this.other === null) return;
    const answer = await get(
      `/api/spread?a=${encodeURIComponent(this.#unit)}&b=${encodeURIComponent(other)}`,
      holdsLists<Spread>('scales'),
      this.#leave.signal,
    );
    if (!this.#leave.signal.aborted && answer.ok && this.other === other) this.pair = answer.body;
  }

  close(): void {
    this.#leave.abort();
  }
}
