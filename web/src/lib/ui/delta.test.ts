import { describe, expect, it } from 'vitest';
import { shareOff } from './delta.ts';

describe('how far from usual', () => {
  it.each([
    [122, 100, 22],
    [60, 100, -40],
    [0, 100, -100],
    [101, 100, 0],
    [99, 100, 0],
  ])('%d against %d', (value, usual, off) => expect(shareOff(value, usual)).toBe(off));

  it('says no share of what is hardly there, of what is absent, or of many times the usual', () => {
    expect(shareOff(3, 1)).toBeNull();
    expect(shareOff(null, 100)).toBeNull();
    expect(shareOff(900, 100)).toBeNull();
  });
});
