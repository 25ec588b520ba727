import type { MetricMeasure } from '$shared/model/metrics';
import { sayDuration, sayTime } from './time.ts';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** 31,480. */
export function sayNumber(value: number): string {
  return whole.format(value);
}

/** A share of 0 to 1 as 97%; almost all is never said to be all, and almost none never none. */
export function sayShare(share: number): string {
  if (share > 0.995 && share < 1) return '99%';
  if (share > 0 && share < 0.005) return 'under 1%';
  return `${Math.round(share * 100)}%`;
}

/** One metric's value with its unit, as a person would say it. Seconds become minutes from one minute on. */
export function sayMeasure(value: number, measure: MetricMeasure | (string & {})): string {
  switch (measure) {
    case 'seconds':
      return sayDuration(value * 1000);
    case 'minutes':
      return sayDuration(value * 60_000);
    case 'share':
      return sayShare(value);
    case 'ratio':
      return `${tenth.format(value)} times`;
    case 'per-1000':
      return tenth.format(value);
    case 'epoch-ms':
      return sayTime(value);
    default:
      return sayNumber(value);
  }
}

/** `1 practice`, `12 practices`. */
export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${sayNumber(count)} ${count === 1 ? one : many}`;
}
