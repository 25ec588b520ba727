import { expect, test } from 'vitest';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { dayOfDate, wallSeconds, type Day } from './day.ts';
import { onlineStateAt, shareOfMonth, workingDayBefore, worksOn } from './online.ts';
import { createWorld, type World } from './world.ts';

const worldOf = () =>
  createWorld({ definition: sampleDefinition(40), national: sampleNational(), scenario: null, seed: 4 });

const stateOf = (world: World, id: string, day: Day, wall: number) => {
  const site = world.sites.byId(id);
  if (!site) throw new Error('no such site');
  return onlineStateAt(world.online(site, day), world.online(site, world.workingDayBefore(day)), worksOn(day), wall);
};
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test.each(['2026-01', '2026-02', '2026-04'])(
  'a month of days comes to what is published for the month: %s',
  (month) => {
    const world = worldOf();
    const first = Temporal.PlainDate.from(`${month}-01`);
    const days = Array.from({ length: first.daysInMonth }, (_, i) => dayOfDate(first.add({ days: i }).toString()));
    expect(sum(days.map((day) => shareOfMonth(day)))).toBeCloseTo(1, 9);
    const made = sum(days.flatMap((day) => world.sites.practices.map((site) => world.online(site, day).count)));
    const published = sum(world.sites.practices.map((site) => world.sites.published(site.id).at(-1)?.online ?? 0));
    expect(Math.abs(made / published - 1)).toBeLessThan(0.03);
  },
);

test.each(['2026-01-12', '2026-03-29', '2025-10-26', '2026-03-30', '2026-05-25'])(
  'counts of %s never fall, what is open is what came and is not done, and an oldest is there only with open ones',
  (date) => {
    const world = worldOf();
    const day = dayOfDate(date);
    for (const site of world.sites.practices.slice(0, 12)) {
      let before = stateOf(world, site.id, day, 0);
      for (let at = day.start; at < day.end; at += 10 * 60_000) {
        const state = stateOf(world, site.id, day, day.wallAt(at));
        expect(state.clinical).toBeGreaterThanOrEqual(before.clinical);
        expect(state.admin).toBeGreaterThanOrEqual(before.admin);
        expect(state.open === 0).toBe(state.oldestSent === null);
        before = state;
      }
    }
  },
);

test('requests are worked off in core hours alone; what is left waits over the weekend', () => {
  const world = worldOf();
  const [friday, sunday, monday] = ['2026-01-09', '2026-01-11', '2026-01-12'].map(dayOfDate);
  if (!friday || !sunday || !monday) throw new Error('no days');
  const open = (day: Day, time: string) =>
    sum(world.sites.practices.map((site) => stateOf(world, site.id, day, wallSeconds(time)).open));
  const left = open(friday, '23:59');
  expect(left).toBeGreaterThan(10);
  expect(open(sunday, '12:00')).toBe(left);
  expect(open(monday, '00:01')).toBe(left);
  expect(open(monday, '09:00')).toBeGreaterThan(left);
  expect(open(friday, '10:00')).toBeGreaterThan(open(friday, '18:00'));
  expect(workingDayBefore('2026-01-12')).toBe('2026-01-09');
  expect(workingDayBefore('2026-04-07')).toBe('2026-04-02');
});
