import { describe, expect, it } from 'vitest';
import { readNumber, shownNumber, unitOf } from './units.ts';

describe('a cut-off on the screen', () => {
  it.each([
    ['slots.left-share', 'absolute', '%', 100],
    ['calls.answered-share', 'usual-difference', 'points', 100],
    ['calls.longest-wait', 'usual-difference', 'min', 1 / 60],
    ['patients.without-slot', 'per-1000', 'per 1,000', 1],
    ['calls.inbound-60m', 'usual-ratio', '× usual', 1],
    ['slots.free-4h', 'absolute', 'slots', 1],
    ['iuc.shifts-filled', 'absolute', 'shifts', 1],
    ['online.oldest', 'absolute', 'min', 1],
  ] as const)('%s %s is written in "%s"', (metric, against, words, factor) => {
    expect(unitOf({ metric, against })).toEqual({ words, factor });
  });

  it('is read back as it was kept, whatever the factor', () => {
    for (const kept of [0.07, 0.29, 0.575, -0.04, 1, 0]) expect(readNumber(shownNumber(kept, 100), 100)).toBe(kept);
    for (const kept of [60, 180, 420, 45, 14_400]) expect(readNumber(shownNumber(kept, 1 / 60), 1 / 60)).toBe(kept);
  });

  it('keeps what is no number, so that its fault can be named', () => {
    expect(readNumber('a lot', 1)).toBe('a lot');
    expect(readNumber(' ', 1)).toBeNull();
    expect(shownNumber('a lot', 100)).toBe('a lot');
  });
});
