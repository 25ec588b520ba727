import type { MetricName } from '$shared/model/metrics';
import { metricSpec } from '$shared/model/metrics';
import type { Unit } from '$shared/model/unit';
import { valueAt } from '../chart/values.ts';
import { sayAbsenceFully } from '../format/absence.ts';
import { sayMeasure, sayNumber } from '../format/numbers.ts';
import type { LaneData } from './lane-data.ts';
import { usualSoFar } from './series.ts';
import { freeOf, slotsAhead } from './slots.ts';

/** A metric's value in words, or why it is not there. */
function now(unit: Unit, metric: MetricName): string {
  const state = unit.metrics[metric];
  return state && state.value !== null
    ? sayMeasure(state.value, metricSpec(metric).measure)
    : sayAbsenceFully(state?.absence ?? 'not-reported', state?.detail);
}

/** What was counted of a day's drawing, and what was only worked out. */
export function sayMeasured(lanes: readonly LaneData[]): string {
  const estimated = lanes.filter((data) => data.estimated).map(({ lane }) => lane.title.toLowerCase());
  if (estimated.length === 0) return 'bars and solid lines are measured';
  return `estimated: ${new Intl.ListFormat('en-GB').format(estimated)}; the rest is measured`;
}

/** The two quiet lines under a lane's title: where it stands now, and what is usual. */
export function laneNotes(data: LaneData, unit: Unit, at: number): readonly string[] {
  const usualNow = data.usual ? valueAt(data.usual.points, at, data.step) : null;
  const usual = usualNow === null ? [] : [`usual now ${data.say(usualNow)}`];
  switch (data.lane.id) {
    case 'calls': {
      const total = unit.metrics['calls.inbound']?.value ?? null;
      // The board's own figure where it has one: two ways of adding up would differ by a call or two.
      const soFar =
        unit.metrics['calls.inbound']?.usual ?? (data.usual ? usualSoFar(data.usual.points, at, data.step) : null);
      return [
        total === null ? now(unit, 'calls.inbound') : `${sayNumber(total)} so far`,
        ...(soFar === null ? [] : [`usual ${sayNumber(soFar)}`]),
      ];
    }
    case 'callbacks': {
      const oldest = unit.metrics['callbacks.oldest']?.value ?? null;
      return [
        now(unit, 'callbacks.waiting'),
        ...(oldest === null || oldest === 0 ? usual : [`oldest ${sayMeasure(oldest, 'seconds')}`]),
      ];
    }
    case 'slots': {
      const free = freeOf(unit);
      return [free ? `${sayNumber(free.free)} of ${sayNumber(free.all)}` : now(unit, 'slots.free'), ...usual];
    }
    case 'hours':
    case 'hub-hours': {
      const { free, held } = slotsAhead(unit.slotHours, at);
      return [`${sayNumber(free)} free`, ...(held > 0 ? [`${sayNumber(held)} held`] : [])];
    }
    default: {
      const first = data.lane.series[0]?.metric;
      return [...(first ? [now(unit, first)] : []), ...usual];
    }
  }
}
