import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Condition } from '../domain/ports.ts';
import { describe, isConnectionLoss, MigrationRefused, StoreUnavailable } from './errors.ts';
import type { Follower } from './follower.ts';

const BACK_OFF_MS = { first: 250, most: 10_000 };
const LAST_DRAIN_MS = 3000;
/** So many changes waiting are said out loud. */
const FAR_BEHIND = 2000;

export interface Following {
  start(): void;
  /** Takes in what is left, for a limited time. */
  stop(): Promise<void>;
  /** Null when the database can be asked; else why not, in plain words. */
  unavailable(): string | null;
  conditions(): Condition[];
  position(): { readonly seq: number; readonly behind: number };
}

interface State {
  follower: Follower | null;
  /** What went wrong last, in plain words. */
  trouble: string | null;
  awaySince: number | null;
  /** Changes that the journal no longer had when their turn came. */
  missing: number;
  seq: number;
}

/**
 * Keeps a follower at work: made by `prepare`, made anew after every loss of the database, with a longer wait each time.
 * A refused migration is the one fault that no waiting cures.
 */
export function createFollowing(deps: {
  readonly prepare: (onHole: (missing: number) => void) => Promise<Follower>;
  /** The database can be asked: at first, and after every loss of it. */
  readonly onReady?: () => void;
  readonly lastSeq: () => number;
  readonly everyMs: number;
  readonly logger: Logger;
}): Following {
  const { logger } = deps;
  const stopping = new AbortController();
  const state: State = { follower: null, trouble: null, awaySince: null, missing: 0, seq: 0 };
  let loop: Promise<void> = Promise.resolve();

  const position = () => {
    const seq = state.follower?.seq ?? state.seq;
    return { seq, behind: Math.max(0, deps.lastSeq() - seq) };
  };

  async function follow(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        if (state.follower === null) {
          state.follower = await deps.prepare((missing) => (state.missing += missing));
          deps.onReady?.();
        }
        await state.follower.catchUp(() => stopping.signal.aborted);
        noteRecovery(state, position().behind, logger);
        failures = 0;
        await pause(deps.everyMs, stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        noteFailure(state, error, logger);
        if (error instanceof MigrationRefused) return;
        failures += 1;
        const most = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** (failures - 1));
        await pause(most / 2 + (Math.random() * most) / 2, stopping.signal);
      }
    }
  }

  async function drain(): Promise<void> {
    const until = performance.now() + LAST_DRAIN_MS;
    try {
      await state.follower?.catchUp(() => performance.now() > until);
    } catch (error) {
      // No loss: the journal has it, and the next start takes it in.
      logger.warn({ type: 'store.last-batch', err: error }, 'The last changes stay in the journal for the next start.');
    }
  }

  return {
    start() {
      loop = follow();
    },
    async stop() {
      stopping.abort();
      await loop;
      await Promise.race([drain(), wait(LAST_DRAIN_MS + 500, undefined, { ref: false })]);
    },
    unavailable: () => (state.follower === null ? (state.trouble ?? 'The database is not ready yet.') : null),
    conditions: () => conditionsOf(state, position().behind),
    position,
  };
}

function noteFailure(state: State, error: unknown, logger: Logger): void {
  // Positions and numbers are read again with the next connection: a rolled-back batch may have left wrong ones.
  state.seq = state.follower?.seq ?? state.seq;
  state.follower = null;
  const text = describe(error);
  if (state.trouble !== text) {
    const away = error instanceof StoreUnavailable || isConnectionLoss(error);
    const level = away ? 'warn' : 'error';
    logger[level]({ type: 'store.trouble', err: error }, 'The history cannot be written; the journal keeps it.');
  }
  state.trouble = text;
  state.awaySince ??= performance.now();
}

function noteRecovery(state: State, behind: number, logger: Logger): void {
  if (state.awaySince !== null) {
    const awayMs = Math.round(performance.now() - state.awaySince);
    logger.info({ type: 'store.recovered', awayMs, behind }, 'The history is being written again.');
  }
  state.trouble = null;
  state.awaySince = null;
}

function conditionsOf(state: State, behind: number): Condition[] {
  const reasons = [
    behind > FAR_BEHIND ? `History is ${behind} changes behind` : '',
    state.missing > 0 ? `${state.missing} changes are missing from history: the journal had lost them` : '',
  ].filter((r) => r !== '');
  return [
    databaseCondition(state, behind),
    { part: 'store', status: reasons.length === 0 ? 'ok' : 'degraded', reason: reasons.join('. ') },
  ];
}

function databaseCondition(state: State, behind: number): Condition {
  const waiting = behind === 0 ? '' : `; ${behind} changes wait in the journal`;
  if (state.trouble !== null) return { part: 'database', status: 'down', reason: `${state.trouble}${waiting}` };
  if (state.follower !== null) return { part: 'database', status: 'ok', reason: '' };
  return { part: 'database', status: 'degraded', reason: 'The database is being prepared' };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}
