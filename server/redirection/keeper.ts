import { setTimeout as wait } from 'node:timers/promises';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import type { Clock, Condition } from '../domain/ports.ts';
import { codeOf } from '../domain/error-code.ts';
import { decisionsOf } from '../domain/redirection/decisions.ts';
import { factsOf } from '../domain/redirection/facts.ts';
import type { KeptRedirection, RedirectionHistory } from '../domain/redirection/ports.ts';
import type { RedirectionRecord } from '../domain/redirection/record.ts';
import type { Ledger } from './ledger.ts';

/** Real: between two batches, and at most after a failure. */
const EVERY_MS = 2000;
const MOST_MS = 30_000;
/** Real: how long leaving may take. */
const LAST_MS = 1000;
const BATCH = 100;

export interface Keeper {
  start(): void;
  /** Hands over what is left, for a limited time. */
  stop(): Promise<void>;
  /** Redirections that the database does not have as they are. */
  behind(): number;
  condition(): Condition;
}

/**
 * Takes what became of redirections into the database after the fact, in batches. Nothing waits for it: while the database
 * is away the ledger has everything, and is gone through again when it is back.
 */
export function createKeeper(deps: {
  readonly ledger: Ledger;
  readonly history: RedirectionHistory;
  readonly clock: Clock;
  readonly everyMs?: number;
  readonly logger: { warn(about: object, text: string): void };
}): Keeper {
  const { ledger, history, clock, logger, everyMs = EVERY_MS } = deps;
  const stopping = new AbortController();
  const due = new Set<string>();
  const leave = ledger.onKept((id) => due.add(id));
  /** Whether it is known what the database lacks of what came before. */
  let compared = false;
  let trouble = '';
  let confirmedOn: EpochMs | null = null;
  let loop: Promise<void> = Promise.resolve();

  const compare = async (): Promise<void> => {
    const ids = [...ledger.records().keys()];
    for (let at = 0; at < ids.length; at += BATCH * 10) {
      const part = ids.slice(at, at + BATCH * 10);
      const there = await history.steps(part);
      for (const id of part) if ((there.get(id) ?? 0) < (ledger.records().get(id)?.events.length ?? 0)) due.add(id);
    }
    compared = true;
  };
  const keep = async (): Promise<void> => {
    const batch = [...due].slice(0, BATCH).flatMap((id) => ledger.records().get(id) ?? []);
    await history.keep(batch.map(rowOf));
    // What has moved on meanwhile is due again.
    for (const { id, events } of batch) if (ledger.records().get(id)?.events.length === events.length) due.delete(id);
  };
  /** Once a day: what is past may leave the ledger. */
  const confirm = (): void => {
    const today = dayStart(clock.now());
    if (confirmedOn === today) return;
    ledger.confirm(clock.now());
    confirmedOn = today;
  };
  const catchUp = async (): Promise<void> => {
    if (!compared) await compare();
    while (due.size > 0 && !stopping.signal.aborted) await keep();
    if (due.size === 0) confirm();
    trouble = '';
  };
  const failed = (error: unknown): void => {
    // It may come back as another one, restored from a backup: everything is compared again.
    compared = false;
    confirmedOn = null;
    const text = error instanceof Error ? error.message : String(error);
    if (trouble === '') logger.warn({ type: 'redirections.behind', err: error }, 'redirections wait in the ledger');
    // That the database is away is said by the store.
    trouble = codeOf(error) === 'STORE_UNAVAILABLE' ? ' ' : text;
  };
  const follow = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await catchUp();
        failures = 0;
      } catch (error) {
        failed(error);
        failures += 1;
      }
      await pause(Math.min(MOST_MS, everyMs * 2 ** Math.min(10, failures)), stopping.signal);
    }
  };

  return {
    start() {
      loop = follow();
    },
    async stop() {
      stopping.abort();
      leave();
      const last = loop.then(async () => {
        if (compared && due.size > 0) await keep();
      });
      // What is not taken now is taken at the next start.
      await Promise.race([last.catch(failed), wait(LAST_MS, undefined, { ref: false })]);
    },
    behind: () => due.size,
    condition: () => ({
      part: 'redirections',
      status: trouble.trim() === '' ? 'ok' : 'degraded',
      reason: trouble.trim() === '' ? '' : `what became of redirections waits in the ledger: ${trouble}`,
    }),
  };
}

const rowOf = (record: RedirectionRecord): KeptRedirection => ({
  facts: factsOf(record),
  events: record.events,
  decisions: decisionsOf(record),
});

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
