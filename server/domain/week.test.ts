import { describe, expect, it } from 'vitest';
import { fromInstant } from '#shared/model/time.ts';
import { slotGroup } from '../board/fixture.ts';
import { createWeeks, seeWeek, weekTotals } from './week.ts';

const MONDAY = fromInstant('2026-01-12T00:00:00Z');
const DAY = 86_400_000;
const HOURS = [
  { days: [1, 2, 3, 4, 5], from: 480, to: 1200 },
  { days: [6], from: 540, to: 1020 },
];
const weeks = createWeeks();
const at = (day: number, hour = 10) => MONDAY + day * DAY + hour * 3_600_000;

describe('a week in London', () => {
  it.each([
    ['in winter', '2026-01-14T10:00:00Z', 2, '2026-01-12T00:00:00Z', 168],
    ['on its last minute', '2026-01-18T23:59:00Z', 6, '2026-01-12T00:00:00Z', 168],
    ['in which the clocks go forward', '2026-03-29T12:00:00Z', 6, '2026-03-23T00:00:00Z', 167],
    ['in which the clocks go back', '2026-10-25T12:00:00Z', 6, '2026-10-18T23:00:00Z', 169],
  ])('%s', (_, now, today, start, hours) => {
    const week = weeks.at(fromInstant(now));
    expect(week.today).toBe(today);
    expect(week.starts).toHaveLength(8);
    expect(week.starts[0]).toBe(fromInstant(start));
    expect(((week.starts[7] ?? 0) - (week.starts[0] ?? 0)) / 3_600_000).toBe(hours);
  });

  it('opens for as long as its hours say, and not on bank holidays', () => {
    expect(weeks.open(HOURS, weeks.at(at(0)), false)).toEqual([720, 720, 720, 720, 720, 480, 0]);
    const easter = weeks.at(fromInstant('2026-04-07T10:00:00Z'));
    expect(weeks.open(HOURS, easter, false)).toEqual([0, 720, 720, 720, 720, 480, 0]);
  });
});

describe("a hub's minutes of the week", () => {
  const today = (day: number) => weeks.at(at(day));

  it('are those of today while nothing else was seen, and count whatever became of a slot', () => {
    const groups = [slotGroup(at(0), 2, 3), { ...slotGroup(at(0, 15), 0, 1), held: 4 }, slotGroup(at(1), 9, 9)];
    const seen = seeWeek(null, today(0), groups, 1);
    expect(seen.days).toEqual([{ offered: 150, booked: 60 }, null, null, null, null, null, null]);
  });

  it('stay as they were once their day has gone by, also where a day between was not seen', () => {
    const monday = seeWeek(null, today(0), [slotGroup(at(0), 4, 0)], 1);
    const booked = seeWeek(monday, today(0), [slotGroup(at(0), 1, 3)], 1);
    const wednesday = seeWeek(booked, today(2), [slotGroup(at(2), 2, 0)], 1);
    expect(wednesday.days.slice(0, 4)).toEqual([{ offered: 60, booked: 45 }, null, { offered: 30, booked: 0 }, null]);
  });

  it('reach as far ahead as was searched, where a day without a slot is none and no gap, and never into the next week', () => {
    const groups = [slotGroup(at(4), 1, 0), slotGroup(at(5), 2, 0), slotGroup(at(8), 5, 0)];
    expect(seeWeek(null, today(4), groups, 14).days.slice(3)).toEqual([
      null,
      { offered: 15, booked: 0 },
      { offered: 30, booked: 0 },
      { offered: 0, booked: 0 },
    ]);
  });

  it('begin anew on Monday', () => {
    const before = seeWeek(null, today(6), [slotGroup(at(6), 4, 0)], 1);
    expect(seeWeek(before, today(7), [slotGroup(at(7), 1, 0)], 1).days[6]).toBeNull();
  });

  it('say which part of the opening time they are of', () => {
    const open = weeks.open(HOURS, today(0), false);
    const monday = seeWeek(null, today(0), [slotGroup(at(0), 4, 4)], 1);
    expect(weekTotals(monday, open)).toEqual({ offered: 120, booked: 60, known: 720 / 4080 });
    const all = seeWeek(null, today(0), [slotGroup(at(0), 4, 4)], 7);
    expect(weekTotals(all, open)?.known).toBe(1);
    const sunday = seeWeek(null, today(6), [], 1);
    expect(weekTotals(sunday, open)).toBeNull();
  });
});
