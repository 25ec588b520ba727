import { describe, expect, it } from 'vitest';
import { createElapsed } from './elapsed.ts';

function clocks() {
  const at = { monotonic: 1000, date: 5_000_000 };
  return {
    at,
    elapsed: createElapsed(
      () => at.monotonic,
      () => at.date,
    ),
  };
}

describe('the time that goes by', () => {
  it('is the monotonic clock while the computer is awake', () => {
    const { at, elapsed } = clocks();
    for (let look = 0; look < 100; look += 1) {
      at.monotonic += 250;
      at.date += 251;
      expect(elapsed()).toBe(at.monotonic);
    }
  });

  it('counts sleep through which the monotonic clock stood still, once', () => {
    const { at, elapsed } = clocks();
    at.monotonic += 250;
    at.date += 3_600_250;
    expect(elapsed()).toBe(at.monotonic + 3_600_000);
    at.monotonic += 250;
    at.date += 250;
    expect(elapsed()).toBe(at.monotonic + 3_600_000);
  });

  it('counts it no second time where the monotonic clock runs on, and never runs back', () => {
    const { at, elapsed } = clocks();
    at.monotonic += 3_600_000;
    at.date += 3_600_000;
    expect(elapsed()).toBe(at.monotonic);
    at.date -= 7_200_000;
    at.monotonic += 250;
    expect(elapsed()).toBe(at.monotonic);
  });
});
