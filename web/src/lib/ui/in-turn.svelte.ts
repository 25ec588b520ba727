/** A page that nobody looks at paints no frames: its parts come all the same. */
const UNSEEN_MS = 100;

/** Parts of a screen that come one after the other, each after what came before it has been painted. */
export class InTurn {
  /** So many parts may stand. */
  come = $state.raw(0);
  #parts: number;
  // Apart from the state: whoever starts it in an effect does not hang on it.
  #count = 0;

  constructor(parts: number) {
    this.#parts = parts;
  }

  /** Lets the first part come after the next frame. Returns the way out. */
  start(): () => void {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const drop = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
    const next = () => {
      drop();
      this.come = this.#count += 1;
      if (this.#count < this.#parts) wait();
    };
    const wait = () => {
      timer = setTimeout(next, UNSEEN_MS);
      frame = requestAnimationFrame(() => {
        clearTimeout(timer);
        // Begun within the frame it would hold that frame's picture up.
        timer = setTimeout(next, 0);
      });
    };
    if (this.#count < this.#parts) wait();
    return drop;
  }
}
