import { describe, expect, it } from 'vitest';
import { stripOf } from './strip.ts';

const HOUR = 3_600_000;

describe('the day under the scrubber', () => {
  it('joins quarter hours of one recorded level, and leaves out what was not recorded', () => {
    const levels = `${'.'.repeat(32)}11.34?`.padEnd(96, '.');
    expect(stripOf(levels, { from: 0, to: 24 * HOUR })).toEqual([
      { from: 32 / 96, width: 2 / 96, level: 1 },
      { from: 35 / 96, width: 1 / 96, level: 3 },
      { from: 36 / 96, width: 1 / 96, level: 4 },
      { from: 37 / 96, width: 1 / 96, level: 0 },
    ]);
  });

  it('ends with the day also where the clocks change', () => {
    const [all] = stripOf('2'.repeat(100), { from: 0, to: 25 * HOUR });
    expect(all).toEqual({ from: 0, width: 1, level: 2 });
    expect(stripOf('2'.repeat(92), { from: 0, to: 23 * HOUR })).toEqual([{ from: 0, width: 1, level: 2 }]);
  });
});
