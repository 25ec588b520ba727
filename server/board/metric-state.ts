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
}

/**
 * The published form of what is not published yet (shown.ts knows). `observedAt`: when the value was seen, should it have
 * changed; null: never.
 */
export function metricState(
  now: MetricNow,
  observedAt: EpochMs | null,
  before: MetricState | undefined,
  instant: (at: EpochMs) => string,
): MetricState {
  const stands = before !== undefined && before.value === now.value && before.absence === now.absence;
  const state: MetricState = {
    value: now.value,
    absence: now.absence,
    observedAt: stands ? before.observedAt : observedAt === null ? null : instant(observedAt),
  };
  if (now.detail !== null) state.detail = now.detail;
  if (now.last !== null) state.last = { value: now.last.value, observedAt: instant(now.last.at) };
  if (now.usual !== undefined) state.usual = now.usual;
  if (now.estimated && now.value !== null) state.estimated = true;
  if (now.feed !== undefined) state.feed = now.feed;
  if (now.coverage !== undefined) state.coverage = now.coverage;
  return state;
}
