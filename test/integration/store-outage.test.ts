import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { QUARTER } from '#shared/model/time.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../server/store/embedded.ts';
import { commit, EIGHT, levelChange, reading } from '../support/commits.ts';
import {
  ask,
  demonstrationRun,
  openTestJournal,
  silent,
  startStore,
  storedReadings,
  takenIn,
  temporaryFolder,
} from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

async function ownDatabase(): Promise<{ current: EmbeddedDatabase; restart(): Promise<void> }> {
  const folder = temporaryFolder();
  const held = {
    current: await startEmbedded({ folder, logger: silent }),
    async restart() {
      held.current = await startEmbedded({ folder, logger: silent, port: held.current.port });
    },
  };
  onTestFinished(() => held.current.stop());
  return held;
}

test('exactly once: the database is killed again and again while it takes the journal in, and nothing is lost or double', async () => {
  const database = await ownDatabase();
  const { url } = database.current;
  const journal = await openTestJournal();
  const store = startStore({ url, journal });
  await takenIn(store, journal);

  const total = 1500;
  let next = 1;
  const append = (count: number) => {
    for (let i = 0; i < count && next <= total; i += 1, next += 1) {
      const at = EIGHT + next * 1000;
      const applied = ['P1', 'P2', 'P3', 'P4'].map((unit) => reading(unit, at, next));
      journal.append(commit(next, { applied, levels: [levelChange('P1', at)] }));
    }
  };
  for (let kill = 0; kill < 2; kill += 1) {
    append(400);
    const before = store.position().seq;
    // Somewhere in the middle of taking in: some of it is there, the rest is not.
    await until('the database to be at it', () => store.position().seq > before, 30_000);
    process.kill(database.current.pid, 'SIGKILL');
    await database.current.ended;
    append(100);
    await until(
      'the loss to be noticed',
      () => store.conditions().some((c) => c.part === 'database' && c.status === 'down'),
      20_000,
    );
    await expect(store.levelChanges(0, Number.MAX_SAFE_INTEGER, 1)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await database.restart();
  }
  append(total);
  await takenIn(store, journal);

  const kept = await storedReadings(url);
  const ofP3 = kept.filter((k) => k.unit === 'P3');
  expect(ofP3.map((k) => k.value)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  expect(kept).toHaveLength(total * 4);
  const [levels] = await ask<{ n: string }>(url, 'select count(*) as n from level_change');
  expect(Number(levels?.n)).toBe(total);
  const query = { unit: 'P2', metric: 'calls.waiting', from: EIGHT, to: EIGHT + QUARTER, step: QUARTER } as const;
  expect(await store.series(query)).toEqual([[EIGHT, 899]]);
}, 120_000);

test('a server that was killed goes on where the database is, not where it thinks it was', async () => {
  const database = await ownDatabase();
  const { url } = database.current;
  const folder = temporaryFolder();
  const journal = await openTestJournal(folder);
  const store = startStore({ url, journal });
  for (let seq = 1; seq <= 50; seq += 1) journal.append(commit(seq));
  await takenIn(store, journal);
  await store.stop();
  for (let seq = 51; seq <= 80; seq += 1) journal.append(commit(seq));
  await journal.close();

  const again = await openTestJournal(folder);
  const next = startStore({ url, journal: again });
  await takenIn(next, again);
  const kept = await storedReadings(url);
  expect(kept.map((k) => k.value)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
});

test('however the readings fall, the history unpacks to what the journal holds', async () => {
  const database = await ownDatabase();
  const { url } = database.current;
  let runs = 0;
  const value = fc.oneof(
    fc.integer({ min: 0, max: 500 }),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const one = fc.record({ unit: fc.constantFrom('P1', 'P2'), offset: fc.integer({ min: 0, max: 4 * QUARTER }), value });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(one, { maxLength: 12 }), { minLength: 1, maxLength: 8 }), async (ticks) => {
      const run = `property-${(runs += 1)}`;
      const journal = await openTestJournal();
      ticks.forEach((readings, i) => {
        const applied = readings.map((r) => reading(r.unit, EIGHT + r.offset, r.value === 0 ? 0 : r.value));
        journal.append(commit(i + 1, { applied }));
      });
      const store = startStore({ url, journal, run: demonstrationRun({ run }) });
      await takenIn(store, journal);
      await store.stop();
      const key = (unit: string, at: number, v: number | null) => `${unit} ${at} ${v}`;
      const kept = (await storedReadings(url, run)).map((k) => key(k.unit, k.at, k.value)).sort();
      const given = ticks.flat().map((r) => key(r.unit, EIGHT + r.offset, r.value === 0 ? 0 : r.value));
      expect(kept).toEqual(given.sort());
    }),
    { numRuns: 8 },
  );
});
