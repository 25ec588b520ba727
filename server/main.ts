import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Logger } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import { calendarExpired } from '#shared/model/calendar.ts';
import { HOUR } from '#shared/model/time.ts';
import { buildApp } from './app.ts';
import { createBacktestDesk } from './backtest/desk.ts';
import { createBoard, type Board } from './board/board.ts';
import { recoveredRules } from './board/recovered-rules.ts';
import { rulesHash, rulesId } from './board/rules-hash.ts';
import { createClock, readRun, RunUnreadable } from './clock.ts';
import { ConfigError, createSecret, readConfig, type Config } from './config.ts';
import { loadDefinition } from './definition/load.ts';
import { loadNational } from './definition/national.ts';
import { createNormals, type Normals } from './domain/normal/normals.ts';
import { createPublishedNormal } from './domain/normal/published.ts';
import type { Clock, Condition } from './domain/ports.ts';
import { createBoardCopies } from './domain/replay/copies.ts';
import { createPoller } from './feeds/poller.ts';
import { createQuarantine } from './feeds/quarantine/keeper.ts';
import { listen } from './http/listen.ts';
import { identifyLocal } from './identity/actor.ts';
import { createFileAudit } from './identity/audit.ts';
import { ScreensDesk } from './identity/screens/desk.ts';
import { createLogger } from './logger.ts';
import { createRedirection } from './redirection/redirection.ts';
import { createRules } from './rules/rules.ts';
import { createReplayHouse } from './replay/house.ts';
import { startStudio } from './replay/thread.ts';
import { runPhases, type Phase } from './shutdown.ts';
import { FolderLocked } from './store/errors.ts';
import { createNormalFiles } from './store/normals-file.ts';
import { keepNormals } from './store/normals-start.ts';
import { openJournal, type DiskJournal } from './store/journal.ts';
import { createStore } from './store/store.ts';
import { createTallies, keepingMeasures } from './tallies.ts';

const JOURNAL_BYTES = 2 * 1024 ** 3;
const QUARANTINE_BYTES = 64 * 1024 ** 2;

/** Why the process cannot start, in words for whoever started it. */
class StartFailed extends Error {}
const IN_WORDS = [StartFailed, ConfigError, FolderLocked, RunUnreadable];

async function load(folder: string): Promise<Definition> {
  const loaded = await loadDefinition(folder);
  if (loaded.ok) return loaded.definition;
  const faults = loaded.faults.map(({ file, line, message }) => `  ${file}:${line} ${message}`);
  throw new StartFailed(`The system definition in ${folder} has faults:\n${faults.join('\n')}`);
}

function calendarCondition(clock: Clock): Condition {
  const expired = calendarExpired(clock.now());
  const reason = expired ? 'the list of bank holidays has run out: opening hours may be wrong' : '';
  return { part: 'calendar', status: expired ? 'degraded' : 'ok', reason };
}

/**
 * The board as the journal left it. A journal that does not lead to a board of this definition (another version of it,
 * a lost stretch) is set aside whole, never overwritten: what came after would wear the same numbers.
 */
async function recover(
  config: Config,
  deps: { definition: Definition; clock: Clock; normal: Normals; logger: Logger },
): Promise<{ board: Board; journal: DiskJournal }> {
  const { logger } = deps;
  const folder = join(config.dataFolder, 'journal');
  const open = () => openJournal({ folder, byteBudget: JOURNAL_BYTES, logger });
  const journal = await open();
  const { epoch, state, commits } = journal.recovered();
  const board = createBoard({ ...deps, epoch, journal });
  if (board.restore({ state, commits })) return { board, journal };
  await journal.close();
  const aside = `${folder}-until-${deps.clock.now()}`;
  await rename(folder, aside);
  logger.warn({ type: 'journal.aside', folder: aside }, 'the journal is of another definition: starting a new one');
  const fresh = await open();
  // What people decided outlives a journal: the rules in force stay in force.
  const rules = recoveredRules({ state, commits }) ?? deps.definition.rules;
  const definition = { ...deps.definition, rules };
  return {
    board: createBoard({ ...deps, definition, epoch: fresh.recovered().epoch, journal: fresh }),
    journal: fresh,
  };
}

/** Builds every part and starts them; `phases` comes to hold what ends them again. Gives the address for people. */
async function start(config: Config, logger: Logger, phases: Phase[]): Promise<string> {
  const definition = await load(config.systemFolder);
  const run = config.runFile === null ? null : readRun(config.runFile);
  const clock = createClock(config.runFile === null ? 'real' : { run: config.runFile });
  const national = loadNational();
  const normal = createNormals(createPublishedNormal(definition, national));
  const runCode = run?.run ?? 'live';
  const normalFiles = createNormalFiles({
    ...{ folder: join(config.dataFolder, 'normals'), system: definition.id, run: runCode, logger },
  });
  // Before the journal is lived through again: the same hours must find the same normals.
  for (const profile of normalFiles.load(clock.now() - HOUR)) normal.install(profile);
  const { board, journal } = await recover(config, { definition, clock, normal, logger });
  phases.push({ name: 'close the journal', limitMs: 3000, run: () => journal.close() });
  const copies = createBoardCopies(board, () => rulesId(board.definition.rules));
  const store = createStore({
    connectionString: config.databaseUrl,
    journal,
    definition,
    run,
    rulesId,
    clock,
    recording: { copies, nameOfRules: rulesId },
    logger,
  });
  const studio = startStudio({
    ...{ connectionString: config.databaseUrl ?? '', system: definition.id, run: runCode },
    unavailable: () => store.unavailable(),
    onTrouble: (reason) => logger.warn({ type: 'replay.thread-lost', reason }, 'The thread of replay is begun anew.'),
  });
  const { recorded } = store;
  const house = createReplayHouse({ studio, recorded, definition, simulated: clock.simulated });
  const rules = createRules({ board, store: store.rules, file: definition.rules, idOf: rulesId, clock, logger });
  store.onReady(() => void rules.settle());
  const keeper = keepNormals({
    ...{ connectionString: config.databaseUrl, definition, run: runCode, clock, store, logger },
    ...{ normals: normal, files: normalFiles },
  });
  const backtests = createBacktestDesk({
    ...{ connectionString: config.databaseUrl, run: runCode, national, clock, logger },
    definition: () => board.definition,
    inForce: () => rulesId(board.definition.rules),
    version: (id) => store.rules.version(id),
    unavailable: () => store.unavailable(),
  });
  const tallies = createTallies();
  board.onCommit(tallies.commit);
  const onOutcome = tallies.outcome((outcome) => board.apply(outcome));
  const quarantine = createQuarantine({
    ...{ clock, logger },
    folder: join(config.dataFolder, 'quarantine'),
    byteBudget: QUARANTINE_BYTES,
  });
  const poller = createPoller({
    ...{ definition, clock, onOutcome, logger, quarantine },
    secret: createSecret(),
    pausesFile: join(config.dataFolder, 'paused-feeds.json'),
  });
  const redirection = createRedirection({
    ...{ board, writer: poller.writer, normal, clock, logger },
    path: join(config.dataFolder, 'redirections.jsonl'),
    history: store.redirections,
  });
  const screens = new ScreensDesk({
    ...{ clock, build: config.build, logger },
    path: join(config.dataFolder, 'screens.json'),
  });
  const audit = createFileAudit(join(config.dataFolder, 'audit.jsonl'));
  const app = await buildApp({
    board,
    slots: board,
    history: store,
    past: house.past,
    replays: house.replays,
    normal,
    learned: keeper.cells,
    clock,
    conditions: () => [
      ...[journal.condition(), calendarCondition(clock), screens.condition()],
      ...[...poller.conditions(), ...store.conditions(), ...keeper.conditions(), ...redirection.conditions()],
    ],
    measures: () => [...tallies.measures(), ...keepingMeasures(config.dataFolder, store.position().behind)],
    control: poller.control,
    quarantine,
    clockOffset: () => poller.clockOffset(),
    scenario: run?.scenario ?? null,
    rules: rules.desk,
    redirections: redirection.desk,
    scorecards: redirection.scorecards,
    backtests,
    rulesHash,
    screens,
    build: config.build,
    access: { host: config.host, hosts: config.hosts },
    identify: identifyLocal,
    audit,
    open: config.open,
    webFolder: config.webFolder,
    logger,
  });
  const { url, urls } = await listen(app, config, logger);
  rules.begin();
  board.start();
  store.start();
  keeper.start();
  poller.start();
  redirection.start();
  logger.info({ type: 'server.ready', urls, system: definition.id, epoch: board.epoch, build: config.build }, 'ready');
  phases.unshift(
    { name: 'leave the redirections', limitMs: 3000, run: () => redirection.stop() },
    { name: 'stop polling', limitMs: 3000, run: () => poller.stop() },
    { name: 'close the quarantine', limitMs: 1000, run: () => quarantine.close() },
    { name: 'last tick and checkpoint', limitMs: 3000, run: () => board.stop() },
    { name: 'let live clients go', limitMs: 3000, run: async () => void (await app.close()) },
    { name: 'end replays', limitMs: 3000, run: () => studio.stop() },
    { name: 'end back-tests', limitMs: 1000, run: () => backtests.stop() },
    { name: 'stop learning', limitMs: 3000, run: () => keeper.stop() },
    { name: 'leave the rules', limitMs: 1000, run: () => rules.stop() },
    { name: 'hand over to the database', limitMs: 4000, run: () => store.stop().finally(() => copies.stop()) },
    { name: 'close the audit', limitMs: 1000, run: () => audit.close() },
  );
  return url;
}

/** One way out, whatever asks for it; asked again, it leaves at once. */
function endOn(phases: readonly Phase[], logger: Logger): void {
  let ending = false;
  const end = (why: string) => {
    if (ending) process.exit(1);
    ending = true;
    logger.info({ type: 'server.stopping', why }, 'stopping');
    void runPhases(phases, logger).then(() => process.exit(0));
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  // The supervisor is gone: nobody would restart us, and the next one needs the journal's lock.
  process.on('disconnect', () => end('the supervisor is gone'));
}

function explain(error: unknown): string {
  if (IN_WORDS.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${message}: set PORT to another one`;
  return error instanceof Error ? (error.stack ?? message) : String(error);
}

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ type: 'server.crashed', event, err: error }, 'the process is no longer to be trusted');
      process.exit(1);
    });
  }
  const phases: Phase[] = [];
  endOn(phases, logger);
  const url = await start(config, logger, phases);
  process.send?.({ type: 'ready', url });
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  const code = (error as NodeJS.ErrnoException).code ?? 'START_FAILED';
  // Exit only once the word is out: the supervisor tells a taken port from a crash by it.
  if (process.send === undefined) process.exit(1);
  process.send({ type: 'failed', code, message: explain(error) }, undefined, undefined, () => process.exit(1));
});
