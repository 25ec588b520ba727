import { describe, expect, it } from 'vitest';
import { runsOfDay } from './day.ts';
import { linePath } from './line.ts';
import { sayCount, sayMeasure, sayShare } from './numbers.ts';
import { plain, splitBold } from './sentence.ts';
import { atHour, dayStart, quarterOf, sayClock, sayDate, sayDuration, sayTime, sayTimeOfDay } from './time.ts';

const at = (text: string) => Date.parse(text);

describe('times as people say them', () => {
  it.each([
    ['2026-11-23T09:42:10Z', '9:42am'],
    ['2026-11-23T17:00:00Z', '5pm'],
    ['2026-11-23T12:00:00Z', 'midday'],
    ['2026-11-23T00:00:00Z', 'midnight'],
    ['2026-07-06T07:05:00Z', '8:05am'],
  ])('%s is %s in London', (instant, words) => {
    expect(sayTime(at(instant))).toBe(words);
  });
  it('keeps the minutes in clocks, so that their width does not jump', () => {
    expect(sayClock(at('2026-11-23T12:00:00Z'))).toBe('12:00pm');
    expect(['13:00', '08:30', '12:00', '24:00'].map(sayTimeOfDay)).toEqual(['1pm', '8:30am', 'midday', 'midnight']);
  });
  it('names the day', () => {
    expect(sayDate(at('2026-11-23T09:42:00Z'))).toBe('Monday 23 November');
  });
  it.each([
    [4000, '4 s'],
    [11 * 60_000, '11 min'],
    [148 * 60_000, '2 h 28 min'],
    [64 * 3_600_000, '2 d 16 h'],
  ])('%d ms is %s', (ms, words) => {
    expect(sayDuration(ms)).toBe(words);
  });
});

describe('the London day', () => {
  it.each([
    ['an ordinary day', '2026-11-23T09:42:00Z', '2026-11-23T00:00:00Z'],
    ['a summer day', '2026-07-06T22:30:00Z', '2026-07-05T23:00:00Z'],
    ['the evening of a 23-hour day', '2026-03-29T20:00:00Z', '2026-03-29T00:00:00Z'],
    ['the evening of a 25-hour day', '2026-10-25T20:00:00Z', '2026-10-24T23:00:00Z'],
  ])('starts right on %s', (_name, now, start) => {
    expect(dayStart(at(now))).toBe(at(start));
  });
  it('finds 7am by the wall clock when the clocks change', () => {
    expect(atHour(at('2026-03-29T20:00:00Z'), 7)).toBe(at('2026-03-29T06:00:00Z'));
    expect(atHour(at('2026-10-25T20:00:00Z'), 7)).toBe(at('2026-10-25T07:00:00Z'));
  });
  it('counts quarter hours from midnight', () => {
    expect(quarterOf(at('2026-11-23T09:42:00Z'))).toBe(38);
  });
});

describe('numbers', () => {
  it('never says all of almost all, nor none of almost none', () => {
    expect(sayShare(0.999)).toBe('99%');
    expect(sayShare(1)).toBe('100%');
    expect(sayShare(0.001)).toBe('under 1%');
    expect(sayShare(0)).toBe('0%');
  });
  it('says a measure with its unit', () => {
    expect(sayMeasure(660, 'seconds')).toBe('11 min');
    expect(sayMeasure(31480, 'count')).toBe('31,480');
    expect(sayCount(1, 'practice')).toBe('1 practice');
  });
});

describe('sentences', () => {
  it('splits bold parts and leaves an unclosed mark alone', () => {
    expect(splitBold('Wait **11 min** now')).toEqual([
      { text: 'Wait ', bold: false },
      { text: '11 min', bold: true },
      { text: ' now', bold: false },
    ]);
    expect(splitBold('odd ** mark')).toEqual([{ text: 'odd ** mark', bold: false }]);
    expect(plain('**a** b')).toBe('a b');
  });
});

describe('strips and lines', () => {
  it('joins equal quarter hours, keeps unknown apart, and shows nothing after now', () => {
    expect(runsOfDay('..112??4', 0, 8, 6)).toEqual([
      { level: 1, from: 2, to: 4 },
      { level: 2, from: 4, to: 5 },
      { level: 0, from: 5, to: 7 },
    ]);
  });
  it('breaks the line at a gap', () => {
    expect(
      linePath(
        [1, 2, null, 3],
        (x) => x,
        (y) => y,
      ),
    ).toBe('M0.0 1.0L1.0 2.0M3.0 3.0h0.1');
  });
});
