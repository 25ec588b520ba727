import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Followed } from '#shared/protocol/redirections.ts';
import type { BoardView, Clock } from '../domain/ports.ts';
import { siteAfter } from '../domain/redirection/effects.ts';
import { placedToday } from '../domain/redirection/promises.ts';
import { bookedOf, type RedirectionRecord } from '../domain/redirection/record.ts';
import type { Ledger } from './ledger.ts';

/** Real: how often what is due is looked for. */
const LOOK_MS = 1000;
/** A hold that lasts so long has shown by then whether it helps. */
const AFTER: EpochMs = 2 * HOUR;
/** Later than this the board tells of another situation: nobody looked in time, and that is what is kept. */
const IN_TIME: EpochMs = 30 * MINUTE;
const UNKNOWN = { level: null, score: null };

/** When it is looked at whether it worked; null: it is not, or has been. */
function dueAt({ followed, heldAt, endedAt }: RedirectionRecord): EpochMs | null {
  if (followed !== null || heldAt === null) return null;
  return Math.min(heldAt + AFTER, endedAt ?? Infinity);
}

/** Each practice's pressure now, and were those booked still waiting there. What was never told stays unknown. */
export function followedOf(board: BoardView, record: RedirectionRecord, at: EpochMs, inTime: boolean): Followed[] {
  const placed = placedToday([record], at);
  const told = record.written || record.toldBooked !== null;
  return [...new Set(record.draft.slots.map(({ practice }) => practice))].map((practice) => {
    const unit = board.unit(practice);
    const promised = record.seen.effects.practices.find((effect) => effect.unit === practice)?.after ?? UNKNOWN;
    const about = { practice, name: unit?.name ?? practice, promised };
    if (!inTime || unit === undefined) return { ...about, with: UNKNOWN, without: UNKNOWN };
    const now = { level: unit.level, score: unit.score };
    const waiting = unit.metrics['patients.without-slot']?.value ?? null;
    if (!told || waiting === null) return { ...about, with: now, without: UNKNOWN };
    // The board no longer counts urgent patients who were placed among those who wait.
    const would = new Map<MetricName, number>([['patients.without-slot', waiting + (placed.get(practice) ?? 0)]]);
    return { ...about, with: now, without: siteAfter(unit, would, board.definition.rules) };
  });
}

export interface Watcher {
  /** Looks at what is due now. */
  look(): void;
  start(): void;
  stop(): void;
}

/** Looks once at every redirection that was held whether it worked: when it ends, or two hours after it was held. */
export function createWatcher(deps: {
  readonly board: BoardView;
  readonly ledger: Pick<Ledger, 'awake' | 'note'>;
  readonly clock: Clock;
  readonly logger: { error(about: object, text: string): void };
}): Watcher {
  const { board, ledger, clock, logger } = deps;
  let timer: NodeJS.Timeout | null = null;
  const look = () => {
    const at = clock.now();
    for (const record of ledger.awake(at)) {
      const due = dueAt(record);
      if (due === null || due > at) continue;
      // Nobody was moved: there is nothing to be seen, and nothing to be kept.
      if (record.written && bookedOf(record) === 0 && record.endedAt === null) continue;
      const practices = followedOf(board, record, at, at - due <= IN_TIME);
      ledger.note({ type: 'followed', at, id: record.id, by: 'system', practices });
    }
  };
  return {
    look,
    start() {
      timer ??= setInterval(() => {
        try {
          look();
        } catch (error) {
          logger.error({ type: 'redirections.watcher', err: error }, 'whether a redirection worked cannot be kept');
        }
      }, LOOK_MS);
    },
    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}
