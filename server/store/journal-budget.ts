import { rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { listCheckpoints } from './journal-checkpoints.ts';
import type { Segment } from './journal-segments.ts';
import { thinSegment } from './journal-thin.ts';
import { describe } from './errors.ts';

export interface Budget {
  /** Looks at what may go; the work is done after the current turn. */
  tidy(): void;
  /** What was given up and is still missing, in plain words; empty when nothing was. */
  note(): string;
  /** Resolves when no tidying is under way. */
  idle(): Promise<void>;
}

/**
 * Keeps the segments within `byteBudget`. What both the database and the older checkpoint have goes first, at no loss.
 * If the database has been away so long that this is not enough, the oldest detail is thinned, and in the end dropped.
 */
export function keepWithinBudget(deps: {
  readonly folder: string;
  readonly segments: Segment[];
  readonly byteBudget: number;
  readonly logger: Logger;
  /** Position up to which the database has everything. */
  stored(): number;
}): Budget {
  const { folder, segments, byteBudget, logger } = deps;
  let running: Promise<void> | null = null;
  let again = false;
  let dropped = 0;

  const total = () => segments.reduce((sum, s) => sum + s.bytes, 0);
  const closedSegments = () => segments.slice(0, -1);

  function drop(segment: Segment): void {
    rmSync(segment.path, { force: true });
    segments.splice(segments.indexOf(segment), 1);
  }

  async function work(): Promise<void> {
    const checkpoints = listCheckpoints(folder);
    // The older of the two: should the newest go bad, the way back from the one before must still be there.
    const safe = checkpoints.length < 2 ? -1 : Math.min(...checkpoints);
    const stored = deps.stored();
    for (const segment of closedSegments()) if (segment.last <= Math.min(safe, stored)) drop(segment);
    for (const depth of [1, 2] as const) {
      for (const segment of closedSegments()) {
        if (total() <= byteBudget) return;
        if (segment.thinned >= depth || segment.last > safe) continue;
        await thinSegment(segment, depth);
        if (depth === 2) {
          logger.warn(
            { type: 'journal.thinned', from: segment.first, to: segment.last },
            'Journal: over budget, old detail was thinned.',
          );
        }
      }
    }
    for (const segment of closedSegments()) {
      if (total() <= byteBudget) return;
      drop(segment);
      if (segment.last <= stored) continue;
      dropped += segment.last - Math.max(segment.first - 1, stored);
      logger.error(
        { type: 'journal.dropped', from: segment.first, to: segment.last },
        'Journal: over budget, old changes were dropped.',
      );
    }
  }

  async function run(): Promise<void> {
    await Promise.resolve();
    do {
      again = false;
      try {
        await work();
      } catch (error) {
        logger.error(
          { type: 'journal.budget', err: error },
          `Journal: old parts could not be removed (${describe(error)}).`,
        );
      }
    } while (again);
    running = null;
  }

  return {
    tidy() {
      again = true;
      running ??= run();
    },
    note() {
      const thinned = segments.filter((s) => s.thinned === 2).length;
      return [
        thinned === 0
          ? ''
          : 'The database has been away for long: the oldest waiting history keeps one value a quarter hour',
        dropped === 0 ? '' : `${dropped} changes were dropped before the database could take them`,
      ]
        .filter((t) => t !== '')
        .join('. ');
    },
    idle: () => running ?? Promise.resolve(),
  };
}
