import type { Absence } from '#shared/model/absence.ts';
import { METRIC_NAMES, METRICS, type MetricMeasure } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { MetricState } from '#shared/model/unit.ts';

export { roundFor, steadyUsual } from '../domain/rounding.ts';

export const MEASURES: readonly MetricMeasure[] = METRIC_NAMES.map((name) => METRICS[name].measure);

/** One metric as it is to be published; `value` and `usual` rounded. */
export interface MetricNow {
  readonly value: number | null;
  readonly absence: Absence | null;
  readonly detail: string | null;
  readonly last: { readonly value: number; readonly at: EpochMs } | null;
  readonly usual: number | undefined;
  readonly feed: string | undefined;
  readonly coverage: number | undefined;
  readonly estimated: boolean;
  /** When the value was seen, should it have changed; null: never. */
  readonly observedAt: EpochMs | null;
}

/** The published form, or null where it is as before: most metrics are, and nothing is built for those. */
export function metricState(
  now: MetricNow,
  before: MetricState | undefined,
  instant: (at: EpochMs) => string,
): MetricState | null {
  const stands = before !== undefined && before.value === now.value && before.absence === now.absence;
  if (
    stands &&
    (before.detail ?? null) === now.detail &&
    before.usual === now.usual &&
    before.feed === now.feed &&
    before.coverage === now.coverage &&
    (before.estimated === true) === (now.estimated && now.value !== null) &&
    before.last?.value === now.last?.value &&
    (now.last === null || before.last?.observedAt === instant(now.last.at))
  ) {
    return null;
  }
  const observedAt = now.observedAt === null ? null : instant(now.observedAt);
  const state: MetricState = {
    value: now.value,
    absence: now.absence,
    observedAt: stands ? before.observedAt : observedAt,
  };
  if (now.detail !== null) state.detail = now.detail;
  if (now.last !== null) state.last = { value: now.last.value, observedAt: instant(now.last.at) };
  if (now.usual !== undefined) state.usual = now.usual;
  if (now.estimated && now.value !== null) state.estimated = true;
  if (now.feed !== undefined) state.feed = now.feed;
  if (now.coverage !== undefined) state.coverage = now.coverage;
  return state;
}
