import type { MetricState } from '$shared/model/unit';
import { sayAbsenceFully } from '../format/absence.ts';
import { sayNumber } from '../format/numbers.ts';

/** "22% above usual Monday"; nothing where no usual is known or it is too small to compare with. */
export function againstUsual(metric: MetricState | undefined, weekday: string): string {
  const { value = null, usual } = metric ?? {};
  if (value === null || usual === undefined || usual < 1) return '';
  const share = value / usual - 1;
  const percent = Math.round(Math.abs(share) * 100);
  if (percent < 3) return `as on a usual ${weekday}`;
  return `${percent}% ${share > 0 ? 'above' : 'below'} usual ${weekday}`;
}

/** "usual now 7,900" where known; where there is no value, why. */
export function usualNow(metric: MetricState | undefined): string {
  if (metric && metric.value === null) return sayAbsenceFully(metric.absence, metric.detail);
  return metric?.usual === undefined ? '' : `usual now ${sayNumber(metric.usual)}`;
}
