import { mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { CATALOGUE_VERSION, type MetricName } from '#shared/model/metrics.ts';
import { dayStart, HOUR, MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import { createDictionary, metricNumbers, unitNumbers } from '../../server/store/dictionary.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../server/store/embedded.ts';
import { appendHistory, pack } from '../../server/store/history.ts';
import { openJournal } from '../../server/store/journal.ts';
import { migrate } from '../../server/store/migrate.ts';
import { HISTORY, makePartitions, partitionOf } from '../../server/store/partitions.ts';
import { registerRun } from '../../server/store/run.ts';
import { createStore } from '../../server/store/store.ts';
import { createUpkeep } from '../../server/store/upkeep.ts';
import { writePosition } from '../../server/store/position.ts';
import { smallDefinition } from '../support/definition.ts';
import { appliedOf, copyUnit, fillUnit, makeRoom, type Filling } from '../support/history-filling.ts';
import { questions } from '../support/history-questions.ts';
import { dice, madeDay, PRACTICE_METRICS, READINGS_A_SECOND } from '../support/made-history.ts';
import { tree } from '../support/processes.ts';
import { report } from './report.ts';

const DAY = 24 * HOUR;
/** Tuesday 13 January 2026, 9am. */
const NOW = Date.UTC(2026, 0, 13, 9);
const MONTHS_13: EpochMs = 395 * DAY;
/** Units of Greater Manchester whose history is kept: practices, hubs and services, networks, places, the system. */
const UNITS_OF_GM = 500;
/** So many are made; the others are their copies, until the time for it is over or there are enough. */
const [MADE, MOST] = [2, 400];
const COPY_MS = 45_000;
const RAW_UNITS = 8;
const silent = pino({ level: 'silent' });

/**
 * Thirteen months of made-up practices (how many: `history-sites`) in a database of its own: bytes against plain rows,
 * series beside live writing against the same answers from the readings, and what packing and rolling up costs.
 */
export async function runBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-history-'));
  chmodSync(folder, 0o711);
  const hasty = { max_wal_size: '4GB', checkpoint_timeout: '30min', fsync: 'off', synchronous_commit: 'off' };
  let server = await startEmbedded({ folder, logger: silent, settings: hasty });
  try {
    const filled = await withDatabase(server, fill);
    await server.stop();
    server = await startEmbedded({ folder, logger: silent });
    const running = server;
    await withDatabase(running, (database) => measurePacking(database, running, filled));
    await withDatabase(running, (database) => measureSeries(database, running, join(folder, 'journal'), filled));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withDatabase<T>(server: EmbeddedDatabase, work: (database: Database) => Promise<T>): Promise<T> {
  const options = { connections: 4, statementLimitMs: 600_000, logger: silent };
  const database = connectDatabase({ connectionString: server.url, ...options });
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

interface Filled {
  readonly runId: number;
  readonly units: readonly string[];
  readonly filling: Omit<Filling, 'database'>;
  readonly bytesPerMillion: { readonly days: number; readonly all: number };
  readonly gigabytesPerUnit: number;
}

async function fill(database: Database): Promise<Filled> {
  await migrate(database);
  const runId = await registerRun(database, 'bench', null);
  const codes = Array.from({ length: MOST }, (_, i) => `M${1000 + i}`);
  const [units, metrics] = [
    createDictionary(database, unitNumbers('bench')),
    createDictionary(database, metricNumbers),
  ];
  await units.ensure(codes);
  await metrics.ensure(PRACTICE_METRICS.map((m) => m.name));
  const to = dayStart(NOW);
  const filling = {
    ...{ runId, from: dayStart(to - MONTHS_13), to, catalogue: CATALOGUE_VERSION },
    spans: [{ from: to - MONTHS_13 - 40 * DAY, to: NOW }],
    fiveMinutesFrom: to - 35 * DAY,
    metrics: PRACTICE_METRICS.map((m) => ({ ...m, id: metrics.of(m.name) })),
  };
  await makeRoom({ database, ...filling });
  let readings = 0;
  const made = codes.slice(0, MADE);
  for (const [i, code] of made.entries()) {
    readings += await fillUnit({ database, ...filling }, units.of(code), i);
  }
  const [days, all] = [await bytesOf(database, ['history_day']), await bytesOf(database, PACKED_TABLES)];
  const filled = [...made];
  const began = performance.now();
  for (const code of codes.slice(MADE)) {
    if (performance.now() - began > COPY_MS) break;
    await copyUnit(database, units.of(made[filled.length % MADE] ?? ''), units.of(code));
    filled.push(code);
  }
  await database.query({
    name: 'span',
    text: `insert into recording values ($1, to_timestamp($2), to_timestamp($3))`,
    values: [runId, (filling.from - 40 * DAY) / 1000, NOW / 1000],
  });
  await database.session(async (client) => void (await client.query('analyze')));
  report('history-sites', filled.length, 'sites with 13 months of history here', UNITS_OF_GM);
  report('history-readings', readings / MADE / 1e6, 'million readings a site in 13 months', readings / MADE / 1e6);
  return {
    ...{ runId, units: filled, filling, gigabytesPerUnit: all / MADE / 1e9 },
    bytesPerMillion: { days: (days / readings) * 1e6, all: (all / readings) * 1e6 },
  };
}

const PACKED_TABLES = ['history_day', 'rollup_five_minutes', 'rollup_hour', 'rollup_day'];

/** With indexes and what lies out of line, over all partitions. */
async function bytesOf(database: Database, tables: readonly string[]): Promise<number> {
  const [row] = await database.query<{ bytes: number }>({
    name: 'bytes-of',
    text: `select coalesce(sum(pg_total_relation_size(part.relid)), 0)::float8 as bytes
           from unnest($1::text[]) as t(name), pg_partition_tree(t.name::regclass) as part`,
    values: [tables],
  });
  const [plain] = await database.query<{ bytes: number }>({
    name: 'bytes-of-plain',
    text: `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 as bytes from pg_class c
           where c.relkind = 'r' and not c.relispartition and c.relname = any($1::text[])`,
    values: [tables],
  });
  return (row?.bytes ?? 0) + (plain?.bytes ?? 0);
}

/** A Monday of some practices as plain rows, as quarter hours and, by the product's own packing, as days. */
async function measurePacking(database: Database, server: EmbeddedDatabase, filled: Filled): Promise<void> {
  const { runId, filling, bytesPerMillion } = filled;
  const codes = Array.from({ length: RAW_UNITS }, (_, i) => `R${i}`);
  const [units, metrics] = [
    createDictionary(database, unitNumbers('bench')),
    createDictionary(database, metricNumbers),
  ];
  await units.ensure(codes);
  await metrics.ensure(PRACTICE_METRICS.map((m) => m.name));
  const monday = dayStart(NOW - DAY);
  await makePartitions(database, [partitionOf(HISTORY, monday), partitionOf(HISTORY, NOW)]);
  await database.query({ name: 'plain', text: PLAIN_ROWS, values: [] });
  let readings = 0;
  for (const [i, code] of codes.entries()) {
    const applied = filling.metrics.flatMap((m) => appliedOf(code, m.name, madeDay(m, monday, i * 104_729 + m.id)));
    readings += applied.length;
    for (const some of chunksOf(pack(applied), 1500)) await database.query(appendHistory(runId, some, units, metrics));
    await database.query({
      name: 'add-plain',
      text: `insert into plain select $1, $2, m, to_timestamp(o / 1000), to_timestamp(r / 1000), v, null
             from unnest($3::smallint[], $4::float8[], $5::float8[], $6::float8[]) as g(m, o, r, v)`,
      values: [
        ...[runId, units.of(code), applied.map((a) => metrics.of(a.metric)), applied.map((a) => a.observedAt)],
        ...[applied.map((a) => a.receivedAt), applied.map((a) => a.value)],
      ],
    });
  }
  const perMillion = async (table: string) => ((await bytesOf(database, [table])) / readings) * 1e6;
  const plain = await perMillion('plain');
  report('history-disk-quarter-hours', (await perMillion('history')) / 1e6, 'MB a million readings', plain / 1e6);
  report('history-disk-packed-days', bytesPerMillion.days / 1e6, 'MB a million readings', plain / 1e6);
  report('history-disk-with-roll-ups', bytesPerMillion.all / 1e6, 'MB a million readings', plain / 1e6);
  const whole = filled.gigabytesPerUnit * UNITS_OF_GM;
  const size = `GB, 13 months of ${UNITS_OF_GM} units, extrapolated from ${MADE}`;
  report('history-disk-greater-manchester', whole, size, whole * (plain / bytesPerMillion.all));
  await database.query(writePosition(runId, { journal: '00000000-0000-4000-8000-000000000000', seq: 1 }, NOW));
  const upkeep = createUpkeep({ database, system: 'bench', run: 'live', retentionMs: 2 * MONTHS_13 });
  const began = cpuSeconds(server);
  await upkeep.pass(NOW, () => false);
  const share = (((cpuSeconds(server) - began) / RAW_UNITS) * UNITS_OF_GM) / 86_400;
  report('history-roll-up-cpu', share, `share of a core, ${UNITS_OF_GM} units at real speed, limit as baseline`, 0.03);
}

const PLAIN_ROWS = `create table plain (run_id integer not null, unit_id integer not null, metric_id smallint not null,
  observed_at timestamptz not null, received_at timestamptz not null, value float8, absence_id smallint,
  primary key (run_id, unit_id, metric_id, observed_at))`;

function chunksOf<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
}

/** Of this process and of the database with all its processes. */
function cpuSeconds(server: EmbeddedDatabase): number {
  const { user, system } = process.cpuUsage();
  const ticks = tree(server.pid).reduce((sum, { pid }) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
  return (user + system) / 1e6 + ticks / 100;
}

/** Series while the follower writes what Greater Manchester brings in its busiest hour. */
async function measureSeries(database: Database, server: EmbeddedDatabase, folder: string, filled: Filled) {
  const journal = await openJournal({ folder, byteBudget: 512e6, logger: silent });
  const began = performance.now();
  const now = () => NOW + (performance.now() - began);
  const definition = { ...smallDefinition(), id: 'bench' };
  const store = createStore({
    ...{ connectionString: server.url, journal, definition, run: null, logger: silent, clock: { now } },
  });
  const live = writeLive(journal, now);
  store.start();
  try {
    while (store.position().seq === 0) await wait(100);
    const ask = questions(store, database, { units: filled.units, ...filled.filling });
    await wait(5000);
    const before = cpuSeconds(server);
    await wait(20_000);
    const share = (cpuSeconds(server) - before) / 20;
    report('history-follow-cpu', share, `share of a core at ${READINGS_A_SECOND} readings a second`, 1);
    const day = () => ({ from: ask.anyDay(1), days: 1, step: 5 * MINUTE });
    await ask.compare('series-day-by-5-minutes', day);
    await ask.compare('series-week-by-quarter-hour', () => ({ from: ask.anyDay(7), days: 7, step: QUARTER }));
    await ask.compare('series-13-months-by-day', () => ({ from: filled.filling.from, days: 395, step: DAY }), 10);
    const { behind } = store.position();
    report('history-follower-behind', behind, 'commits behind after all of it', live.written());
  } finally {
    live.stop();
    await store.stop();
    await journal.close();
  }
}

function writeLive(journal: Awaited<ReturnType<typeof openJournal>>, now: () => EpochMs) {
  const roll = dice(1);
  let seq = 0;
  const timer = setInterval(() => {
    const at = Math.floor(now());
    const applied = Array.from({ length: READINGS_A_SECOND / 5 }, () => {
      const metric: MetricName =
        PRACTICE_METRICS[Math.floor(roll() * PRACTICE_METRICS.length)]?.name ?? 'calls.waiting';
      const unit = `L${Math.floor(roll() * UNITS_OF_GM)}`;
      const value = Math.floor(roll() * 50);
      return { unit, metric, value, absence: null, detail: null, observedAt: at - 900, receivedAt: at, feed: null };
    });
    journal.append({ ...NOTHING, seq: (seq += 1), at, applied });
  }, 200);
  return { stop: () => clearInterval(timer), written: () => seq };
}
const NOTHING = { epoch: 'bench', units: [], removed: [], feeds: [], levels: [], inputs: [] };
