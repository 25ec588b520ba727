import type { MetricName } from '$shared/model/metrics';
import type { SeriesBody } from '$shared/protocol/api';
import { SvelteMap } from 'svelte/reactivity';
import { getSeries } from '../api/get.ts';
import { paced } from '../live/paced.ts';
import type { DayWindow } from './window.ts';

/** History is asked again at least this often (real time); between two answers the live values extend it. */
const REFRESH_MS = 20_000;
/** Level of detail: counts by quarter hour, gauges every five minutes. */
export const QUARTER_STEP = 900_000;
export const GAUGE_STEP = 300_000;

export interface SeriesWanted {
  readonly metric: MetricName;
  readonly step: number;
}

/** One metric's history: the last good answer, and whether the latest attempt failed. */
export interface SeriesState {
  readonly body: SeriesBody | null;
  readonly failed: boolean;
}

/** The histories that one unit's charts are drawn from; asks by itself until closed. A failure keeps the last answer. */
export class SeriesBook {
  readonly states = new SvelteMap<MetricName, SeriesState>();
  #unit: string;
  #window: () => DayWindow | null;
  #wanted: readonly SeriesWanted[];
  #leave = new AbortController();
  #stop: () => void;
  #asking = false;

  /** `window` is read at each asking: null before the clock is known. */
  constructor(unit: string, wanted: readonly SeriesWanted[], window: () => DayWindow | null, pace: () => number) {
    this.#unit = unit;
    this.#wanted = wanted;
    this.#window = window;
    this.#stop = paced({ pace, stepMs: GAUGE_STEP, mostMs: () => REFRESH_MS }, () => void this.ask());
  }

  state(metric: MetricName): SeriesState {
    return this.states.get(metric) ?? { body: null, failed: false };
  }

  /** Asks for everything once; does nothing while an asking is under way or the page is hidden. */
  async ask(): Promise<void> {
    const window = this.#window();
    if (this.#asking || !window || document.visibilityState === 'hidden') return;
    this.#asking = true;
    await Promise.all(this.#wanted.map((wanted) => this.#askOne(wanted, window)));
    this.#asking = false;
  }

  close(): void {
    this.#stop();
    this.#leave.abort();
  }

  async #askOne({ metric, step }: SeriesWanted, { from, to }: DayWindow): Promise<void> {
    const answer = await getSeries({ unit: this.#unit, metric, from, to, step }, this.#leave.signal);
    if (this.#leave.signal.aborted) return;
    this.states.set(
      metric,
      answer.ok ? { body: answer.body, failed: false } : { body: this.state(metric).body, failed: true },
    );
  }
}
