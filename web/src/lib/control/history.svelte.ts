import { QUARTER } from '$shared/model/time';
import type { SeriesBody } from '$shared/protocol/api';
import { getSeries } from '../api/get.ts';
import { paced } from '../live/paced.ts';
import type { DayWindow } from './day-window.ts';

/** Real time between two reads: charts of quarter hours need no more, and a wall of tabs stays cheap. */
const READ_AGAIN_MS = 60_000;
const TRY_AGAIN_MS = 15_000;

export type HistoryState = 'loading' | 'ready' | 'failed';

/** The day's series of one unit, read again now and then while somebody looks. */
export class History {
  state: HistoryState = $state.raw('loading');
  body: SeriesBody | null = $state.raw(null);
  /** Why it failed: `STORE_UNAVAILABLE` where history is away. */
  code = $state.raw('');

  #ask: { unit: () => string; metric: string; step: number };
  #window: () => DayWindow;
  #pace: () => number;
  #stop = new AbortController();
  #asked = 0;

  constructor(unit: () => string, metric: string, window: () => DayWindow, pace: () => number, step = QUARTER) {
    this.#pace = pace;
    this.#ask = { unit, metric, step };
    this.#window = window;
  }

  /** Asks at once: another moment is looked at. */
  refresh(): void {
    void this.#read();
  }

  /** Returns the way out. */
  start(): () => void {
    void this.#read();
    const mostMs = () => (this.state === 'ready' ? READ_AGAIN_MS : TRY_AGAIN_MS);
    const { step } = this.#ask;
    const stop = paced({ pace: this.#pace, stepMs: step, mostMs }, () => {
      if (!document.hidden) void this.#read();
    });
    return () => {
      stop();
      this.#stop.abort();
    };
  }

  async #read(): Promise<void> {
    const { fromAt, toAt } = this.#window();
    const asked = (this.#asked += 1);
    const answer = await getSeries({ ...this.#ask, unit: this.#ask.unit(), from: fromAt, to: toAt }, this.#stop.signal);
    if (this.#stop.signal.aborted || asked !== this.#asked) return;
    this.state = answer.ok ? 'ready' : 'failed';
    this.code = answer.ok ? '' : answer.code;
    if (answer.ok) this.body = answer.body;
  }
}
