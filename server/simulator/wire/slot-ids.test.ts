import { expect, test } from 'vitest';
import { distinct, slotIds } from './slot-ids.ts';

test('no two slots of a day have one id, also where numbers collide, and later slots change no earlier id', () => {
  const few = (index: number, turn: number) => (index + turn) % 7;
  expect(new Set(distinct(7, few)).size).toBe(7);
  expect(distinct(7, (index, turn) => (index % 2) + turn).slice(0, 3)).toEqual(
    distinct(3, (index, turn) => (index % 2) + turn),
  );
  const ids = slotIds({ id: 'SHUB1' }, { date: '2026-01-12' }, 500);
  expect(new Set(ids).size).toBe(500);
  expect(slotIds({ id: 'SHUB1' }, { date: '2026-01-12' }, 20)).toEqual(ids.slice(0, 20));
});
