/** The pointer and the hint go when the hand has been away this long. */
const THERE_MS = 3000;

/** Somebody at a wall that nobody touches: Space, Enter or a click pauses, arrows step. */
export class HandBook {
  /** What was chosen here; null: as the screen's settings say. */
  paused: boolean | null = $state.raw(null);
  #elapsedMs: () => number;
  #isPaused: () => boolean;
  #step: (by: 1 | -1) => void;
  #lastMs = $state(-Infinity);

  constructor(elapsedMs: () => number, isPaused: () => boolean, step: (by: 1 | -1) => void) {
    this.#elapsedMs = elapsedMs;
    this.#isPaused = isPaused;
    this.#step = step;
  }

  isThere(nowMs: number): boolean {
    return nowMs - this.#lastMs < THERE_MS;
  }

  readonly move = (): void => {
    this.#lastMs = this.#elapsedMs();
  };

  readonly click = (): void => {
    this.move();
    this.paused = !this.#isPaused();
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' || event.key === 'Enter') this.click();
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      this.move();
      this.#step(event.key === 'ArrowRight' ? 1 : -1);
    } else return;
    event.preventDefault();
  };
}
