import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Clock } from '../domain/ports.ts';
import { attendanceDue } from '../domain/redirection/facts.ts';
import type { SlotWriter } from '../domain/redirection/ports.ts';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { outstanding, owedBack, type HeldState, type RedirectionRecord } from '../domain/redirection/record.ts';
import type { Ledger } from './ledger.ts';

/** Real: how often what is due is looked for, and how soon a hub that did not answer is asked again (doubling up to the last). */
const LOOK_MS = 1000;
const AGAIN_MS = [3000, 60_000] as const;
/** Real and product time between two looks at the same hold. */
const LEAST_LOOK_MS = 4000;
const LOOK_EVERY: EpochMs = MINUTE;
/** Who came is asked for after the last of those booked has ended, and again until a day has gone by. */
const ASK_EVERY: EpochMs = HOUR;
const ASK_UNTIL: EpochMs = 24 * HOUR;

export interface HolderDeps {
  readonly ledger: Ledger;
  readonly writer: SlotWriter;
  readonly policy: RedirectionPolicy;
  readonly clock: Clock;
  /** Real monotonic milliseconds. */
  readonly monotonic: () => number;
  readonly logger: { error(about: object, text: string): void };
}

export interface Holder {
  /** Has the hub hold what was accepted; resolves when it has answered, or not in time. Never rejects. */
  hold(id: string): Promise<void>;
  /** Does what is due now: holds that got no answer, looks, ends, what is to be given back. */
  attend(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

interface Turn {
  failures: number;
  /** Real: after a failure, nothing is asked of the hub for it before. */
  notBefore: number;
  /** When it was last looked at, product and real. */
  lookedAt: EpochMs;
  lookedReal: number;
}

/** Sees every accepted redirection through at its hub: held, looked at, ended, given back, across restarts and outages. */
export function createHolder(deps: HolderDeps): Holder {
  const { ledger, writer, clock, monotonic, policy } = deps;
  const running = new Map<string, Promise<void>>();
  const turns = new Map<string, Turn>();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const by = 'system';
  const at = () => clock.now();
  const recordOf = (id: string) => ledger.records().get(id);

  const turnOf = (id: string): Turn => {
    const known = turns.get(id) ?? {
      ...{ failures: 0, notBefore: -Infinity },
      ...{ lookedAt: -Infinity, lookedReal: -Infinity },
    };
    turns.set(id, known);
    return known;
  };
  const failed = (record: RedirectionRecord, reason: string) => {
    const turn = turnOf(record.id);
    turn.failures += 1;
    turn.notBefore = monotonic() + Math.min(AGAIN_MS[1], AGAIN_MS[0] * 2 ** (turn.failures - 1));
    if (recordOf(record.id)?.trouble !== reason)
      ledger.note({ type: 'trouble', at: at(), id: record.id, by, text: reason });
  };
  const well = (id: string) => {
    const turn = turnOf(id);
    turn.failures = 0;
    turn.notBefore = -Infinity;
  };
  /** One thing at a time for each redirection. */
  const alone = (id: string, work: () => Promise<void>): Promise<void> => {
    const before = running.get(id);
    if (before) return before;
    const mine = work()
      .catch((error: unknown) =>
        deps.logger.error({ type: 'redirections.holder', id, err: error }, 'a hold failed within us'),
      )
      .finally(() => running.delete(id));
    running.set(id, mine);
    return mine;
  };

  const holdNow = async (record: RedirectionRecord, again: boolean): Promise<void> => {
    const { id, draft, heldUntil } = record;
    if (!record.written) {
      ledger.append({ type: 'held', at: at(), id, by, slots: [] });
      return;
    }
    const answer = await writer.hold({ hub: draft.hub, key: id, until: heldUntil ?? at(), slots: draft.slots, again });
    if (stopped || recordOf(id)?.state !== 'holding') return;
    switch (answer.kind) {
      case 'held':
        well(id);
        ledger.append({ type: 'held', at: at(), id, by, slots: answer.slots });
        return;
      case 'gone':
        ledger.append({
          type: 'gone',
          at: at(),
          id,
          by,
          free: answer.free,
          answerBy: at() + policy.answerMinutes * MINUTE,
        });
        return;
      case 'refused':
        ledger.append({ type: 'not-held', at: at(), id, by, reason: answer.reason });
        return;
      case 'unreachable':
        failed(record, answer.reason);
    }
  };
  const lookNow = async (record: RedirectionRecord): Promise<void> => {
    const over = record.state !== 'held';
    if (!record.written || (!over && outstanding(record).length === 0)) return;
    const turn = turnOf(record.id);
    turn.lookedAt = at();
    turn.lookedReal = monotonic();
    const answer = await writer.look(
      record.draft.hub,
      record.id,
      [...record.held.values()].map(({ slot }) => slot),
    );
    if (stopped) return;
    if (answer.kind === 'unreachable') failed(record, answer.reason);
    else {
      well(record.id);
      // A hub may forget what has been: that does not undo it.
      const states = [...answer.states].filter(([, state]) => !over || state !== 'lost');
      note(record, new Map(states), answer.absent);
    }
  };
  const giveBack = async (record: RedirectionRecord): Promise<void> => {
    const owed = owedBack(record);
    const begun = owed.filter(({ start }) => start <= at());
    if (begun.length > 0 && begun.length === owed.length) {
      // Whatever the hub made of them, nobody can book them any more.
      note(record, new Map(begun.map(({ handle }) => [handle, 'back'])), null);
      return;
    }
    const answer = await writer.release(record.draft.hub, record.id, owed);
    if (stopped) return;
    if (answer.kind === 'unreachable') failed(record, answer.reason);
    else {
      well(record.id);
      note(record, answer.states, answer.absent);
    }
  };
  const note = (record: RedirectionRecord, states: ReadonlyMap<string, HeldState>, absent: number | null) => {
    const now = recordOf(record.id) ?? record;
    const moved = [...states].some(([handle, state]) => now.held.get(handle)?.state !== state);
    // The same number means something else once all of them have been: it is the whole of it.
    const whole = absent !== null && (attendanceDue(now) ?? Infinity) <= at();
    if (!moved && !whole && (absent ?? now.absent) === now.absent && now.trouble === '') return;
    ledger.append({ type: 'looked', at: at(), id: record.id, by, states: Object.fromEntries(states), absent });
  };
  const end = async (record: RedirectionRecord): Promise<void> => {
    await lookNow(record);
    const now = recordOf(record.id);
    if (!stopped && now?.state === 'held') ledger.append({ type: 'ended', at: at(), id: record.id, by });
  };

  /** What is due for a redirection now; null: nothing. */
  const dueFor = (record: RedirectionRecord): (() => Promise<void>) | null => {
    const now = at();
    const ended = record.heldUntil !== null && record.heldUntil <= now;
    if (record.state === 'held' && ended) return () => end(record);
    const turn = turns.get(record.id);
    if (turn && monotonic() < turn.notBefore) return null;
    if (record.state === 'holding') {
      if (!ended) return () => holdNow(record, true);
      return async () => {
        // It may have been held without our hearing of it: what is found is given back.
        ledger.append({
          type: 'not-held',
          at: now,
          id: record.id,
          by,
          reason: 'The hub did not answer before the hold would have ended',
        });
      };
    }
    if (owedBack(record).length > 0) return () => giveBack(record);
    const over = attendanceDue(record) ?? Infinity;
    if (over <= now && now < over + ASK_UNTIL && now - (turn?.lookedAt ?? -Infinity) >= ASK_EVERY)
      return () => lookNow(record);
    const looked =
      now - (turn?.lookedAt ?? -Infinity) < LOOK_EVERY || monotonic() - (turn?.lookedReal ?? -Infinity) < LEAST_LOOK_MS;
    return record.state === 'held' && record.written && !looked ? () => lookNow(record) : null;
  };
  const attend = async (): Promise<void> => {
    const begun: Promise<void>[] = [];
    for (const record of ledger.awake(at())) {
      if (running.has(record.id)) continue;
      const due = dueFor(record);
      if (due) begun.push(alone(record.id, due));
    }
    await Promise.all(begun);
  };

  return {
    hold: (id) =>
      alone(id, async () => {
        const record = recordOf(id);
        if (record?.state === 'holding') await holdNow(record, false);
      }),
    attend,
    start() {
      timer ??= setInterval(() => void attend(), LOOK_MS);
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearInterval(timer);
      timer = null;
      await Promise.all(running.values());
    },
  };
}
