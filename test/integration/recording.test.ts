import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import { dice } from '../../server/board/month-fixture.ts';
import { valuesOf } from '../../server/domain/replay/cells.ts';
import { createLoader, type PastBoard } from '../../server/replay/load.ts';
import { createRecordedReader } from '../../server/store/recorded-reader.ts';
import { withDatabase } from '../support/database.ts';
import {
  anyOutcome,
  recordedWorld,
  SMALL,
  type RecordedWorld,
  type Roll,
  type Seen,
  type WorldOptions,
} from '../support/recorded-world.ts';
import { ask } from '../support/store-fixture.ts';

const database = withDatabase();
let runs = 0;
const freshRun = () => `run-${(runs += 1)}`;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The last revision of each time: what was to be seen then. */
const standing = (seen: readonly Seen[]) => [...new Map(seen.map((each) => [each.at, each])).values()];

function expectAsSeen(past: PastBoard, seen: Seen) {
  expect({ seq: past.seq, at: past.at }).toEqual({ seq: seen.seq, at: seen.at });
  const { units, feeds } = valuesOf(past.sheets);
  expect(units).toEqual(plain(seen.units));
  expect(feeds).toEqual(plain(seen.feeds));
}

const loaderOf = (world: RecordedWorld, run: string) =>
  createLoader(createRecordedReader(world.database, SMALL.id, run));

test('the board at every recorded time is the board that was live then, wherever the server was killed', async () => {
  const plan = fc.record({
    seed: fc.integer(),
    steps: fc.array(fc.record({ ms: fc.integer({ min: 200, max: 90_000 }), polls: fc.nat(3), act: fc.nat(11) }), {
      minLength: 20,
      maxLength: 60,
    }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ seed, steps }) => {
      const roll = dice(seed);
      const run = freshRun();
      const world = await recordedWorld({ url: database.url, run });
      world.tick();
      await world.follow();
      for (const { ms, polls, act } of steps) {
        world.clock.forward(ms);
        world.tick(Array.from({ length: polls }, () => anyOutcome(roll, world.clock.now())));
        if (act < 3) await world.follow(act === 0 ? 1 : Infinity);
        if (act === 3) await world.restart();
      }
      await world.follow();
      const loader = loaderOf(world, run);
      for (const seen of standing(world.seen)) expectAsSeen(await loader.at(seen.at), seen);
    }),
    { numRuns: 5, seed: 20261123, endOnFailure: true },
  );
});

/**
 * A week of the small system from a Monday 8am: polls that answer, fail and refuse, a database that is hours behind, two
 * whole nights, and the others with the server off from 6pm to 8am (a board lives through every ten seconds).
 */
async function liveWeek(world: RecordedWorld, seed: number) {
  const roll = dice(seed);
  const start = world.clock.now();
  const end = start + 7 * 24 * HOUR;
  const outage = 3 + roll(4);
  while (world.clock.now() < end) {
    const hour = Math.floor((world.clock.now() - start) / HOUR);
    const [day, since] = [Math.floor(hour / 24), hour % 24];
    const night = since >= 10;
    const off = night && day !== 1 && day !== 5;
    if (off || hour === outage) {
      await world.follow(roll(2));
      world.clock.forward(off ? (24 - since) * HOUR : 20 * MINUTE + roll(30) * MINUTE);
      await world.restart({ clean: off });
    }
    const until = Math.min(end, world.clock.now() + HOUR);
    while (world.clock.now() < until) {
      world.clock.forward((night ? 300 : 100) * 1000 + roll(5000));
      world.tick(roll(3) > 0 ? [anyOutcome(roll, world.clock.now())] : []);
    }
    if (roll(3) === 0) await world.follow();
  }
  await world.follow();
}

test('a simulated week with faults and outages comes back at any moment, field by field', async () => {
  const run = freshRun();
  const world = await recordedWorld({ url: database.url, run });
  world.tick();
  await world.follow();
  await liveWeek(world, 7);
  const loader = loaderOf(world, run);
  const stretches = await loader.stretches();
  expect(stretches.length).toBeGreaterThanOrEqual(3);
  const times = [...standing(world.seen)];
  const roll = dice(99);
  for (let i = 0; i < 50; i += 1) {
    const index = roll(times.length - 1);
    const [seen, next] = [times[index], times[index + 1]];
    if (seen === undefined || next === undefined) continue;
    expectAsSeen(await loader.at(seen.at), seen);
    // Between two revisions the earlier one stands, unless nobody was there to see a change.
    const between = seen.at + roll(next.at - seen.at);
    const within = stretches.some(({ from, to }) => from <= between && between <= to);
    if (within) expectAsSeen(await loader.at(between), seen);
    else await expect(loader.at(between)).rejects.toMatchObject({ code: 'NOT_RECORDED' });
  }
}, 300_000);

/** Some minutes of polls. */
async function minutes(world: RecordedWorld, count: number, roll: Roll) {
  for (let i = 0; i < count * 3; i += 1) {
    world.clock.forward(20_000);
    world.tick([anyOutcome(roll, world.clock.now())]);
  }
}

async function begun(run: string, given: Partial<WorldOptions> = {}) {
  const world = await recordedWorld({ url: database.url, run, ...given });
  world.tick();
  await world.follow();
  return world;
}

test('another definition shows the hierarchy of its own time on either side of the change', async () => {
  const run = freshRun();
  const world = await begun(run);
  const roll = dice(3);
  await minutes(world, 3, roll);
  await world.follow();
  const before = world.clock.now();
  world.clock.forward(1000);
  const units = SMALL.units.map((unit) => (unit.id === 'p0-0-0' ? { ...unit, parent: 'n0-1', name: 'Moved' } : unit));
  await world.restart({ definition: { ...SMALL, version: 'test-2', units } });
  await minutes(world, 3, roll);
  await world.follow();
  const loader = loaderOf(world, run);
  for (const seen of standing(world.seen)) expectAsSeen(await loader.at(seen.at), seen);
  const parent = async (at: number) =>
    valuesOf((await loader.at(at)).sheets).units.find(({ id }) => id === 'p0-0-0')?.parent;
  expect([await parent(before), await parent(world.clock.now())]).toEqual(['n0-0', 'n0-1']);
});

test('a journal that was lost leaves a gap that is told, and what was recorded before stays', async () => {
  const run = freshRun();
  const world = await begun(run);
  const roll = dice(4);
  await minutes(world, 3, roll);
  await world.follow();
  const recorded = [...world.seen];
  await minutes(world, 2, roll);
  await world.restart({ lostJournal: true });
  world.clock.forward(MINUTE);
  const again = world.clock.now();
  await minutes(world, 3, roll);
  await world.follow();
  const loader = loaderOf(world, run);
  for (const seen of standing([...recorded, ...world.seen.filter(({ at }) => at > again)])) {
    expectAsSeen(await loader.at(seen.at), seen);
  }
  const lost = (recorded.at(-1)?.at ?? 0) + 1000;
  await expect(loader.at(lost)).rejects.toMatchObject({ code: 'NOT_RECORDED', before: expect.anything() });
});

test('a database that was emptied is recorded into again from the next revision on', async () => {
  const run = freshRun();
  const world = await begun(run);
  const roll = dice(5);
  await minutes(world, 2, roll);
  await world.follow();
  for (const table of ['recorded', 'recorded_stretch']) {
    await ask(database.url, `delete from ${table} where run_id = (select run_id from run where code = $1)`, [run]);
  }
  await world.restart();
  await minutes(world, 1, roll);
  await world.follow();
  await minutes(world, 3, roll);
  await world.follow();
  const loader = loaderOf(world, run);
  const [stretch] = await loader.stretches();
  const since = standing(world.seen.filter(({ at }) => at >= (stretch?.from ?? Infinity)));
  expect([...since].length).toBeGreaterThanOrEqual(9);
  for (const seen of since) expectAsSeen(await loader.at(seen.at), seen);
});

test('rules that come into force name the moments that were judged by them', async () => {
  const run = freshRun();
  const world = await begun(run);
  const roll = dice(6);
  await minutes(world, 2, roll);
  const before = world.clock.now();
  world.board.adoptRules({ ...SMALL.rules, version: 2, reason: 'Later', levels: [30, 50, 70] });
  await minutes(world, 2, roll);
  await world.follow();
  const loader = loaderOf(world, run);
  const rules = async (at: number) => (await loader.at(at)).rules.split('/')[0];
  expect([await rules(before), await rules(before + 20_000), await rules(world.clock.now())]).toEqual(['1', '2', '2']);
  for (const seen of standing(world.seen)) expectAsSeen(await loader.at(seen.at), seen);
});

test('weeks that are too old are dropped whole, and what is left begins with a whole board', async () => {
  const run = freshRun();
  const world = await begun(run, { start: '2031-01-05T22:00:00Z', retentionMs: 7 * 24 * HOUR });
  const roll = dice(8);
  // Over the midnight of a Sunday, then a week on.
  for (let i = 0; i < 60; i += 1) {
    world.clock.forward(5 * MINUTE);
    world.tick([anyOutcome(roll, world.clock.now())]);
  }
  await world.follow();
  for (let day = 0; day < 8; day += 1) {
    world.clock.forward(24 * HOUR);
    world.tick([anyOutcome(roll, world.clock.now())]);
    await world.follow();
  }
  const loader = loaderOf(world, run);
  const [first] = await loader.stretches();
  expect(first?.from).toBeGreaterThanOrEqual(Date.UTC(2031, 0, 6));
  const left = world.seen.filter(({ at }) => at >= (first?.from ?? Infinity));
  expect(left.length).toBeGreaterThan(30);
  for (const seen of standing(left)) expectAsSeen(await loader.at(seen.at), seen);
  await expect(loader.at(Date.UTC(2031, 0, 5, 23))).rejects.toMatchObject({ code: 'NOT_RECORDED', before: null });
});

test('detail that the journal gave up is a gap, never a board that is half right', async () => {
  const run = freshRun();
  const world = await begun(run);
  const roll = dice(9);
  await minutes(world, 2, roll);
  await world.follow();
  const { journal } = world;
  const next = world.board.seq + 1;
  const at = world.clock.now() + 1000;
  const bare = { epoch: world.board.epoch, units: [], removed: [], feeds: [], applied: [], levels: [], inputs: [] };
  journal.append({ ...bare, seq: next, at, thinned: true });
  journal.append({ ...bare, seq: next + 1, at: at + 1000 });
  await world.follow();
  const loader = loaderOf(world, run);
  expect((await loader.at(at - 1000)).seq).toBe(next - 1);
  await expect(loader.at(at)).rejects.toMatchObject({ code: 'NOT_RECORDED' });
  await expect(loader.at(at + 1000)).rejects.toMatchObject({ code: 'NOT_RECORDED' });
});

test('what an earlier version recorded is refused, and the recording begins anew after it', async () => {
  const run = freshRun();
  const world = await begun(run);
  const roll = dice(10);
  await minutes(world, 2, roll);
  await world.follow();
  const before = world.clock.now();
  const text = '{"unit":{"id":"old"}}';
  const body = zstdCompressSync(text).toString('hex');
  await ask(
    database.url,
    `update recorded set bytes = $2, body = decode($3, 'hex') where run_id = (select run_id from run where code = $1)`,
    [run, text.length, body],
  );
  await world.restart();
  await minutes(world, 1, roll);
  await world.follow();
  await minutes(world, 2, roll);
  await world.follow();
  const loader = loaderOf(world, run);
  await expect(loader.at(before - 20_000)).rejects.toMatchObject({ code: 'RECORDING_BROKEN' });
  const stretch = (await loader.stretches()).at(-1);
  const since = standing(world.seen.filter(({ at }) => at >= (stretch?.from ?? Infinity)));
  expect([...since].length).toBeGreaterThanOrEqual(6);
  for (const seen of since) expectAsSeen(await loader.at(seen.at), seen);
});
