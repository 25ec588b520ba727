import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { request } from 'undici';
import type { Definition } from '#shared/model/definition.ts';
import { fromInstant, HOUR, MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import { createBoard, type Board } from '../../server/board/board.ts';
import { handClock, type HandClock } from '../../server/board/fixture.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import { loadNational } from '../../server/definition/national.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import type { PollOutcome } from '../../server/domain/ports.ts';
import { createBoardCopies } from '../../server/domain/replay/copies.ts';
import { createReplayHouse } from '../../server/replay/house.ts';
import { startStudio } from '../../server/replay/thread.ts';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../server/store/embedded.ts';
import { openJournal } from '../../server/store/journal.ts';
import { migrate } from '../../server/store/migrate.ts';
import { prepareFollower } from '../../server/store/prepare.ts';
import { createStore, type Store } from '../../server/store/store.ts';
import { busyMorning, greaterManchester } from '../support/manchester-morning.ts';
import { dice } from '../support/made-history.ts';
import { copyStretch } from '../support/recorded-copies.ts';
import { openReplay } from '../support/replay-seeks.ts';
import { startServer } from '../support/server.ts';
import { report } from './report.ts';

const START = fromInstant('2026-11-23T08:00:00Z');
const MOST_RECORDED_MS = HOUR;
/** The board lives through as much of the morning as this real time allows: other work may be on the machine. */
const RECORD_LIMIT_MS = 80_000;
const COPY_LIMIT_MS = 20_000;
const SEEKS = 60;
const WARM_UP = 20;
const PLAIN_ROUNDS = 10;
/** A busy day counts as so many busy hours: nights and weekends bring next to nothing. */
const BUSY_MINUTES_IN_13_MONTHS = 282 * 10.5 * 60;
/** What a seek may take. */
const AIM_MS = 150;
/** Somebody who drags through time asks for moments so far apart. */
const DRAG_MS = 7000;
const silent = pino({ level: 'silent' });

/**
 * A busy morning of Greater Manchester, recorded by the product's own follower, among thirteen months of copies of it.
 * Then moments all over it are looked at while the board lives on and is recorded: the whole board over HTTP, and a replay
 * on the live channel that is sent from moment to moment, until its last part is there (the whole system in `full`, and in
 * `overview`). Other work may be on the machine: the baseline is reading and saying the same board as one JSON text, just
 * before and after. The event loop is the server's, with the client in it.
 */
export async function runBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-replay-'));
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ folder, logger: silent, settings: { max_wal_size: '4GB' } });
  const options = { connections: 4, statementLimitMs: 600_000, logger: silent };
  const database = connectDatabase({ connectionString: server.url, ...options });
  try {
    await migrate(database);
    await measure(server, database, join(folder, 'journal'));
  } finally {
    await database.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(server: EmbeddedDatabase, database: Database, folder: string): Promise<void> {
  const definition = await greaterManchester();
  const journal = await openJournal({ folder, byteBudget: 1e9, logger: silent });
  const clock = handClock(toInstant(START));
  const normal = createPublishedNormal(definition, loadNational());
  const board = createBoard({ definition, clock, normal, epoch: journal.recovered().epoch, journal });
  const copies = createBoardCopies(board, () => rulesId(board.definition.rules));
  const polls = busyMorning(definition);
  const following = { journal, definition, run: null, logger: silent, recording: { copies, nameOfRules: rulesId } };
  try {
    await record({ board, clock, polls, follower: await prepareFollower(database, following, () => undefined) });
    const recorded = { from: START + MINUTE, to: clock.now() };
    await reportSize(database, clock.now() - START);
    const gigabytes = await copyStretch(database, { before: START, limitMs: COPY_LIMIT_MS });
    report('replay-table', gigabytes, 'GB of recording seeks are made in', gigabytes);
    const store = createStore({ connectionString: server.url, clock, ...following });
    store.start();
    const live = liveOn(board, clock, polls);
    try {
      while (store.position().seq === 0) await wait(50);
      await ask({ url: server.url, store, board, clock, definition, recorded });
    } finally {
      live.stop();
      await store.stop();
    }
  } finally {
    copies.stop();
    await journal.close();
  }
}

interface Recorded {
  readonly board: Board;
  readonly clock: HandClock;
  readonly polls: (at: EpochMs) => PollOutcome[];
  readonly follower: Awaited<ReturnType<typeof prepareFollower>>;
}

/** Lives through the morning a second at a time; every five minutes the follower catches up. */
async function record({ board, clock, polls, follower }: Recorded): Promise<void> {
  const end = performance.now() + RECORD_LIMIT_MS;
  let lived = 0;
  for (; lived < MOST_RECORDED_MS && performance.now() < end; lived += 1000) {
    clock.forward(1000);
    for (const outcome of polls(clock.now())) board.apply(outcome);
    board.tick();
    if (lived % (5 * MINUTE) === 0) await follower.catchUp(() => false);
  }
  await follower.catchUp(() => false);
  report('replay-recorded', lived / MINUTE, 'min of a busy morning', MOST_RECORDED_MS / MINUTE);
}

async function reportSize(database: Database, lived: number): Promise<void> {
  const rows = await database.query<{ kind: number; packed: number; text: number }>({
    name: 'bytes-recorded',
    text: `select kind, sum(length(body))::float8 as packed, sum(bytes)::float8 as "text" from recorded group by kind`,
    values: [],
  });
  const minutes = lived / MINUTE;
  const of = (kind: number) => rows.find((row) => row.kind === kind) ?? { packed: 0, text: 0 };
  const [boards, changes] = [of(0), of(1)];
  report('replay-disk-changes', changes.packed / minutes / 1000, 'kB a minute', changes.text / minutes / 1000);
  report('replay-disk-boards', boards.packed / minutes / 1000, 'kB a minute', boards.text / minutes / 1000);
  const whole = (BUSY_MINUTES_IN_13_MONTHS * (changes.packed + boards.packed)) / minutes / 1e9;
  const text = (BUSY_MINUTES_IN_13_MONTHS * (changes.text + boards.text)) / minutes / 1e9;
  report('replay-disk-13-months', whole, 'GB, 282 working days of 10.5 such hours, extrapolated', text);
}

/** The board goes on at real speed, as it does in the server. */
function liveOn(board: Board, clock: HandClock, polls: Recorded['polls']): { stop(): void } {
  let last = performance.now();
  let second = clock.now();
  const timer = setInterval(() => {
    const now = performance.now();
    clock.forward(Math.round(now - last));
    last = now;
    for (; second + 1000 <= clock.now(); second += 1000) {
      for (const outcome of polls(second + 1000)) board.apply(outcome);
    }
    board.tick();
  }, 200);
  return { stop: () => clearInterval(timer) };
}

interface Asked {
  readonly url: string;
  readonly store: Store;
  readonly board: Board;
  readonly clock: HandClock;
  readonly definition: Definition;
  readonly recorded: { readonly from: EpochMs; readonly to: EpochMs };
}

async function ask({ url, store, board, clock, definition, recorded: { from, to } }: Asked): Promise<void> {
  const { recorded } = store;
  const studio = startStudio({
    ...{ connectionString: url, system: definition.id, run: 'live' },
    unavailable: () => store.unavailable(),
    onTrouble: (reason) => console.error(reason),
  });
  const house = createReplayHouse({ studio, recorded, definition, simulated: true });
  let close = async () => {};
  const app = await startServer(board, { ...house, clock }, (end) => (close = end));
  const roll = dice(5);
  const anywhere = () => Math.floor(from + roll() * (to - from));
  const get = async (at: EpochMs) => {
    const answer = await request(`${app.url}/api/replay?at=${toInstant(at)}`);
    if (answer.statusCode !== 200) throw new Error(await answer.body.text());
    await answer.body.dump({ limit: Infinity });
  };
  try {
    const plain = await plainJson(app.url);
    // The thread begins, and finds its statements and itself compiled.
    for (let i = 0; i < WARM_UP; i += 1) await get(anywhere());
    // Ten seconds of nothing but live writing: what the processor does anyway, and how long it holds the loop.
    const quiet = await timed(1, () => wait(10_000).then(() => undefined));
    const idle = { perMs: quiet.cpu / quiet.wall, late: quiet.late };
    const measure = async (name: string, times: number, work: () => Promise<void>) => {
      const before = plain();
      const seeks = await timed(times, work);
      say(name, seeks, idle, [...before, ...plain()]);
    };
    await measure('replay-http', SEEKS, () => get(anywhere()));
    for (const view of ['full', 'overview'] as const) {
      const stream = await openReplay(app.url, definition.id, view, anywhere());
      await measure(`replay-stream-${view}`, SEEKS, () => stream.seek(anywhere()));
      let at = from;
      const most = Math.floor((to - from) / DRAG_MS) - 1;
      await measure(`replay-drag-${view}`, Math.min(SEEKS, most), () => stream.seek((at += DRAG_MS)));
      stream.close();
    }
    report('replay-follower-behind', store.position().behind, 'commits behind after all of it', store.position().seq);
  } finally {
    await close();
    await studio.stop();
  }
}

interface Timed {
  readonly walls: readonly number[];
  readonly wall: number;
  /** Processor time of the whole process, live writing included. */
  readonly cpu: number;
  /** How late the event loop was, 99 of 100 times, and at most. */
  readonly late: { readonly p99: number; readonly most: number };
}

const TICK_MS = 5;

async function timed(times: number, work: () => Promise<void>): Promise<Timed> {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  const walls: number[] = [];
  const before = process.cpuUsage();
  delay.enable();
  for (let i = 0; i < times; i += 1) {
    const began = performance.now();
    await work();
    walls.push(performance.now() - began);
  }
  delay.disable();
  const { user, system } = process.cpuUsage(before);
  const wall = walls.reduce((sum, each) => sum + each, 0);
  const late = { p99: delay.percentile(99) / 1e6 - TICK_MS, most: delay.max / 1e6 - TICK_MS };
  return { walls, wall, cpu: (user + system) / 1000, late };
}

interface Idle {
  readonly perMs: number;
  readonly late: Timed['late'];
}

/** How long reading and saying the whole board as one JSON text took just then. */
interface Plain {
  readonly wall: number;
  readonly cpu: number;
}

const atShare = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;

function say(name: string, { walls, wall, cpu, late }: Timed, idle: Idle, plain: readonly Plain[]) {
  const plainWalls = plain.map((each) => each.wall);
  for (const [word, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    const what = `ms beside live writing, aim ${AIM_MS}; baseline: reading and saying that board as JSON, just before and after`;
    report(`${name}-${word}`, atShare(walls, share), what, atShare(plainWalls, share));
  }
  const used = (cpu - idle.perMs * wall) / walls.length;
  report(
    `${name}-cpu`,
    used,
    'ms of processor a seek, all threads and client',
    atShare(
      plain.map((each) => each.cpu),
      0.5,
    ),
  );
  report(`${name}-late-p99`, late.p99, 'ms of event loop; baseline without anybody asking', idle.late.p99);
  report(`${name}-late-most`, late.most, 'ms of event loop; baseline without anybody asking', idle.late.most);
}

/** Reads and says the whole board as one JSON text, some times: what a seek costs is held against it. */
async function plainJson(url: string): Promise<() => Plain[]> {
  const text = await (await request(`${url}/api/board`)).body.text();
  report('replay-board', text.length / 1e6, 'MB of JSON, the whole board', text.length / 1e6);
  return () =>
    Array.from({ length: PLAIN_ROUNDS }, () => {
      const [began, before] = [performance.now(), process.threadCpuUsage()];
      JSON.stringify(JSON.parse(text));
      const { user, system } = process.threadCpuUsage(before);
      return { wall: performance.now() - began, cpu: (user + system) / 1000 };
    });
}
