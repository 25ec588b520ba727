import { describe, expect, it } from 'vitest';
import { readAt, writeAt } from './pointer.ts';

const rules = {
  levels: [30, 52, 78],
  indicators: [
    { id: 'a', weight: 1, to: '17:00' },
    { id: 'b', weight: 2 },
  ],
};

describe('one place of the rules', () => {
  it('is read, and leads nowhere without a fault', () => {
    expect(readAt(rules, '/indicators/1/weight')).toBe(2);
    expect(readAt(rules, '/indicators/7/weight')).toBeUndefined();
    expect(readAt(rules, '')).toBe(rules);
  });

  it('is changed in a copy that shares the rest', () => {
    const next = writeAt(rules, '/levels/1', 55) as typeof rules;
    expect(next.levels).toEqual([30, 55, 78]);
    expect(next.indicators).toBe(rules.indicators);
    expect(rules.levels[1]).toBe(52);
  });

  it('is taken out, of an object and of a list', () => {
    expect(writeAt(rules, '/indicators/0/to', undefined)).toEqual({
      levels: [30, 52, 78],
      indicators: [
        { id: 'a', weight: 1 },
        { id: 'b', weight: 2 },
      ],
    });
    expect((writeAt(rules, '/indicators/0', undefined) as typeof rules).indicators).toEqual([{ id: 'b', weight: 2 }]);
  });
});
