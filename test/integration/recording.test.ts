import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dice } from '../../server/board/month-fixture.ts';
import { createLoader, type PastBoard } from '../../server/replay/load.ts';
import { createRecordedReader } from '../../server/store/recorded-reader.ts';
import { withDatabase } from '../support/database.ts';
import { anyOutcome, recordedWorld, SMALL, type RecordedWorld, type Seen } from '../support/recorded-world.ts';

const database = withDatabase();
let runs = 0;
const freshRun = () => `run-${(runs += 1)}`;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The last revision of each time: what was to be seen then. */
const standing = (seen: readonly Seen[]) => [...new Map(seen.map((each) => [each.at, each])).values()];

function expectAsSeen(past: PastBoard, seen: Seen) {
  expect({ seq: past.seq, at: past.at }).toEqual({ seq: seen.seq, at: seen.at });
  expect([...past.shadow.units.values()]).toEqual(plain(seen.units));
  expect([...past.shadow.feeds.values()]).toEqual(plain(seen.feeds));
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
    { numRuns: 8, seed: 20261123, endOnFailure: true },
  );
});
