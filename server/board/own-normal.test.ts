import { expect, it } from 'vitest';
import { dayEnd, fromInstant, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { QUARTERS } from '../domain/normal/day-fold.ts';
import { createDayProfile } from '../domain/normal/day-profile.ts';
import { createNormals } from '../domain/normal/normals.ts';
import { createPublishedNormal } from '../domain/normal/published.ts';
import { createBoard, type Board } from './board.ts';
import {
  handClock,
  memoryJournal,
  outcome,
  phones,
  testDefinition,
  testMonth,
  testNational,
  testRules,
} from './fixture.ts';

const SITE = 'p0-0-0';
/** A Sunday evening; the practice is open on every day of this test's week. */
const EVENING = '2026-11-22T23:50:00Z';
const MIDNIGHT = fromInstant('2026-11-23T00:00:00Z');
const base = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rulesAgainstUsual());
const definition = {
  ...base,
  coreHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }],
  published: [testMonth(SITE, '2026-10', 31_000)],
};

function rulesAgainstUsual() {
  const rules = testRules();
  const indicators = rules.indicators.map((rule) =>
    rule.id === 'wait' ? { ...rule, against: 'usual-difference' as const } : rule,
  );
  return { ...rules, indicators };
}

function normals() {
  const made = createNormals(createPublishedNormal(definition, testNational('2026-10-01', 61)));
  const usual = new Float32Array(QUARTERS).fill(777);
  made.install(
    createDayProfile({ day: MIDNIGHT, from: MIDNIGHT, end: dayEnd(MIDNIGHT) }, [
      { site: SITE, metric: 'calls.longest-wait', source: 'own', days: 6, kind: 1, alike: '', usual },
    ]),
  );
  return made;
}

const board = (clock: ReturnType<typeof handClock>, journal = memoryJournal()) =>
  createBoard({ definition, clock, normal: normals(), epoch: 'epoch', journal });

const waitRow = (of: Board) => of.unit(SITE)?.indicators.find(({ indicator }) => indicator === 'wait');

function liveThrough(until: EpochMs) {
  const clock = handClock(EVENING);
  const journal = memoryJournal();
  const live = board(clock, journal);
  const seen = new Map<EpochMs, ReturnType<typeof waitRow>>();
  for (; clock.now() <= until; clock.forward(MINUTE)) {
    live.apply(outcome('phones', clock.now(), { readings: phones(SITE, { 'calls.longest-wait': 60 }) }));
    live.tick();
    seen.set(clock.now(), waitRow(live));
  }
  return { live, journal, seen };
}

it('judges by the learned normal from the turn of the day on, and says what stands behind it', () => {
  const { seen } = liveThrough(MIDNIGHT + 2 * MINUTE);
  const before = seen.get(MIDNIGHT - MINUTE);
  expect(before).toMatchObject({ usualFrom: 'published' });
  expect(before?.usual).not.toBe(777);
  expect(before).not.toHaveProperty('usualDays');
  expect(seen.get(MIDNIGHT + MINUTE)).toMatchObject({ usual: 777, usualFrom: 'own', usualDays: 6 });
});

it('comes to the same board when the hours around midnight are lived through again', () => {
  const { live, journal } = liveThrough(MIDNIGHT + 5 * MINUTE);
  const again = board(handClock(EVENING));
  expect(again.restore({ state: null, commits: journal.commits })).toBe(true);
  expect(JSON.parse(JSON.stringify(again.units()))).toEqual(JSON.parse(JSON.stringify(live.units())));
});
