import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { Definition, National } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import { MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { Backtest } from '#shared/protocol/backtest.ts';
import { BacktestProblem, type BacktestAsk, type BacktestDesk } from '../domain/backtest/ports.ts';
import type { Clock } from '../domain/ports.ts';
import { checkRules } from '../domain/rules/check.ts';
import { toPointer } from '../domain/schema-faults.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Assignment } from './messages.ts';
import { startThread, type BacktestThread, type Ending } from './thread.ts';

const DAY = 1440 * MINUTE;
const LONGEST_DAYS = 93;
/** Finished ones that are remembered, and ones that may wait. */
const KEPT = 20;
const MOST_WAITING = 5;
const MANY_SITES = 100;

export interface DeskDeps {
  /** Null: there is no database. */
  readonly connectionString: string | null;
  /** Code of the run whose history is read. */
  readonly run: string;
  /** As it is in force when a back-test begins. */
  readonly definition: () => Definition;
  /** `<version>/<hash>` of the rules in force. */
  readonly inForce: () => string;
  /** A version that is on record; null: there is none of that name, or its body is not known. */
  readonly version: (id: string) => Promise<{ readonly rules: unknown } | null>;
  readonly national: National;
  readonly clock: Pick<Clock, 'now'>;
  /** Null when the database can be asked; else why not, in plain words. */
  readonly unavailable: () => string | null;
  readonly logger: Logger;
  /** Entry of the thread; another one in tests. */
  readonly entry?: URL;
}

export interface OwnedDesk extends BacktestDesk {
  /** Ends what runs and forgets what waits. */
  stop(): Promise<void>;
}

interface Entry {
  shown: Backtest;
  readonly assignment: Assignment;
}

/** Back-tests one at a time, each in a thread of its own; the others wait their turn. */
export function createBacktestDesk(deps: DeskDeps): OwnedDesk {
  const { clock, logger } = deps;
  let entries: Entry[] = [];
  let running: { readonly entry: Entry; readonly thread: BacktestThread } | null = null;
  let stopped = false;

  const change = (entry: Entry, next: Partial<Backtest>) => {
    entry.shown = { ...entry.shown, ...next };
  };
  const settle = (entry: Entry, ending: Ending) => {
    running = null;
    // Cancelled in the moment its thread answered: whoever was told so is not told otherwise.
    if (entry.shown.state !== 'running') return pump();
    if (ending.kind === 'done') change(entry, { state: 'done', progress: 1, phase: 'Done', result: ending.result });
    else if (ending.kind === 'failed') {
      change(entry, { state: 'failed', phase: 'Failed', fault: ending.reason });
      logger.error({ type: 'backtest.failed', id: entry.shown.id, reason: ending.reason }, 'A back-test failed.');
    }
    if (entry.shown.state === 'running') change(entry, { state: 'cancelled', phase: 'Ended with the server' });
    pump();
  };
  const pump = (): void => {
    if (stopped || running) return;
    const entry = entries.find(({ shown }) => shown.state === 'waiting');
    if (!entry) return;
    change(entry, { state: 'running', phase: 'Beginning' });
    const thread = startThread(entry.assignment, (done, days) => progress(entry, done, days), deps.entry);
    running = { entry, thread };
    void thread.ending.then((ending) => settle(entry, ending));
  };
  const progress = (entry: Entry, done: number, days: number) => {
    if (entry.shown.state !== 'running') return;
    const phase = done < days ? `Reading and judging the history: ${done} of ${days} days` : 'Adding up';
    // The last of it, adding up, is no day.
    change(entry, { progress: Math.round((done / (days + 1)) * 1000) / 1000, phase });
  };
  const keep = (entry: Entry) => {
    entries.push(entry);
    const over = entries.filter(({ shown }) => shown.state !== 'waiting' && shown.state !== 'running');
    const dropped = new Set(over.slice(0, Math.max(0, over.length - KEPT)));
    entries = entries.filter((kept) => !dropped.has(kept));
  };
  const find = (id: string) => entries.find(({ shown }) => shown.id === id);

  return {
    async start(ask, actor) {
      const why = deps.connectionString === null ? 'No database is configured' : deps.unavailable();
      if (why !== null || deps.connectionString === null) throw new StoreUnavailable(why ?? '');
      const span = spanOf(ask, clock.now());
      const tried = mustBeRules(ask.rules);
      const definition = deps.definition();
      const against = await againstOf(ask.against, deps, definition);
      if (entries.filter(({ shown }) => shown.state === 'waiting').length >= MOST_WAITING) {
        throw new BacktestProblem('TOO_MANY_BACKTESTS', `${MOST_WAITING} back-tests are waiting already`);
      }
      const { connectionString, run, national } = deps;
      const shown: Backtest = {
        id: randomUUID(),
        state: 'waiting',
        progress: 0,
        phase: 'Waiting for its turn',
        by: actor.id,
        startedAt: toInstant(clock.now()),
        tried: 'draft',
        against: against.name,
        fault: '',
        result: null,
      };
      const sides = { tried, against: against.rules, againstName: against.name };
      const threads = threadsFor(definition);
      const entry = { shown, assignment: { definition, national, connectionString, run, threads, ...sides, ...span } };
      keep(entry);
      pump();
      return entry.shown;
    },
    list: () => entries.map(({ shown }) => shown).reverse(),
    get: (id) => find(id)?.shown ?? null,
    cancel(id) {
      const entry = find(id);
      if (!entry) return null;
      const { state } = entry.shown;
      if (state === 'waiting' || state === 'running') change(entry, { state: 'cancelled', phase: 'Cancelled' });
      if (running?.entry === entry) void running.thread.end();
      return entry.shown;
    },
    async stop() {
      stopped = true;
      if (!running) return;
      const { thread } = running;
      await thread.end();
      await thread.ending;
    },
  };
}

/** A second thread is worth its start where there is much to judge and a core to judge it on. */
const threadsFor = ({ units }: Definition): 1 | 2 =>
  availableParallelism() > 1 && units.filter(({ kind }) => kind === 'site').length >= MANY_SITES ? 2 : 1;

function mustBeRules(input: unknown): Rules {
  const { rules, faults } = checkRules(input);
  if (rules !== null && faults.length === 0) return rules;
  const told = faults.map(({ path, message }) => ({ path: toPointer(path), message }));
  const one = told.length === 1 ? 'fault' : 'faults';
  throw new BacktestProblem('RULES_FAULTY', `The rules to be tried have ${told.length} ${one}`, told);
}

/** Whole minutes of the past, at most 93 days of them. */
function spanOf({ from, to }: BacktestAsk, now: EpochMs): { from: EpochMs; to: EpochMs } {
  const refuse = (message: string) => new BacktestProblem('BAD_SPAN', message);
  const begin = Math.floor(from / MINUTE) * MINUTE;
  const end = Math.floor(Math.min(to, now) / MINUTE) * MINUTE;
  if (to <= from) throw refuse('to must be after from');
  if (begin >= end) throw refuse('from must lie in the past, by a minute at least');
  if (end - begin > LONGEST_DAYS * DAY) throw refuse(`a back-test covers ${LONGEST_DAYS} days at most`);
  return { from: begin, to: end };
}

async function againstOf(
  id: string | null,
  deps: Pick<DeskDeps, 'inForce' | 'version'>,
  definition: Definition,
): Promise<{ name: string; rules: Rules }> {
  const inForce = deps.inForce();
  if (id === null || id === inForce) return { name: inForce, rules: definition.rules };
  const found = await deps.version(id);
  const { rules, faults } = found ? checkRules(found.rules) : { rules: null, faults: [] };
  if (rules !== null && faults.length === 0) return { name: id, rules };
  const why = found ? 'is of a form that can no longer be judged by' : 'is not known';
  throw new BacktestProblem('UNKNOWN_RULES', `Version ${id} of the rules ${why}`);
}
