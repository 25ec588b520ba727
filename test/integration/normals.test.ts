import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import { withDatabase } from '../support/database.ts';
import { createLearner, midnight, writeDays, type WrittenDay } from '../support/learned-history.ts';
import { ask, temporaryFolder } from '../support/store-fixture.ts';

const database = withDatabase();
/** Each test its own run: they share a database, and none learns from another. */
let runs = 0;
const freshRun = () => `learning-${(runs += 1)}`;

const MONDAYS: WrittenDay[] = [
  { date: '2026-11-02', rate: 2 },
  { date: '2026-11-09', rate: 4 },
  { date: '2026-11-16', rate: 3 },
];
const SUNDAY_NOON = midnight('2026-11-22') + 12 * HOUR;
const MONDAY = midnight('2026-11-23');

const kept = (run: string) =>
  ask<{ day: string; metric: string; class: number; units: number[]; quarters: Buffer }>(
    database.url,
    `select to_char(day, 'YYYY-MM-DD') as day, metric.name as metric, class, units, quarters
     from normal_day join run using (run_id) join metric using (metric_id)
     where run.code = $1 order by day, metric`,
    [run],
  );

test('three Mondays make the normal of the next one, which is there before it begins', async () => {
  const run = freshRun();
  await writeDays(database.url, run, MONDAYS);
  const { keeper, normals } = createLearner(database.url, run, SUNDAY_NOON);
  expect(await keeper.pass()).toBe(true);
  const nine = MONDAY + 9 * HOUR;
  expect(normals.usual('P1', 'calls.waiting', nine)).toBe(3);
  // Nine hours of three calls every five minutes, up to the reading before.
  expect(normals.usual('P1', 'calls.inbound', nine)).toBeCloseTo((9 * 12 - 1) * 3, 1);
  expect(normals.about('P1', 'calls.waiting', nine)).toEqual({ source: 'own', days: 3, label: 'usual of 3 Mondays' });
  expect(normals.usual('P1', 'calls.waiting', SUNDAY_NOON)).toBeNull();
  const cells = await keeper.cells(MONDAY, 'calls.waiting');
  expect([cells.get('P1')?.cells.low[36], cells.get('P1')?.cells.high[36]]).toEqual([2.5, 3.5]);
});

test('a run learns from itself alone', async () => {
  const [run, other] = [freshRun(), freshRun()];
  await writeDays(database.url, run, MONDAYS);
  await writeDays(database.url, other, [{ date: '2026-11-16', rate: 90 }]);
  const { keeper, normals } = createLearner(database.url, other, SUNDAY_NOON);
  expect(await keeper.pass()).toBe(true);
  expect(normals.held(MONDAY)).toBeUndefined();
  expect(await keeper.cells(MONDAY, 'calls.waiting')).toEqual(new Map());
});

test('learning night by night comes to the same as learning all at once, and again changes nothing', async () => {
  const [nightly, once] = [freshRun(), freshRun()];
  const days = [...MONDAYS, { date: '2026-11-17', rate: 5, sites: ['P1'] }];
  for (const run of [nightly, once]) await writeDays(database.url, run, days);
  const all = createLearner(database.url, once, SUNDAY_NOON);
  await all.keeper.pass();
  const first = midnight('2026-11-14') + HOUR;
  const bit = createLearner(database.url, nightly, first);
  for (let now = first; now <= SUNDAY_NOON; now += 24 * HOUR) {
    bit.clock.set(now);
    await bit.keeper.pass();
  }
  const learned = await kept(once);
  expect(learned.map(({ day, metric }) => `${day} ${metric}`)).toContain('2026-11-17 calls.inbound');
  expect(await kept(nightly)).toEqual(learned);

  // Forgets only that the days were learned.
  await ask(
    database.url,
    `delete from normal_learned using run where run.run_id = normal_learned.run_id and run.code = $1`,
    [once],
  );
  const again = createLearner(database.url, once, SUNDAY_NOON);
  await again.keeper.pass();
  expect(await kept(once)).toEqual(learned);
});

test('what comes late is in the normal from the second night on', async () => {
  const run = freshRun();
  await writeDays(database.url, run, [...MONDAYS.slice(0, 2), { date: '2026-11-16', rate: 3, until: 20 }]);
  const learner = createLearner(database.url, run, midnight('2026-11-17') + HOUR);
  await learner.keeper.pass();
  const of16 = async () =>
    (await kept(run)).find(({ day, metric }) => day === '2026-11-16' && metric === 'calls.waiting');
  const before = await of16();
  expect(before?.quarters.readFloatLE(21 * 4 * 4)).toBeNaN();

  const late = midnight('2026-11-17') + 2 * HOUR;
  await ask(
    database.url,
    `update recording set to_at = to_timestamp($1) from run where run.run_id = recording.run_id and run.code = $2 and to_at = (select max(to_at) from recording r where r.run_id = recording.run_id)`,
    [(midnight('2026-11-17') - 1) / 1000, run],
  );
  await writeDays(database.url, run, [{ date: '2026-11-16', rate: 6, from: 20 }], late);
  learner.clock.set(late);
  await learner.keeper.pass();
  expect(await of16()).toEqual(before);
  learner.clock.set(midnight('2026-11-18') + HOUR);
  await learner.keeper.pass();
  expect((await of16())?.quarters.readFloatLE(21 * 4 * 4)).toBe(6);
});

test('a start without the database has the same normals, and files that are damaged or of another run are left out', async () => {
  const run = freshRun();
  await writeDays(database.url, run, MONDAYS);
  const folder = temporaryFolder();
  const first = createLearner(database.url, run, SUNDAY_NOON, { folder });
  await first.keeper.pass();
  const again = createLearner('postgres://127.0.0.1:1/nowhere', run, SUNDAY_NOON, { folder });
  const times = Array.from({ length: 95 }, (_, q) => MONDAY + q * 15 * MINUTE + 4 * MINUTE);
  const values = ({ normals }: typeof first) =>
    times.flatMap((at) =>
      (['calls.inbound', 'calls.waiting'] as const).map((metric) => normals.usual('P2', metric, at)),
    );
  expect(values(again)).toEqual(values(first));
  expect(values(first)).not.toContain(null);
  expect(again.normals.about('P2', 'calls.waiting', MONDAY)).toMatchObject({ source: 'own', days: 3 });

  expect(createLearner(database.url, freshRun(), SUNDAY_NOON, { folder }).normals.held(MONDAY)).toBeUndefined();
  const [name = ''] = readdirSync(folder);
  const path = join(folder, name);
  const file = readFileSync(path);
  file[file.length - 7] = (file[file.length - 7] ?? 0) ^ 1;
  writeFileSync(path, file);
  expect(createLearner(database.url, run, SUNDAY_NOON, { folder }).normals.held(MONDAY)).toBeUndefined();
});

test('a day that began without a profile gets one from a quarter hour that nobody has lived through', async () => {
  const run = freshRun();
  await writeDays(database.url, run, MONDAYS);
  const now = MONDAY + 10 * HOUR + 3 * MINUTE;
  const { keeper, normals } = createLearner(database.url, run, now);
  await keeper.pass();
  expect(normals.usual('P1', 'calls.waiting', now)).toBeNull();
  expect(normals.usual('P1', 'calls.waiting', MONDAY + 10 * HOUR + 15 * MINUTE)).toBe(3);
});

test('a site without days of its own is expected to be like five practices of its size, and like no fewer', async () => {
  const run = freshRun();
  const sites = ['P1', 'P2', 'P3', 'P4', 'P5'];
  await writeDays(
    database.url,
    run,
    MONDAYS.map((day) => ({ ...day, sites })),
  );
  const { keeper, normals } = createLearner(database.url, run, SUNDAY_NOON, { practices: 3 });
  await keeper.pass();
  const nine = MONDAY + 9 * HOUR;
  expect(normals.about('P6', 'calls.waiting', nine)?.label).toBe('expected from 5 practices of like size');
  expect(normals.usual('P6', 'calls.waiting', nine)).toBeCloseTo(3, 2);
  const few = createLearner(database.url, run, SUNDAY_NOON, { practices: 2 });
  await ask(
    database.url,
    `delete from normal_day using run, metric where run.run_id = normal_day.run_id and run.code = $1
       and metric.metric_id = normal_day.metric_id and metric.name = 'calls.inbound'`,
    [run],
  );
  expect(await few.keeper.cells(MONDAY, 'calls.inbound')).toEqual(new Map());
});

test('an absence of the server of a month is caught up on, a day at a time', async () => {
  const run = freshRun();
  await writeDays(database.url, run, MONDAYS);
  const { keeper } = createLearner(database.url, run, midnight('2026-12-20') + HOUR);
  await keeper.pass();
  const [learned] = await ask<{ n: number; from: string; until: string }>(
    database.url,
    `select count(*)::integer as n, min(day)::text as from, max(day)::text as until
     from normal_learned join run using (run_id) where run.code = $1`,
    [run],
  );
  expect(learned).toEqual({ n: 48, from: '2026-11-02', until: '2026-12-19' });
});
