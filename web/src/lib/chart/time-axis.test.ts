import { describe, expect, it } from 'vitest';
import { hourMarks, hoursApart, shareOf } from './time-axis.ts';

const at = (text: string) => Date.parse(text);

describe('marks of the axis', () => {
  it('stand on whole local hours from edge to edge', () => {
    const marks = hourMarks(at('2026-07-01T06:00:00Z'), at('2026-07-01T18:00:00Z'), 1);
    expect(marks.map((m) => m.label)).toEqual('7am 8am 9am 10am 11am midday 1pm 2pm 3pm 4pm 5pm 6pm 7pm'.split(' '));
    expect(marks[0]?.share).toBe(0);
    expect(marks.at(-1)?.share).toBe(1);
  });

  it('thin out where there is less room', () => {
    const from = at('2026-11-23T07:00:00Z');
    const to = at('2026-11-23T21:00:00Z');
    expect(hoursApart(from, to, 1400)).toBe(1);
    expect(hoursApart(from, to, 400)).toBe(2);
    expect(hoursApart(from, to, 160)).toBe(6);
    expect(hourMarks(from, to, 4).map((m) => m.label)).toEqual(['8am', 'midday', '4pm', '8pm']);
  });

  it('fall on the wall clock also when the clocks change', () => {
    const spring = hourMarks(at('2026-03-29T00:00:00Z'), at('2026-03-29T23:00:00Z'), 6);
    expect(spring.map((m) => m.label)).toEqual(['midnight', '6am', 'midday', '6pm', 'midnight']);
    expect(spring[1]?.at).toBe(at('2026-03-29T05:00:00Z'));
  });

  it('gives no place on an axis without length', () => {
    expect(shareOf(5, 5, 5)).toBe(0);
  });
});
