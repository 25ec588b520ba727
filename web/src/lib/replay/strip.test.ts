import { describe, expect, it } from 'vitest';
import { stripOf } from './strip.ts';

const HOUR = 3_600_000;
const quarter = (n: number) => n * 900_000;
const day = { from: 0, to: 24 * HOUR };

describe('the day under the scrubber', () => {
  it('joins quarter hours of one level, and leaves out what was not known', () => {
    const scores = [
      [quarter(32), 10],
      [quarter(33), 12],
      [quarter(34), null],
      [quarter(35), 60],
      [quarter(36), 90],
    ] as const;
    expect(stripOf(scores, [30, 52, 78], day)).toEqual([
      { from: 32 / 96, width: 2 / 96, level: 1 },
      { from: 35 / 96, width: 1 / 96, level: 3 },
      { from: 36 / 96, width: 1 / 96, level: 4 },
    ]);
  });

  it('says nothing of other days', () => {
    expect(stripOf([[25 * HOUR, 50]], [30, 52, 78], day)).toEqual([]);
  });
});
