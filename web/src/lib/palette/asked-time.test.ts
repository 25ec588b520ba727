import { describe, expect, it } from 'vitest';
import { instantOf } from '../format/time.ts';
import { hourBefore, readMoment } from './asked-time.ts';

const NOW = Date.parse('2026-07-06T09:42:30Z'); // 10:42am in London
const read = (query: string, now = NOW) => {
  const at = readMoment(query, now);
  return at === null ? null : instantOf(at);
};

describe('a time typed into the palette', () => {
  it.each([
    ['9:15', '2026-07-06T08:15:00Z'],
    ['replay 9.15am', '2026-07-06T08:15:00Z'],
    ['replay from 8am', '2026-07-06T07:00:00Z'],
    ['12am', '2026-07-05T23:00:00Z'],
  ])('names that moment by the London clock: %s', (query, at) => expect(read(query)).toBe(at));

  it('is of yesterday where today has not come that far', () => {
    expect(read('5pm')).toBe('2026-07-05T16:00:00Z');
  });

  it.each(['', '9', 'p82', '25:00', '9:75', '13pm', 'bolton 9:15'])('is none: %s', (query) =>
    expect(read(query)).toBeNull(),
  );

  it('keeps to the wall clock over the night when the clocks change', () => {
    expect(read('5pm', Date.parse('2026-03-29T08:00:00Z'))).toBe('2026-03-28T17:00:00Z');
  });

  it('looks an hour back to the full minute', () => {
    expect(instantOf(hourBefore(NOW))).toBe('2026-07-06T08:42:00Z');
  });
});
