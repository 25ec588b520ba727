import { describe, expect, it } from 'vitest';
import type { MetricState } from '$shared/model/unit';
import { headroomOf, sumSeries } from './headroom.ts';
import { unitOf } from './unit-fixture.ts';

const NOW = Date.parse('2026-11-23T10:15:00Z');
const metric = (value: number | null): MetricState => ({
  value,
  absence: value === null ? 'unreachable' : null,
  observedAt: null,
});
const metrics = {
  'calls.waiting': metric(100),
  'callbacks.waiting': metric(200),
  'online.open': metric(50),
  'slots.free': metric(300),
};
const slotHours = [{ from: Date.parse('2026-11-23T11:00:00Z'), free: 20, booked: 0, held: 0 }];

describe('demand against capacity', () => {
  it('is what waits against what is left in practices and hubs', () => {
    expect(headroomOf(unitOf('s', { metrics, slotHours }), NOW)).toMatchObject({
      demand: 350,
      capacity: 320,
      left: -30,
    });
  });
  it('takes nothing unknown for zero: the sum of what is known stands, the difference does not', () => {
    const found = headroomOf(unitOf('s', { metrics: { ...metrics, 'online.open': metric(null) }, slotHours }), NOW);
    expect(found).toMatchObject({ demand: 300, capacity: 320, left: null, soFar: null });
    expect(headroomOf(unitOf('s'), NOW)).toMatchObject({ demand: null, capacity: null, left: null });
  });
  it('leaves a gap where one of the summed series has one', () => {
    const summed = sumSeries([
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      [
        [0, 10],
        [1, null],
      ],
    ]);
    expect(summed).toEqual([
      [0, 11],
      [1, null],
      [2, null],
    ]);
  });
});
