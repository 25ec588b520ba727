import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apply, diff, put } from './delta.ts';

const plain = fc.jsonValue({ maxDepth: 4 });
const copy = (value: unknown): unknown => structuredClone(value);

it('leads from any plain value to any other, and leaves the first as it was', () => {
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      const kept = copy(before);
      const delta = diff(before, after);
      const reached: unknown = delta === null ? before : apply(before, JSON.parse(JSON.stringify(delta)));
      expect(JSON.stringify(sorted(reached))).toBe(JSON.stringify(sorted(JSON.parse(JSON.stringify(after)))));
      expect(before).toEqual(kept);
    }),
    { numRuns: 500, seed: 4 },
  );
});

it('takes many changes in one after the other without touching what was there before them', () => {
  fc.assert(
    fc.property(fc.array(plain, { minLength: 2, maxLength: 6 }), (states) => {
      const [first] = states;
      const kept = copy(first);
      const owned = new Set<object>();
      let reached: unknown = first;
      states.slice(1).forEach((state, i) => {
        const delta = diff(states[i], state);
        if (delta !== null) reached = apply(reached, JSON.parse(JSON.stringify(delta)), owned);
      });
      expect(JSON.stringify(sorted(reached))).toBe(JSON.stringify(sorted(JSON.parse(JSON.stringify(states.at(-1))))));
      expect(first).toEqual(kept);
      let inPlace: unknown = kept;
      states.slice(1).forEach((state, i) => {
        const delta = diff(states[i], state);
        if (delta !== null) inPlace = put(inPlace, JSON.parse(JSON.stringify(delta)));
      });
      expect(inPlace).toEqual(reached);
    }),
    { numRuns: 500, seed: 5 },
  );
});

it('is nothing where nothing differs, and no longer than what does', () => {
  const unit = { id: 'P1', score: 3, metrics: { a: { value: 1 }, b: { value: 2 } }, list: [{ x: 1 }, { x: 2 }] };
  expect(diff(unit, copy(unit))).toBeNull();
  const after = { ...unit, metrics: { ...unit.metrics, b: { value: 5 } }, list: [{ x: 1 }, { x: 9 }] };
  expect(diff(unit, after)).toEqual(['metrics', ['b', ['value', [5]]], 'list', ['1', ['x', [9]]]]);
  expect(diff({ a: 1, detail: 'x' }, { a: 1 })).toEqual(['detail', 0]);
  expect(diff({ a: 1 }, { a: 1, b: undefined })).toBeNull();
});

it('refuses to change what is not there', () => {
  expect(() => apply(undefined, ['score', [1]])).toThrow(TypeError);
  expect(() => put(undefined, ['score', [1]])).toThrow(TypeError);
  expect(() => put({}, ['metrics', ['calls', [1]]])).toThrow(TypeError);
});

/** Keys in order: two objects that hold the same are the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
