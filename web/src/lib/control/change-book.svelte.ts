import type { Unit } from '$shared/model/unit';
import { getChanges } from '../api/get.ts';
import type { AsOf } from '../live/live.svelte.ts';
import { fromApi, liveChanges, mergeChanges, type ChangeItem } from './changes.ts';

/** The server's own list is read again after a live change, but not more often than this. */
const READ_AGAIN_MS = 10_000;

/** What changed today: the server's list, and on top of it what the live board showed since. */
export class ChangeBook {
  /** Every change of the day that is known here, newest first. */
  all: readonly ChangeItem[] = $state.raw([]);
  /** The newest live changes, for screen readers alone. */
  latest: readonly ChangeItem[] = $state.raw([]);
  failed = $state.raw(false);
  read = $state.raw(false);

  #before: ReadonlyMap<string, Unit> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();
  #asOf: () => AsOf;
  #asked = 0;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(asOf: () => AsOf) {
    this.#asOf = asOf;
  }

  /** Returns the way out. */
  start(): () => void {
    void this.#read();
    return () => {
      clearTimeout(this.#timer);
      this.#stop.abort();
    };
  }

  /** Forgets what it knows: another moment is looked at. */
  jump(): void {
    this.#before = null;
    this.all = [];
    this.latest = [];
    this.read = false;
    void this.#read();
  }

  /** Takes the next board; what differs from the last one becomes a line at once. */
  take(units: ReadonlyMap<string, Unit>): void {
    const before = this.#before;
    this.#before = units;
    if (!before || before.size === 0) return;
    const fresh = liveChanges(before, units);
    if (fresh.length === 0) return;
    this.latest = fresh;
    this.all = mergeChanges(this.all, fresh);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, READ_AGAIN_MS);
  }

  async #read(): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined) return;
    const asked = (this.#asked += 1);
    const answer = await getChanges(asOf, this.#stop.signal);
    // An answer about a moment that was left meanwhile.
    if (this.#stop.signal.aborted || asked !== this.#asked) return;
    this.failed = !answer.ok;
    if (!answer.ok) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#read();
      }, READ_AGAIN_MS);
      return;
    }
    this.read = true;
    this.all = mergeChanges(fromApi(answer.body.changes), this.all);
  }
}
