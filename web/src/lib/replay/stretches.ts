import { HOUR, MINUTE } from '$shared/model/time';
import type { ReplayExtent } from '$shared/protocol/replay';

/** Something was recorded all the time from `from` to `to`, epoch ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const readStretches = ({ stretches }: ReplayExtent): readonly Stretch[] =>
  stretches.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));

/** The last recorded moment before `at` and the first one after it; both null where `at` itself is recorded. */
export function nearest(stretches: readonly Stretch[], at: number): { before: number | null; after: number | null } {
  if (stretches.some(({ from, to }) => from <= at && at <= to)) return { before: null, after: null };
  return {
    before: stretches.findLast(({ to }) => to < at)?.to ?? null,
    after: stretches.find(({ from }) => from > at)?.from ?? null,
  };
}

/** Where a look back begins: an hour ago, or the next full minute of which something is recorded. */
export function firstMoment(stretches: readonly Stretch[], now: number): number {
  const hourAgo = Math.floor((now - HOUR) / MINUTE) * MINUTE;
  const { before, after } = nearest(stretches, hourAgo);
  if (after !== null) return Math.ceil(after / MINUTE) * MINUTE;
  return before === null ? hourAgo : Math.floor(before / MINUTE) * MINUTE;
}

/** The last recorded full second of a day; null where nothing of it was recorded. */
export function lastWithin(stretches: readonly Stretch[], day: Stretch): number | null {
  const last = stretches.findLast(({ from, to }) => from < day.to && to >= day.from);
  if (!last) return null;
  const at = Math.floor(Math.min(last.to, day.to - 1) / 1000) * 1000;
  return at >= last.from && at >= day.from ? at : null;
}
