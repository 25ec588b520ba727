import { expect, onTestFinished, test } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import { HOUR, MINUTE, QUARTER } from '#shared/model/time.ts';
import { createStore } from '../../server/store/store.ts';
import { commit, EIGHT, levelChange, reading } from '../support/commits.ts';
import { withDatabase } from '../support/database.ts';
import { smallDefinition } from '../support/definition.ts';
import {
  ask,
  demonstrationRun,
  openTestJournal,
  silent,
  startStore,
  storedReadings,
  takenIn,
} from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const database = withDatabase();
/** Each test its own run: they share a database. */
let runs = 0;
const freshRun = () => demonstrationRun({ run: `run-${(runs += 1)}` });

test('every reading is kept, packed by quarter hour, with its absence and both its times', async () => {
  const journal = await openTestJournal();
  const run = freshRun();
  journal.append(commit(1, { applied: [reading('P1', EIGHT + 1000, 4), reading('P2', EIGHT + 1000, null)] }));
  journal.append(commit(2, { applied: [reading('P1', EIGHT + 16_000, 6)] }));
  const store = startStore({ url: database.url, journal, run });
  await takenIn(store, journal);
  journal.append(commit(3, { applied: [reading('P1', EIGHT + 31_000, null, { absence: 'throttled' })] }));
  journal.append(commit(4, { applied: [reading('P1', EIGHT + QUARTER, 9)] }));
  await takenIn(store, journal);

  const kept = await storedReadings(database.url, run.run);
  expect(kept.map((k) => [k.unit, (k.at - EIGHT) / 1000, k.value, k.absence])).toEqual([
    ['P1', 1, 4, null],
    ['P1', 16, 6, null],
    ['P1', 31, null, 'throttled'],
    ['P1', 900, 9, null],
    ['P2', 1, null, 'unreachable'],
  ]);
  expect(kept.every((k) => k.received === k.at + 500)).toBe(true);
  const rows = await ask<{ n: string }>(
    database.url,
    'select count(*) as n from history join run using (run_id) where run.code = $1',
    [run.run],
  );
  expect(Number(rows[0]?.n)).toBe(3);
});

test('the latest value of each metric lies beside the history, and late data does not replace it', async () => {
  const journal = await openTestJournal();
  const run = freshRun();
  journal.append(commit(1, { applied: [reading('P1', EIGHT + 60_000, 8)] }));
  const store = startStore({ url: database.url, journal, run });
  await takenIn(store, journal);
  journal.append(commit(2, { applied: [reading('P2', EIGHT, null, { absence: 'closed', detail: 'paused' })] }));
  journal.append(commit(3, { applied: [reading('P1', EIGHT, 3, { receivedAt: EIGHT + 1 })] }));
  await takenIn(store, journal);
  const latest = await ask(
    database.url,
    `select unit.code, value, absence.name, detail from latest join run using (run_id) join unit using (unit_id)
     left join absence using (absence_id) where run.code = $1 order by 1`,
    [run.run],
  );
  expect(latest).toEqual([
    { code: 'P1', value: 8, name: null, detail: null },
    { code: 'P2', value: null, name: 'closed', detail: 'paused' },
  ]);
});

test('level changes come back newest first, with the version of their rules', async () => {
  const journal = await openTestJournal();
  const run = freshRun();
  const early = levelChange('P1', EIGHT + 1000);
  const late = levelChange('N1', EIGHT + 2000, { from: null, to: 4, score: null, rules: '2/feed' });
  journal.append(commit(1, { levels: [early] }));
  journal.append(commit(2, { levels: [late] }));
  const store = startStore({ url: database.url, journal, run });
  await takenIn(store, journal);
  expect(await store.levelChanges(EIGHT, EIGHT + HOUR, 10)).toEqual([late, early]);
  expect(await store.levelChanges(EIGHT, EIGHT + HOUR, 1)).toEqual([late]);
  expect(await store.levelChanges(EIGHT, EIGHT + 2000, 10)).toEqual([early]);
});

test('rules that come into force are kept whole, under the name that level changes give them', async () => {
  const journal = await openTestJournal();
  const definition = smallDefinition();
  const name = `${definition.rules.version}/cafe`;
  journal.append(commit(1, { rules: definition.rules, levels: [levelChange('P1', EIGHT, { rules: name })] }));
  const store = startStore({ url: database.url, journal, run: freshRun(), rulesId: () => name });
  await takenIn(store, journal);
  const rows = await ask(database.url, `select version, reason, body from rules_version where hash = 'cafe'`);
  expect(rows).toEqual([
    { version: definition.rules.version, reason: definition.rules.reason, body: definition.rules },
  ]);
});

test('a series folds by the shape of its metric, with gaps where nothing was known', async () => {
  const journal = await openTestJournal();
  const calls = { metric: 'calls.inbound' } as const;
  const at = (minute: number) => EIGHT + minute * MINUTE;
  const applied = [
    reading('P1', at(1), 4),
    reading('P1', at(16), null),
    reading('P1', at(50), 7),
    reading('P1', at(1), 100, calls),
    reading('P1', at(10), 112, calls),
    reading('P1', at(20), 120, calls),
  ];
  for (let minute = 0; minute <= 60; minute += 1) {
    const now = applied.filter((a) => a.observedAt === at(minute));
    journal.append(commit(minute + 1, { at: at(minute), applied: now }));
  }
  const store = startStore({ url: database.url, journal, run: freshRun() });
  await takenIn(store, journal);
  const ask = (metric: 'calls.waiting' | 'calls.inbound', from = EIGHT) =>
    store.series({ unit: 'P1', metric, from, to: EIGHT + HOUR, step: QUARTER });
  expect(await ask('calls.waiting', EIGHT - QUARTER)).toEqual([
    [EIGHT - QUARTER, null],
    [EIGHT, 4],
    [at(15), null],
    [at(30), null],
    [at(45), 7],
  ]);
  expect(await ask('calls.inbound')).toEqual([
    [EIGHT, 12],
    [at(15), 8],
    [at(30), 0],
    [at(45), 0],
  ]);
  expect(
    await store.series({ unit: 'nobody', metric: 'calls.waiting', from: EIGHT, to: at(15), step: QUARTER }),
  ).toEqual([[EIGHT, null]]);
});

test('a stretch in which the server was down is a gap, and the value stands again after it', async () => {
  const journal = await openTestJournal();
  const at = (minute: number) => EIGHT + minute * MINUTE;
  // The feeds of the small system are patient for less than the 40 minutes that nobody was there.
  [0, 2, 4, 6, 8, 50, 52, 54, 56, 58, 60].forEach((minute, i) => {
    journal.append(commit(i + 1, { at: at(minute), applied: minute === 0 ? [reading('P1', at(0), 5)] : [] }));
  });
  const store = startStore({ url: database.url, journal, run: freshRun() });
  await takenIn(store, journal);
  const points = await store.series({
    unit: 'P1',
    metric: 'calls.waiting',
    from: EIGHT,
    to: at(60),
    step: 10 * MINUTE,
  });
  expect(points.map(([, value]) => value)).toEqual([5, null, null, null, null, 5]);
});

test('two runs never join: demonstration and real life, or one demonstration and the next', async () => {
  const [one, two] = [await openTestJournal(), await openTestJournal()];
  one.append(commit(1, { applied: [reading('P1', EIGHT, 1)] }));
  two.append(commit(1, { applied: [reading('P1', EIGHT + MINUTE, 2)] }));
  const real = startStore({ url: database.url, journal: one, run: null });
  const made = startStore({ url: database.url, journal: two, run: freshRun() });
  await takenIn(real, one);
  await takenIn(made, two);
  const query = { unit: 'P1', metric: 'calls.waiting', from: EIGHT, to: EIGHT + QUARTER, step: QUARTER } as const;
  expect(await real.series(query)).toEqual([[EIGHT, 1]]);
  expect(await made.series(query)).toEqual([[EIGHT, 2]]);
  const rows = await ask(database.url, `select simulated from run where code = 'live'`);
  expect(rows).toEqual([{ simulated: false }]);
});

test('the hierarchy keeps what held before: a practice that moves has two memberships', async () => {
  const run = freshRun();
  const before = smallDefinition();
  const moved: Definition = {
    ...before,
    version: 'moved',
    units: before.units
      .filter((u) => u.id !== 'P4')
      .map((u) => (u.id === 'P1' ? { ...u, parent: 'N2', name: 'Renamed' } : u)),
  };
  for (const definition of [before, before, moved]) {
    const journal = await openTestJournal();
    const store = startStore({ url: database.url, journal, run, definition });
    await takenIn(store, journal);
    await store.stop();
  }
  const rows = await ask(
    database.url,
    `select child.code as unit, parent.code as parent, valid_from = '-infinity' as always, valid_to = 'infinity' as holds
     from membership join run using (run_id) join unit child using (unit_id) join unit parent on parent.unit_id = parent_id
     where run.code = $1 and child.code in ('P1', 'P2', 'P4') order by 1, valid_from`,
    [run.run],
  );
  expect(rows).toEqual([
    { unit: 'P1', parent: 'N1', always: true, holds: false },
    { unit: 'P1', parent: 'N2', always: false, holds: true },
    { unit: 'P2', parent: 'N1', always: true, holds: true },
    { unit: 'P4', parent: 'N2', always: true, holds: false },
  ]);
  const names = await ask(
    database.url,
    `select name, valid_to = 'infinity' as holds from unit_version join run using (run_id) join unit using (unit_id)
     where run.code = $1 and unit.code = 'P1' order by valid_from`,
    [run.run],
  );
  expect(names).toEqual([
    { name: 'site P1', holds: false },
    { name: 'Renamed', holds: true },
  ]);
});

test('weeks are made as the readings need them, and dropped when they are too old', async () => {
  const journal = await openTestJournal();
  const week = 7 * 24 * HOUR;
  // Real operation: a demonstration's clock drops nothing.
  const run = null;
  const partitions = async () =>
    (
      await ask<{ name: string }>(
        database.url,
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'history'::regclass`,
      )
    ).map((r) => r.name);
  const far = EIGHT + 520 * week;
  journal.append(commit(1, { at: far, applied: [reading('P1', far, 1)] }));
  const store = startStore({ url: database.url, journal, run, retentionMs: 1000 * week });
  await takenIn(store, journal);
  expect(await partitions()).toEqual(expect.arrayContaining(['history_2035_12_31', 'history_2036_01_07']));
  await store.stop();
  const later = far + 5 * week;
  const keeping = startStore({
    url: database.url,
    journal,
    run,
    retentionMs: 2 * week,
    upkeepEveryMs: 40,
    clock: { now: () => later },
  });
  journal.append(commit(2, { at: later, applied: [reading('P1', later, 2)] }));
  await takenIn(keeping, journal);
  await until('the old weeks to go', async () => !(await partitions()).includes('history_2035_12_31'));
  expect(await partitions()).toEqual(expect.arrayContaining(['history_2036_02_04', 'history_2036_02_11']));
});

test('without a database the store says so, and history is unavailable with its code', async () => {
  const journal = await openTestJournal();
  const none = createStore({
    connectionString: null,
    journal,
    definition: smallDefinition(),
    run: null,
    clock: Date,
    logger: silent,
  });
  expect(none.conditions()).toMatchObject([{ part: 'database', status: 'down' }]);
  const away = startStore({ url: 'postgres://nobody:x@127.0.0.1:1/none', journal });
  onTestFinished(() => away.stop());
  await until('the loss to be noticed', () =>
    away.conditions().some((c) => c.part === 'database' && c.status === 'down'),
  );
  for (const store of [none, away]) {
    await expect(store.levelChanges(0, 1, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  }
});
