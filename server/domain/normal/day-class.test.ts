import { describe, expect, it } from 'vitest';
import { classesFor, className, countDays, dayClass, isExample } from './day-class.ts';

describe('the class of a day', () => {
  it.each([
    ['2026-11-23', 1, 'an ordinary Monday'],
    ['2026-11-28', 6, 'a Saturday'],
    ['2026-05-25', 0, 'a bank holiday'],
    ['2026-05-26', 8, 'the Tuesday after it'],
    ['2026-05-27', 3, 'the Wednesday after that'],
    ['2026-04-03', 0, 'Good Friday'],
    ['2026-04-04', 6, 'the Saturday after it'],
    ['2026-04-07', 8, 'the Tuesday after Easter'],
    ['2027-01-04', 8, 'the Monday after a Friday bank holiday'],
    ['2026-12-29', 8, 'the day after the Christmas bank holidays'],
  ])('%s is %i: %s', (date, kind) => {
    expect(dayClass(date)).toBe(kind);
  });

  it('takes no example of a weekday from the days between Christmas and New Year', () => {
    expect(['2026-12-24', '2026-12-30', '2026-12-23', '2027-01-02'].map(isExample)).toEqual([false, false, true, true]);
    expect(isExample('2026-12-25')).toBe(true);
  });

  it('falls back to Mondays after a bank holiday, and to Sundays only where a site opens on bank holidays', () => {
    expect(classesFor(8, false)).toEqual([8, 1]);
    expect(classesFor(0, false)).toEqual([0]);
    expect(classesFor(0, true)).toEqual([0, 7]);
    expect(classesFor(4, true)).toEqual([4]);
  });

  it('says counts of days in plain words', () => {
    expect([countDays(8, 1), countDays(3, 0), countDays(4, 8), countDays(1, 2)]).toEqual([
      '8 Mondays',
      '3 bank holidays',
      '4 days after a bank holiday',
      '1 Tuesday',
    ]);
    expect(countDays(1, 8)).toBe('1 day after a bank holiday');
    expect(className(0)).toBe('Bank holiday');
  });
});
