import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '$shared/model/time';
import { firstMoment, lastWithin, nearest } from './stretches.ts';

const stretches = [
  { from: 1 * HOUR, to: 2 * HOUR },
  { from: 4 * HOUR + 1500, to: 5 * HOUR },
];

describe('what is recorded beside a moment', () => {
  it.each([
    ['before everything', 0, null, 1 * HOUR],
    ['in a gap', 3 * HOUR, 2 * HOUR, 4 * HOUR + 1500],
    ['after everything', 6 * HOUR, 5 * HOUR, null],
    ['where it is recorded', 1.5 * HOUR, null, null],
  ])('%s', (_name, at, before, after) => {
    expect(nearest(stretches, at)).toEqual({ before, after });
  });

  it('is nothing where nothing ever was', () => {
    expect(nearest([], HOUR)).toEqual({ before: null, after: null });
  });
});

describe('where a look back begins', () => {
  it.each([
    ['an hour ago', 5.5 * HOUR + 17_000, 4.5 * HOUR],
    ['with the recording, where that is younger', 4.5 * HOUR, 4 * HOUR + MINUTE],
    ['at the end of the recording, where that has stopped', 9 * HOUR, 5 * HOUR],
  ])('%s', (_name, now, at) => {
    expect(firstMoment(stretches, now)).toBe(at);
  });

  it('an hour ago where nothing is known of a recording: the screen then says so', () => {
    expect(firstMoment([], 5 * HOUR)).toBe(4 * HOUR);
  });
});

describe('the last of a day that was recorded', () => {
  it.each([
    ['where the day went on unrecorded', { from: 0, to: 3 * HOUR }, 2 * HOUR],
    ['before the next day began', { from: 4 * HOUR, to: 4.5 * HOUR }, 4.5 * HOUR - 1000],
    ['where nothing of it was', { from: 2.5 * HOUR, to: 4 * HOUR }, null],
    ['where it was less than a full second', { from: 4 * HOUR, to: 4 * HOUR + 1800 }, null],
  ])('%s', (_name, day, at) => {
    expect(lastWithin(stretches, day)).toBe(at);
  });
});
