import { expect, it } from 'vitest';
import type { Condition } from '../domain/ports.ts';
import { createTrouble } from './trouble.ts';

const away: Condition = { part: 'database', status: 'degraded', reason: 'The database does not answer' };
const well: Condition = { part: 'poller', status: 'ok', reason: '' };

it('is silent of what mends itself at once, says what stays, and stops when it is over', () => {
  let now = 0;
  let conditions: Condition[] = [well, away];
  const trouble = createTrouble(
    () => conditions,
    () => now,
  );
  expect(trouble()).toEqual([]);
  now = 6000;
  expect(trouble()).toEqual(['The database does not answer']);
  conditions = [well];
  now = 8000;
  expect(trouble()).toEqual([]);
  conditions = [well, away];
  now = 10_000;
  expect(trouble()).toEqual([]);
});
