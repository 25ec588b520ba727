import { describe, expect, it } from 'vitest';
import { spansBefore } from './spans.ts';

const weekday = (at: number) => new Date(at).getUTCDay() || 7;
const of = (now: string) => Object.fromEntries(spansBefore(Date.parse(now), weekday).map((s) => [s.id, s]));
const iso = (at: number | undefined) => new Date(at ?? NaN).toISOString();

describe('stretches to test on', () => {
  it('begin and end at London midnights, also across a change of the clocks', () => {
    const { monday, week } = of('2026-10-27T10:00:00Z');
    expect(iso(monday?.from)).toBe('2026-10-26T00:00:00.000Z');
    expect(iso(monday?.to)).toBe('2026-10-27T00:00:00.000Z');
    expect(iso(week?.from)).toBe('2026-10-19T23:00:00.000Z');
    expect(iso(week?.to)).toBe('2026-10-27T00:00:00.000Z');
  });

  it('take the Monday of last week on a Monday', () => {
    expect(iso(of('2026-01-12T09:00:00Z')['monday']?.from)).toBe('2026-01-05T00:00:00.000Z');
  });

  it('end today at the whole minute', () => {
    expect(iso(of('2026-01-12T09:00:42Z')['today']?.to)).toBe('2026-01-12T09:00:00.000Z');
  });
});
