import { expect, it } from 'vitest';
import { minutesOf } from './keys.ts';

it.each([
  ['ArrowRight', false, null],
  ['ArrowRight', true, 15],
  ['ArrowDown', true, -15],
  ['PageUp', false, 60],
  ['PageDown', true, -60],
  ['Tab', true, null],
])('%s (Shift: %s) moves the handle by %s minutes beside its own step', (key, shiftKey, minutes) => {
  expect(minutesOf({ key, shiftKey })).toBe(minutes);
});
