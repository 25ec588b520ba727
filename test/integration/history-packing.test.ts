import pg from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import type { SampleBlock } from '../../server/domain/ports.ts';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import { createReader } from '../../server/store/reader.ts';
import { createSampleReader } from '../../server/store/samples.ts';
import { createUpkeep } from '../../server/store/upkeep.ts';
import { reading } from '../support/commits.ts';
import { withDatabase } from '../support/database.ts';
import { byPair, everyChart, everySample, FRIDAY, manyReadings, MONDAY, takeIn } from '../support/packed-history.ts';
import {
  ask,
  demonstrationRun,
  openTestJournal,
  silent,
  startStore,
  storedReadings,
} from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const DAY = 24 * HOUR;
const server = withDatabase();
let database: Database;
beforeAll(() => {
  database = connectDatabase({
    connectionString: server.url,
    connections: 3,
    statementLimitMs: 20_000,
    logger: silent,
  });
  return () => database.end();
});

const readerOf = (run: string) => createReader(database, 'small', run);
const samplesOf = (run: string) => createSampleReader(database, 'small', run);
const upkeepOf = (run: string, on: Database = database, retentionMs = 400 * DAY) =>
  createUpkeep({ database: on, system: 'small', run, retentionMs, snapshotMs: 0 });
const pack = (run: string, now = MONDAY, stop = () => false) => upkeepOf(run).pass(now, stop);
const unpacked = async (run: string) => (await storedReadings(server.url, run)).length;
/** Readings of the days before Monday's. */
const closedOf = async (run: string) =>
  (await storedReadings(server.url, run)).filter((r) => r.at < MONDAY - 8 * HOUR).length;

test('packed and rolled up, the history says the same as the readings did, across the change of the clocks', async () => {
  await takeIn(server.url, 'same', manyReadings(1));
  const before = await everyChart(readerOf('same'));
  const samples = await everySample(samplesOf('same'), FRIDAY, MONDAY);
  expect(await closedOf('same')).toBeGreaterThan(100);
  expect((await pack('same')).packed).toBeGreaterThan(50);
  // Sunday is over by three hours and more; Monday stays as it came.
  expect(await closedOf('same')).toBe(0);
  expect(await unpacked('same')).toBeGreaterThan(0);
  expect(await everyChart(readerOf('same'))).toEqual(before);
  expect(byPair(await everySample(samplesOf('same'), FRIDAY, MONDAY))).toEqual(byPair(samples));
  expect((await pack('same')).packed).toBe(0);
});

test('what comes late is in every answer at once, and in the packed day after the next look', async () => {
  const all = manyReadings(7);
  const isLate = (_: unknown, i: number) => i % 9 === 4;
  const late = all.filter(isLate).map((a) => ({ ...a, receivedAt: MONDAY - 2 * MINUTE }));
  await takeIn(
    server.url,
    'whole',
    [...all.filter((a, i) => !isLate(a, i)), ...late].map((a) => ({ ...a })),
  );
  await takeIn(
    server.url,
    'late',
    all.filter((a, i) => !isLate(a, i)),
  );
  await pack('late');
  await takeIn(server.url, 'late', late, MONDAY - MINUTE);
  const expected = await everyChart(readerOf('whole'));
  expect(await everyChart(readerOf('late'))).toEqual(expected);
  expect(byPair(await everySample(samplesOf('late'), FRIDAY, MONDAY))).toEqual(
    byPair(await everySample(samplesOf('whole'), FRIDAY, MONDAY)),
  );
  await ask(server.url, 'delete from history_progress');
  expect((await pack('late')).packed).toBeGreaterThan(5);
  expect(await closedOf('late')).toBe(0);
  expect(await everyChart(readerOf('late'))).toEqual(expected);
});

test('an end in the middle of packing loses nothing and doubles nothing', async () => {
  await takeIn(server.url, 'cut', manyReadings(3));
  const before = await everyChart(readerOf('cut'));
  const refusing: Database = {
    ...database,
    transaction: (work) =>
      database.transaction((inside) =>
        work({
          query: (query) =>
            query.name === 'write-packed-rollup_day' ? Promise.reject(new Error('cut off')) : inside.query(query),
        }),
      ),
  };
  await expect(upkeepOf('cut', refusing).pass(MONDAY, () => false)).rejects.toThrow('cut off');
  expect(await everyChart(readerOf('cut'))).toEqual(before);
  let units = 0;
  await pack('cut', MONDAY, () => (units += 1) > 2);
  const left = await closedOf('cut');
  expect(left).toBeGreaterThan(0);
  expect(await everyChart(readerOf('cut'))).toEqual(before);
  await pack('cut');
  expect(await closedOf('cut')).toBe(0);
  expect(await everyChart(readerOf('cut'))).toEqual(before);
});

test('answers name the roll-up they come from, and an old fine question is read from the packed days', async () => {
  await takeIn(server.url, 'sources', manyReadings(5));
  await pack('sources');
  const query = { unit: 'P1', metric: 'calls.waiting', from: FRIDAY, to: FRIDAY + DAY } as const;
  const reader = readerOf('sources');
  const sources = await Promise.all(
    [7, 5, 60, 1440].map(async (m) => (await reader.chart({ ...query, step: m * MINUTE })).source),
  );
  expect(sources).toEqual(['readings', 'five-minutes', 'hours', 'days']);
  const fine = await reader.chart({ ...query, step: 5 * MINUTE });
  const names = async (table: string) =>
    ask<{ name: string }>(
      server.url,
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = '${table}'::regclass order by 1`,
    ).then((rows) => rows.map((r) => r.name));
  expect(await names('rollup_five_minutes')).toContain('rollup_five_minutes_2026_03_23');
  const { dropped } = await pack('sources', MONDAY + 60 * DAY);
  expect(dropped).toContain('rollup_five_minutes_2026_03_23');
  expect(await names('history_day')).toContain('history_day_2026_03_01');
  expect(await reader.chart({ ...query, step: 5 * MINUTE })).toEqual(fine);
});

test('a value that stands for weeks is carried without a row', async () => {
  await takeIn(server.url, 'stands', [reading('P1', FRIDAY + HOUR, 12), reading('P2', FRIDAY + 2 * HOUR, 5)]);
  await pack('stands');
  const query = { unit: 'P1', metric: 'calls.waiting', from: FRIDAY + 50 * HOUR, to: FRIDAY + 3 * DAY } as const;
  for (const step of [7 * MINUTE, 5 * MINUTE, HOUR, DAY]) {
    const { points } = await readerOf('stands').chart({ ...query, step });
    expect([...new Set(points.map(([, value]) => value))]).toEqual([12]);
  }
  expect(await everySample(samplesOf('stands'), query.from, query.to)).toEqual([
    { pair: 'P1 calls.waiting', at: FRIDAY + HOUR, value: 12, absence: 0, level: false },
    { pair: 'P2 calls.waiting', at: FRIDAY + 2 * HOUR, value: 5, absence: 0, level: false },
  ]);
});

test('samples come day by day, each pair in order, after what stood before', async () => {
  await takeIn(server.url, 'samples', manyReadings(9));
  await pack('samples');
  const blocks: SampleBlock[] = [];
  const from = FRIDAY + 30 * HOUR;
  const samples = await everySample(samplesOf('samples'), from, MONDAY, blocks);
  for (const [pair, given] of byPair(samples)) {
    const whole = byPair(await everySample(samplesOf('samples'), FRIDAY, MONDAY)).get(pair) ?? [];
    expect(given.map((s) => s.at)).toEqual(given.map((s) => s.at).toSorted((a, b) => a - b));
    const standing = whole.filter((s) => s.at < from).slice(-1);
    expect(given).toEqual([...standing, ...whole.filter((s) => s.at >= from)]);
  }
  const starts = blocks.map((b) => Math.floor((b.at[0] ?? 0) / DAY)).filter((_, i) => (blocks[i]?.at[0] ?? 0) >= from);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(await everySample(samplesOf('nobody'), FRIDAY, MONDAY)).toEqual([]);
});

test('partitions are there ahead of need although nothing is written, and go when they are too old or emptied', async () => {
  await takeIn(server.url, 'weeks', manyReadings(11));
  const names = async () =>
    ask<{ name: string; bytes: number }>(
      server.url,
      `select child.relname as name, pg_relation_size(child.oid)::int as bytes from pg_inherits
       join pg_class child on child.oid = inhrelid
       where inhparent::regclass::text in ('history', 'history_day', 'rollup_five_minutes', 'rollup_hour') order by 1`,
    );
  const ahead = MONDAY + 100 * DAY;
  const upkeep = upkeepOf('weeks');
  await upkeep.pass(ahead, () => false);
  const made = (await names()).map((n) => n.name);
  for (const name of ['history_2026_07_06', 'history_2026_07_13', 'history_day_2026_08_01', 'rollup_hour_2026_08_01']) {
    expect(made).toContain(name);
  }
  const { dropped } = await upkeepOf('weeks', database, 40 * DAY).pass(ahead, () => false);
  expect(dropped).toContain('history_2026_03_23');
  expect((await names()).filter((n) => n.name < 'history_2026_04' && n.name.startsWith('history_2026'))).toEqual([]);
});

test('a demonstration whose clock runs ahead takes nothing away from what real operation recorded', async () => {
  const real = (simulated: boolean) =>
    ask(server.url, `update run set simulated = ${String(simulated)} where code = 'real'`);
  await takeIn(server.url, 'real', manyReadings(17));
  await takeIn(server.url, 'ahead', manyReadings(19));
  await real(false);
  onTestFinished(async () => void (await real(true)));
  const kept = await storedReadings(server.url, 'real');
  expect(kept.length).toBeGreaterThan(0);
  await upkeepOf('ahead', database, 40 * DAY).pass(MONDAY + 5000 * DAY, () => false);
  expect(await storedReadings(server.url, 'real')).toEqual(kept);
  await real(true);
  await upkeepOf('ahead', database, 40 * DAY).pass(MONDAY + 5000 * DAY, () => false);
  expect(await storedReadings(server.url, 'real')).toEqual([]);
});

test('the room of a week that was packed whole goes back to the disk', async () => {
  await ask(
    server.url,
    'truncate history, history_day, rollup_five_minutes, rollup_hour, rollup_day, history_progress',
  );
  await takeIn(server.url, 'room', manyReadings(13));
  // In summer London's Monday begins before the week of the partitions does: the week is over a day later.
  await takeIn(server.url, 'room', [], MONDAY + DAY);
  const size = async () => {
    const [row] = await ask<{ bytes: number }>(
      server.url,
      `select pg_relation_size('history_2026_03_23')::int as bytes`,
    );
    return row?.bytes;
  };
  expect(await size()).toBeGreaterThan(0);
  const upkeep = upkeepOf('room');
  // Somebody reads the week for longer than others can be kept waiting: said, and tried again at the next look.
  const reader = new pg.Client({ connectionString: server.url });
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query('begin; lock table history_2026_03_23 in access share mode');
  expect(await upkeep.pass(MONDAY, () => false)).toMatchObject({ inUse: 'history_2026_03_23' });
  expect(await size()).toBeGreaterThan(0);
  await reader.query('commit');
  expect(await upkeep.pass(MONDAY, () => false)).toMatchObject({ inUse: null });
  expect(await size()).toBe(0);
});

test('a store packs in a thread of its own, and says so while it cannot', async () => {
  await takeIn(server.url, 'thread', manyReadings(15));
  await ask(server.url, 'alter table history_progress rename to history_progress_away');
  const store = startStore({
    ...{ url: server.url, journal: await openTestJournal(), run: demonstrationRun({ run: 'thread' }) },
    ...{ upkeepEveryMs: 40, clock: { now: () => MONDAY } },
  });
  const said = () => store.conditions().find((c) => c.part === 'store');
  await until('the trouble to be told', () => said()?.status === 'degraded');
  expect(said()?.reason).toMatch(/^History is not being packed and rolled up: .*history_progress/);
  expect(await closedOf('thread')).toBeGreaterThan(0);
  await ask(server.url, 'alter table history_progress_away rename to history_progress');
  await until('the days to be packed', async () => (await closedOf('thread')) === 0);
  await until('the trouble to be over', () => said()?.status === 'ok');
});
