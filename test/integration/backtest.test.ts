import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Backtest, BacktestResult } from '#shared/protocol/backtest.ts';
import { toInstant } from '#shared/model/time.ts';
import { createBacktestDesk } from '../../server/backtest/desk.ts';
import { startThread } from '../../server/backtest/thread.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import { runBacktest } from '../../server/domain/backtest/backtest.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import type { Commit } from '../../server/domain/ports.ts';
import { memorySources } from '../support/backtest-sources.ts';
import {
  liveMorning,
  MORNING_FROM,
  MORNING_TO,
  morningNational,
  morningRules,
  morningSystem,
} from '../support/board-morning.ts';
import { withDatabase } from '../support/database.ts';
import { manualClock, startServer } from '../support/server.ts';
import { demonstrationRun, openTestJournal, silent, startStore, takenIn } from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const database = withDatabase();
const definition = morningSystem();
const lenient = { ...morningRules, levels: [55, 75, 95], reason: 'Later levels' };

/** A morning on a real board, in a real database, and the server over both. */
async function livedMorning() {
  const journal = await openTestJournal();
  const commits: Commit[] = [];
  const board = liveMorning(definition, {
    append(commit) {
      commits.push(commit);
      journal.append(commit);
    },
    checkpoint: () => undefined,
  });
  const run = demonstrationRun({ run: 'morning', system: definition.id });
  const store = startStore({ url: database.url, journal, definition, run });
  await takenIn(store, journal);
  const clock = manualClock(MORNING_TO);
  const backtests = createBacktestDesk({
    ...{ connectionString: database.url, run: run.run, national: morningNational(), clock, logger: silent },
    definition: () => definition,
    inForce: () => rulesId(definition.rules),
    version: (id) => store.rules.version(id),
    unavailable: () => null,
  });
  const server = await startServer(board, { backtests, clock });
  return { commits, server, stop: () => backtests.stop() };
}

describe('back-tests over HTTP, of a morning in Postgres', () => {
  const body = (given: object = {}) => ({
    rules: lenient,
    from: toInstant(MORNING_FROM),
    to: toInstant(MORNING_TO),
    ...given,
  });

  it('come to what the same history comes to in memory, agree with the recorded levels, and are told from start to end', async () => {
    const { commits, server, stop } = await livedMorning();
    const send = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: unknown) => {
      const answer = await request(`${server.url}${path}`, {
        method,
        ...(payload === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) }),
      });
      return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
    };
    try {
      const { status, body: begun } = await send('POST', '/api/backtests', body());
      expect(status).toBe(202);
      const path = `/api/backtests/${String(begun['id'])}`;
      let shown: Backtest | null = null;
      await until(
        'the back-test to be done',
        async () => {
          const answer = await send('GET', path);
          expect(answer.status).toBe(200);
          shown = answer.body as unknown as Backtest;
          return shown.state !== 'waiting' && shown.state !== 'running';
        },
        30_000,
      );
      expect(shown).toMatchObject({ state: 'done', fault: '', progress: 1 });
      const found = (shown as unknown as Backtest).result as BacktestResult;
      expect(found.agreement).toBeGreaterThanOrEqual(0.98);

      const inMemory = await runBacktest(
        {
          definition,
          tried: lenient as typeof morningRules,
          against: morningRules,
          againstName: rulesId(morningRules),
          from: MORNING_FROM,
          to: MORNING_TO,
        },
        memorySources({
          applied: commits.flatMap((commit) => commit.applied),
          levels: commits.flatMap((commit) => commit.levels),
          spans: [{ from: commits[0]?.at ?? 0, to: commits.at(-1)?.at ?? 0 }],
          normal: createPublishedNormal(definition, morningNational()),
        }),
        { progress: () => undefined, now: () => 0, breathe: () => Promise.resolve() },
      );
      const same = (result: BacktestResult) => ({ ...result, tookMs: 0, notes: [] });
      expect(same(found)).toEqual(same(inMemory));
      const inTwoThreads = await startThread(
        {
          ...{ definition, national: morningNational(), connectionString: database.url, run: 'morning', threads: 2 },
          ...{ tried: lenient as typeof morningRules, against: morningRules, againstName: rulesId(morningRules) },
          ...{ from: MORNING_FROM, to: MORNING_TO },
        },
        () => undefined,
      ).ending;
      expect(inTwoThreads.kind === 'done' ? same(inTwoThreads.result) : inTwoThreads).toEqual(same(inMemory));
      expect(found.triedTotals.minutes.levels[0]).toBeGreaterThan(found.againstTotals.minutes.levels[0]);

      const list = (await send('GET', '/api/backtests')).body['backtests'] as Backtest[];
      expect(list).toMatchObject([{ id: begun['id'], state: 'done' }]);
      expect(list[0]).not.toHaveProperty('result');
      expect((await send('DELETE', path)).body).toMatchObject({ state: 'done' });
      // Every command is in the audit.
      expect(server.audit.filter((entry) => entry.step === 'asked').map((entry) => entry.command)).toEqual([
        'POST /api/backtests',
        `DELETE ${path}`,
      ]);
      const refusals: [object, number, string][] = [
        [body({ from: 'yesterday' }), 400, 'BAD_INPUT'],
        [body({ to: toInstant(MORNING_FROM) }), 400, 'BAD_INPUT'],
        [body({ from: '2025-01-01T00:00:00Z' }), 400, 'BAD_INPUT'],
        [body({ extra: 1 }), 400, 'BAD_INPUT'],
        [{ rules: lenient }, 400, 'BAD_INPUT'],
        [body({ rules: { levels: [1] } }), 422, 'RULES_FAULTY'],
        [body({ against: '7/nothing' }), 404, 'UNKNOWN_RULES'],
      ];
      for (const [payload, expected, code] of refusals) {
        const refused = await send('POST', '/api/backtests', payload);
        expect([refused.status, refused.body['code']]).toEqual([expected, code]);
      }
      expect((await send('GET', '/api/backtests/none')).status).toBe(404);
      expect((await send('DELETE', '/api/backtests/none')).status).toBe(404);
    } finally {
      await stop();
    }
  });
});
