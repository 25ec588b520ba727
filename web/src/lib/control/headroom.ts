import type { MetricState, Unit } from '$shared/model/unit';
import { freeFrom } from '../hubs/hours.ts';

type Points = readonly (readonly [at: number, value: number | null])[];

/** One part of a sum and what it is called; null: not known, and in no sum. */
export interface Part {
  readonly label: string;
  readonly value: number | null;
}

/** Contacts that want care now against those that can still be offered today. All figures are contacts. */
export interface Headroom {
  readonly wanting: readonly Part[];
  readonly offered: readonly Part[];
  /** Sums of the parts that are known; null where none is. */
  readonly demand: number | null;
  readonly capacity: number | null;
  /** Capacity less demand; null unless every part of both is known. */
  readonly left: number | null;
  /** What came since midnight: calls and online requests. */
  readonly soFar: number | null;
}

const valueOf = (metric: MetricState | undefined): number | null => metric?.value ?? null;

const sumOf = (parts: readonly { value: number | null }[]): number | null => {
  const known = parts.flatMap(({ value }) => value ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};

const whole = (parts: readonly Part[]) => parts.every(({ value }) => value !== null);

/** What waits (callers, callbacks, online requests) and what is left (same-day slots, hub slots) beneath a unit at `now`. */
export function headroomOf({ metrics, slotHours }: Unit, now: number): Headroom {
  const wanting: Part[] = [
    { label: 'on the phone', value: valueOf(metrics['calls.waiting']) },
    { label: 'callbacks', value: valueOf(metrics['callbacks.waiting']) },
    { label: 'online', value: valueOf(metrics['online.open']) },
  ];
  const offered: Part[] = [
    { label: 'same-day slots', value: valueOf(metrics['slots.free']) },
    { label: 'hub slots', value: slotHours.length > 0 ? freeFrom(slotHours, now) : null },
  ];
  const demand = sumOf(wanting);
  const capacity = sumOf(offered);
  const came = ['calls.inbound', 'online.clinical', 'online.admin'].map((name) => ({ value: valueOf(metrics[name]) }));
  return {
    wanting,
    offered,
    demand,
    capacity,
    left: demand !== null && capacity !== null && whole(wanting) && whole(offered) ? capacity - demand : null,
    soFar: came.every(({ value }) => value !== null) ? sumOf(came) : null,
  };
}

/** The sum of several series over the buckets of the first; a gap in one is a gap in the sum. */
export function sumSeries(series: readonly Points[]): Points {
  const [first = [], ...others] = series;
  const rest = others.map((points) => new Map(points));
  return first.map(([at, value]) => {
    const all = [value, ...rest.map((points) => points.get(at) ?? null)];
    return [at, all.includes(null) ? null : all.reduce<number>((sum, part) => sum + (part ?? 0), 0)] as const;
  });
}
