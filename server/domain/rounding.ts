import type { MetricMeasure } from '#shared/model/metrics.ts';
import { round } from './pressure/score.ts';

const DECIMALS: Record<MetricMeasure, number> = {
  count: 1,
  seconds: 0,
  minutes: 1,
  share: 3,
  ratio: 2,
  'per-1000': 2,
  'epoch-ms': 0,
};
/** Decimals of a metric's values as they are published. */
export const decimalsOf = (measure: MetricMeasure): number => DECIMALS[measure];
/** A value as it is published, judged and summed. */
export const roundFor = (measure: MetricMeasure, value: number): number => round(value, decimalsOf(measure));

/** Own normals drift with every second; one that moved less than a reader would notice is not sent again. */
export function steadyUsual(
  before: number | undefined,
  usual: number | null,
  measure: MetricMeasure,
): number | undefined {
  if (usual === null) return undefined;
  const next = roundFor(measure, measure === 'count' && usual >= 10 ? Math.round(usual) : usual);
  if (before === undefined) return next;
  const noticed = Math.max(Math.abs(before) * 0.02, measure === 'count' ? 0.5 : measure === 'seconds' ? 5 : 0.005);
  return Math.abs(next - before) >= noticed ? next : before;
}
