import type { EpochMs } from '#shared/model/time.ts';
import type { Span } from './core-hours.ts';
import type { Normal } from './ports.ts';

/** Share of the day's same-day slots that is to be expected still free at one time, and whether that is the site's own usual. */
export interface DayLine {
  readonly left: number;
  readonly own: boolean;
}

const knows = (normal: Normal, metric: Parameters<Normal['usual']>[1]) => normal.metrics?.has(metric) !== false;

/**
 * What is usually left at this time; where that is not known yet, slots should last as long as the calls do: the share of
 * the day's usual calls that is still to come; and where no calls are known, a straight line from opening to closing.
 */
export function dayLine(normal: Normal, site: string, at: EpochMs, { from, to }: Span): DayLine | null {
  if (at < from || at >= to) return null;
  const usual = knows(normal, 'slots.left-share') ? normal.usual(site, 'slots.left-share', at) : null;
  if (usual !== null) return { left: usual, own: true };
  const line = { left: (to - at) / (to - from), own: false };
  if (!knows(normal, 'calls.inbound')) return line;
  const opening = normal.usual(site, 'calls.inbound', from);
  // Closing is no part of the day: at midnight the count would begin again.
  const closing = normal.usual(site, 'calls.inbound', to - 1);
  const now = normal.usual(site, 'calls.inbound', at);
  if (opening === null || closing === null || now === null || closing <= opening) return line;
  return { left: Math.min(1, Math.max(0, (closing - now) / (closing - opening))), own: false };
}
