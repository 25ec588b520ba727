import { describe, expect, it } from 'vitest';
import { londonDayStart, londonHour, londonMinutes, sayClock } from './london.ts';
import { hourMarks, hoursApart, shareOf } from './time-axis.ts';

const at = (text: string) => Date.parse(text);

describe('the London clock of the axis', () => {
  it('finds midnight on an ordinary day, in summer time and on both days when clocks change', () => {
    expect(londonDayStart(at('2026-11-23T09:42:10Z'))).toBe(at('2026-11-23T00:00:00Z'));
    expect(londonDayStart(at('2026-07-01T09:42:00Z'))).toBe(at('2026-06-30T23:00:00Z'));
    expect(londonDayStart(at('2026-03-29T12:00:00Z'))).toBe(at('2026-03-29T00:00:00Z'));
    expect(londonDayStart(at('2026-10-25T12:00:00Z'))).toBe(at('2026-10-24T23:00:00Z'));
  });

  it('puts wall-clock hours where the wall clock has them', () => {
    expect(londonHour(at('2026-03-29T12:00:00Z'), 9)).toBe(at('2026-03-29T08:00:00Z'));
    expect(londonHour(at('2026-03-29T12:00:00Z'), 23)).toBe(at('2026-03-29T22:00:00Z'));
    expect(londonHour(at('2026-10-25T12:00:00Z'), 9)).toBe(at('2026-10-25T09:00:00Z'));
    expect(londonHour(at('2026-10-25T12:00:00Z'), 24)).toBe(at('2026-10-26T00:00:00Z'));
    expect(londonHour(at('2026-03-29T12:00:00Z'), 24)).toBe(at('2026-03-29T23:00:00Z'));
  });

  it('counts minutes by the wall clock', () => {
    expect(londonMinutes(at('2026-07-01T08:30:30Z'))).toBe(570.5);
  });

  it('says times as people do', () => {
    expect(sayClock(at('2026-11-23T09:42:59Z'))).toBe('9:42am');
    expect(sayClock(at('2026-11-23T12:00:00Z'))).toBe('midday');
    expect(sayClock(at('2026-11-23T00:00:00Z'))).toBe('midnight');
    expect(sayClock(at('2026-11-23T17:00:00Z'))).toBe('5pm');
  });
});

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

  it('gives no place on an axis without length', () => {
    expect(shareOf(5, 5, 5)).toBe(0);
  });
});
