import { describe, expect, it } from 'vitest';
import type { MetricState, Unit } from '$shared/model/unit';
import { weekMinutes } from './week-minutes.ts';

const known = (value: number, estimated = false): MetricState => ({
  value,
  absence: null,
  observedAt: '2026-01-12T09:00:00Z',
  ...(estimated ? { estimated: true } : {}),
});
const unit = (id: string, parent: string | null, metrics: Unit['metrics'] = {}) =>
  ({ id, parent, metrics }) as unknown as Unit;
const mapOf = (...units: Unit[]) => new Map(units.map((one) => [one.id, one]));

describe('minutes of hubs in a week', () => {
  it('are the own ones where the unit knows them, marked where they are estimated', () => {
    const place = unit('place', null, {
      'access.offered-per-1000': known(89.7, true),
      'access.booked-per-1000': known(9.6),
    });
    expect(weekMinutes(place, mapOf(place))).toMatchObject({
      of: { id: 'place' },
      offered: 89.7,
      booked: 9.6,
      estimated: true,
      most: 89.7,
    });
  });

  it('are those of the nearest group above that knows, and the bar always holds the 60', () => {
    const place = unit('place', null, { 'access.offered-per-1000': known(40) });
    const part = unit('part', 'place');
    expect(weekMinutes(part, mapOf(place, part))).toMatchObject({ of: { id: 'place' }, booked: null, most: 75 });
  });

  it('are nothing where nobody knows: missing is not zero', () => {
    const place = unit('place', null, {
      'access.offered-per-1000': { value: null, absence: 'not-reported', observedAt: null },
    });
    expect(weekMinutes(place, mapOf(place))).toBeNull();
  });
});
