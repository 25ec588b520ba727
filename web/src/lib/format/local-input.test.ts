import { describe, expect, it } from 'vitest';
import { localInput, readLocalInput } from './local-input.ts';

describe('a day and time typed in', () => {
  it.each([
    ['2026-01-12T09:15', '2026-01-12T09:15:00.000Z'],
    ['2026-07-13T09:15', '2026-07-13T08:15:00.000Z'],
    ['2026-07-13T00:30', '2026-07-12T23:30:00.000Z'],
    ['2026-03-29T03:00', '2026-03-29T02:00:00.000Z'],
    ['2026-10-25T01:30', '2026-10-25T00:30:00.000Z'],
  ])('%s is %s', (typed, instant) => {
    const at = Date.parse(instant);
    expect(readLocalInput(typed)).toBe(at);
    expect(localInput(at)).toBe(typed);
  });

  it('that the clocks skip is the time after them', () => {
    expect(readLocalInput('2026-03-29T01:30')).toBe(Date.parse('2026-03-29T01:30:00.000Z'));
  });

  it.each(['', 'tomorrow', '2026-01-12'])('"%s" is none', (typed) => {
    expect(readLocalInput(typed)).toBeNull();
  });
});
