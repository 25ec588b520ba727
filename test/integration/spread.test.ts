import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { request } from 'undici';
import { QUARTER } from '#shared/model/time.ts';
import { Value } from 'typebox/value';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { SpreadNeighboursSchema, SpreadSchema } from '#shared/protocol/spread.ts';
import { scoreOf, unrest, windowFrom } from '../../server/domain/spread/fixture.ts';
import { commit, reading } from '../support/commits.ts';
import { withDatabase } from '../support/database.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { manualClock, NO_HISTORY, startServer, type RunningServer } from '../support/server.ts';
import { openTestJournal, startStore, takenIn } from '../support/store-fixture.ts';

const database = withDatabase();
const WINDOW = windowFrom('2026-03-02', 6);
/** A Monday morning, six weeks after the window's beginning. */
const NOW = Temporal.Instant.from('2026-04-13T09:00:00Z').epochMilliseconds;
const LATER = 3;

/** Six weeks of scores in the history as the board writes them: where they change. N2 follows N1 by 45 minutes. */
async function recordedScores() {
  const journal = await openTestJournal();
  const n = WINDOW.cells.length;
  const common = unrest(n + 10, 0.9, 4);
  const scoresOf = (seed: number, later: number) =>
    scoreOf(
      WINDOW,
      unrest(n, 0.9, seed).map((by, i) => 0.4 * by + (common[i + 10 - later] ?? 0)),
    );
  const units = { N1: scoresOf(1, 0), N2: scoresOf(2, LATER), P1: scoreOf(WINDOW, unrest(n, 0.9, 9)) };
  const last = new Map<string, number | null>();
  for (let place = 0; place < n; place += 1) {
    const at = WINDOW.from + place * QUARTER;
    const applied = Object.entries(units).flatMap(([unit, points]) => {
      const value = points[place]?.[1] ?? null;
      if (last.get(unit) === value) return [];
      last.set(unit, value);
      return [reading(unit, at, value, { metric: 'pressure.score', feed: null, receivedAt: at })];
    });
    // Two commits an hour and more say that somebody was recording, also through the night.
    journal.append(commit(place + 1, { at, units: [], applied }));
  }
  const feeds = smallDefinition().feeds.map((feed) => ({ ...feed, staleAfterMs: QUARTER }));
  const definition = { ...smallDefinition(), feeds };
  const store = startStore({ url: database.url, journal, definition });
  await takenIn(store, journal);
  return { store, definition };
}

test('lead and lag come from the written history, for two units and for all neighbours of one', async () => {
  const { store, definition } = await recordedScores();
  const server = await startServer(createMemoryBoard(definition), { history: store, clock: manualClock(NOW) });
  const get = async (query: string) => {
    const { statusCode, body } = await request(`${server.url}/api/spread?${query}`);
    expect(statusCode).toBe(200);
    return body.json();
  };
  const two = Value.Parse(SpreadSchema, await get('a=N1&b=N2'));
  expect(two.scales[0]).toMatchObject({ scale: 'hours', step: QUARTER, lagMs: LATER * QUARTER });
  expect(two.scales[0]?.curve).toHaveLength(49);
  expect(two.sentence).toMatch(
    /^neighbourhood N1 rises about 45 min before neighbourhood N2 \(correlation 0\.\d\d over 6/,
  );
  expect(two).toMatchObject({ a: 'N1', b: 'N2', weeks: 6, simulated: true });
  const back = Value.Parse(SpreadSchema, await get('a=N2&b=N1'));
  expect(back.scales[0]?.lagMs).toBe(-LATER * QUARTER);

  const one = Value.Parse(SpreadNeighboursSchema, await get('a=N2'));
  expect(one).toMatchObject({ a: 'N2', compared: 1, of: 1 });
  expect(one.neighbours.map((n) => [n.id, n.lagMs])).toEqual([['N1', -LATER * QUARTER]]);
  expect(one.sentence).toBe('Of 1 compared, 1 rises before neighbourhood N2, 0 after it and 0 together with it');

  const none = Value.Parse(SpreadSchema, await get('a=P1&b=P2&weeks=4'));
  expect(none.sentence).toMatch(/^Too little history to say/);
  const alone = Value.Parse(SpreadNeighboursSchema, await get('a=P1&weeks=3'));
  expect(alone).toMatchObject({ compared: 1, neighbours: [] });
});

test('what is read is kept for an hour of the clock, and a failure is not', async () => {
  const asked: string[] = [];
  let away = true;
  const history = {
    ...NO_HISTORY,
    series: async ({ unit }: { unit: string }) => {
      asked.push(unit);
      if (away) throw Object.assign(new Error('away'), { code: 'STORE_UNAVAILABLE' });
      return [];
    },
  };
  const clock = manualClock(NOW);
  const server = await startServer(createMemoryBoard(smallDefinition()), { history, clock });
  const status = async () => (await request(`${server.url}/api/spread?a=N1&b=N2`)).statusCode;
  expect(await status()).toBe(503);
  away = false;
  expect(await status()).toBe(200);
  expect(await status()).toBe(200);
  expect(asked).toEqual(['N1', 'N2', 'N1', 'N2']);
  clock.set(NOW + 3_600_000);
  expect(await status()).toBe(200);
  expect(asked).toHaveLength(6);
});

describe('bad input', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(createMemoryBoard(smallDefinition()), {}, () => undefined);
  });
  afterAll(() => server.close());

  test.for([
    ['no unit', '', 400, 'BAD_INPUT', '/query/a'],
    ['an empty unit', 'a=', 400, 'BAD_INPUT', '/query/a'],
    ['an empty second', 'a=N1&b=', 400, 'BAD_INPUT', '/query/b'],
    ['a unit with itself', 'a=N1&b=N1', 400, 'BAD_INPUT', '/query/b'],
    ['two firsts', 'a=N1&a=N2', 400, 'BAD_INPUT', '/query/a'],
    ['a unit id that is too long', `a=${'x'.repeat(65)}`, 400, 'BAD_INPUT', '/query/a'],
    ['two weeks, too few for a usual', 'a=N1&weeks=2', 400, 'BAD_INPUT', '/query/weeks'],
    ['more weeks than are read', 'a=N1&weeks=14', 400, 'BAD_INPUT', '/query/weeks'],
    ['half a week', 'a=N1&weeks=3.5', 400, 'BAD_INPUT', '/query/weeks'],
    ['weeks in words', 'a=N1&weeks=six', 400, 'BAD_INPUT', '/query/weeks'],
    ['a question nobody knows', 'a=N1&c=N2', 400, 'BAD_INPUT', '/query/c'],
    ['an unknown unit', 'a=N9', 404, 'UNKNOWN_UNIT', null],
    ['an unknown second', 'a=N1&b=toString', 404, 'UNKNOWN_UNIT', null],
  ] as const)('%s is refused', async ([, query, status, code, place]) => {
    const { statusCode, body } = await request(`${server.url}/api/spread?${query}`);
    const problem = Value.Parse(ProblemSchema, await body.json());
    expect([statusCode, problem.code, problem.errors?.[0]?.path ?? null]).toEqual([status, code, place]);
  });
});
