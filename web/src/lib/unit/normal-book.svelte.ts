import type { MetricName } from '$shared/model/metrics';
import type { NormalDay } from '$shared/protocol/normals';
import { SvelteMap } from 'svelte/reactivity';
import { get } from '../api/get.ts';
import { holdsLists } from '../api/shape.ts';

const isNormal = holdsLists<NormalDay>('quarters');

/** What is usual through one day for the metrics of a unit's charts: learned by night, so asked once a day. */
export class NormalBook {
  readonly days = new SvelteMap<MetricName, NormalDay>();
  #unit: string;
  #leave = new AbortController();

  constructor(unit: string) {
    this.#unit = unit;
  }

  /** `day`: `2026-11-23`. What could not be read leaves the charts without their ordinary range. */
  async show(metrics: readonly MetricName[], day: string): Promise<void> {
    await Promise.all(metrics.map((metric) => this.#ask(metric, day)));
  }

  close(): void {
    this.#leave.abort();
  }

  async #ask(metric: MetricName, day: string): Promise<void> {
    if (this.days.get(metric)?.day === day) return;
    const path = `/api/units/${encodeURIComponent(this.#unit)}/normal?metric=${metric}&day=${day}`;
    const answer = await get(path, isNormal, this.#leave.signal);
    if (answer.ok && !this.#leave.signal.aborted) this.days.set(metric, answer.body);
  }
}
