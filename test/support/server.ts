import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { buildApp, type AppDeps } from '../../server/app.ts';
import type { BoardView, Clock, FeedControl, HistoryReader } from '../../server/domain/ports.ts';
import { NotRecorded, type PastBoards } from '../../server/domain/replay/player.ts';
import { listen, type Listening } from '../../server/http/listen.ts';
import { identifyLocal } from '../../server/identity/actor.ts';
import { ScreensDesk } from '../../server/identity/screens/desk.ts';
import type { AuditEntry } from '../../server/identity/audit.ts';
import { MONDAY_8AM } from './memory-board.ts';
import { noBacktests } from './no-backtests.ts';
import { noRedirections, noScorecards } from './no-redirections.ts';
import { noRules } from './no-rules.ts';

/** A history in which nothing was ever recorded. */
export const NO_HISTORY: HistoryReader = {
  chart: async () => ({ points: [], source: 'readings', bounds: [] }),
  series: async () => [],
  levelChanges: async () => [],
  published: async () => ({ organisation: null, memberships: [], figures: [] }),
};

/** A past of which nothing is left. */
export const NO_PAST: PastBoards = {
  at: async (at) => Promise.reject(new NotRecorded(at, null, null)),
  stretches: async () => [],
  feedStates: async () => [],
};

/** A clock that a test moves by hand. */
export function manualClock(at = MONDAY_8AM): Clock & { set(at: number): void } {
  let now = at;
  return {
    now: () => now,
    speed: 1,
    simulated: true,
    realMsUntil: (then) => Math.max(0, then - now),
    set: (then) => (now = then),
  };
}

/** Knows the board's feeds and does nothing with them. */
export function noControl(board: BoardView): FeedControl {
  return {
    pollNow: () => 0,
    pause: () => 0,
    resume: () => 0,
    readAgain: () => Promise.reject(Object.assign(new Error('no such group'), { code: 'UNKNOWN_GROUP' })),
    answer: () => null,
    knows: (id) => board.feeds().some((feed) => feed.id === id || feed.feed === id),
  };
}

export interface RunningServer extends Listening {
  readonly port: number;
  readonly audit: AuditEntry[];
  close(): Promise<void>;
}

/** The whole app over `board` on a free port, both address families where there are two; closes with the test (or `atEnd`). */
export async function startServer(
  board: BoardView,
  given: Partial<AppDeps> = {},
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Promise<RunningServer> {
  const audit: AuditEntry[] = [];
  const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const clock = given.clock ?? manualClock();
  const app = await buildApp({
    board,
    slots: { slots: () => null },
    history: NO_HISTORY,
    past: NO_PAST,
    replays: { open: () => null, count: 0 },
    normal: { label: 'expected from published months', usual: () => null, usualSeries: () => [] },
    learned: async () => new Map(),
    clock,
    conditions: () => [],
    measures: () => [],
    control: noControl(board),
    quarantine: { groups: () => [], records: () => [], today: () => 0, note: () => '' },
    clockOffset: () => null,
    scenario: null,
    rules: noRules(board, manualClock()),
    redirections: noRedirections(),
    scorecards: noScorecards(board),
    backtests: noBacktests(),
    rulesHash: () => 'hash',
    screens: new ScreensDesk({ path: null, clock, build: given.build ?? 'test', logger }),
    build: 'test',
    access: { host: '127.0.0.1', hosts: [] },
    identify: identifyLocal,
    audit: { record: (entry) => audit.push(entry), close: () => undefined },
    open: null,
    webFolder: '/nowhere',
    logger,
    ...given,
  });
  const close = async () => {
    await app.close();
  };
  atEnd(close);
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, logger);
  return { ...listening, port: Number(new URL(listening.url).port), audit, close };
}
