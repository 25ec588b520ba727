import { describe, expect, it } from 'vitest';
import { countFault, restartDelay } from './restart.ts';
import { fitName, stripLayout } from './strip-layout.ts';

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

describe('a wall that hit a fault', () => {
  it('restarts soon, and more slowly while it keeps failing, but at least once a minute', () => {
    const store = memory();
    const delays = [1000, 1000, 1000, 1000, 1000].map((uptime) => restartDelay(countFault(store, uptime)));
    expect(delays).toEqual([5000, 10_000, 20_000, 40_000, 60_000]);
  });

  it('forgives what lies ten good minutes back', () => {
    const store = memory();
    countFault(store, 1000);
    countFault(store, 1000);
    expect(countFault(store, 11 * 60_000)).toBe(0);
  });
});

describe('strips', () => {
  it('fill their room from two rows to ten and never get too small to read', () => {
    for (const rows of [1, 2, 5, 10]) {
      const layout = stripLayout(rows, 10);
      expect(layout.top + rows * layout.pitch).toBeLessThanOrEqual(470);
      expect(layout.digitSize).toBeGreaterThanOrEqual(28);
      expect(layout.nameSize).toBeGreaterThanOrEqual(28);
    }
    expect(stripLayout(10, 10).left).toBe(300);
  });

  it('give long names more room, then cut them at a word', () => {
    const layout = stripLayout(10, 60);
    expect(layout.left).toBe(560);
    expect(fitName('Bolton', layout.letters)).toBe('Bolton');
    const cut = fitName('Bath and North East Somerset, Swindon and Wiltshire', 30);
    expect(cut.length).toBeLessThanOrEqual(30);
    expect(cut.endsWith('…')).toBe(true);
  });
});
