import { describe, expect, it } from 'vitest';
import { pathOf, placeOf } from './curve.ts';

describe('how two units go together, drawn', () => {
  it('has full agreement at the top, and leaves gaps open', () => {
    expect(
      pathOf(
        [
          [-1, 1],
          [0, null],
          [1, 0],
          [2, -1],
        ],
        30,
        10,
      ),
    ).toBe('M0 0M20 5L30 10');
  });

  it('is nothing without values', () => {
    expect(pathOf([[0, null]], 30, 10)).toBe('');
  });

  it('places a lag between its ends', () => {
    const curve: [number, number | null][] = [
      [-4, 0],
      [0, 0],
      [4, 0],
    ];
    expect(placeOf({ curve, step: 900_000 }, -900_000)).toBe(0.375);
    expect(placeOf({ curve, step: 900_000 }, 5_400_000)).toBeNull();
  });
});
