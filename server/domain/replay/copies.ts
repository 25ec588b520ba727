import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { BoardView } from '../ports.ts';

/** The whole board at one revision. Its units are the board's own objects, which never change. */
export interface BoardCopy {
  readonly seq: number;
  readonly epoch: string;
  readonly at: EpochMs;
  /** `<version>/<hash>` of the rules in force. */
  readonly rules: string;
  readonly units: readonly Unit[];
  readonly feeds: readonly FeedStatus[];
}

/** Where a recording begins that cannot go on from what was recorded before. */
export interface BoardCopies {
  /** The last copy that was made and is still kept. */
  newest(): BoardCopy | null;
  /** Asks for one of the next revision. */
  want(): void;
  /** Forgets the newest one: a whole board is a lot to keep. */
  drop(): void;
  stop(): void;
}

/** To be made before the board begins to tick: the first copy is of the board as it was restored. */
export function createBoardCopies(board: BoardView, rules: () => string): BoardCopies {
  const take = (): BoardCopy => ({
    ...{ seq: board.seq, epoch: board.epoch, at: board.at, rules: rules() },
    units: [...board.units()],
    feeds: [...board.feeds()],
  });
  let newest: BoardCopy | null = take();
  let wanted = false;
  // Only while a revision is being told are the board and its number sure to belong together.
  const stop = board.onCommit(() => {
    if (!wanted) return;
    wanted = false;
    newest = take();
  });
  return {
    newest: () => newest,
    want() {
      wanted = true;
    },
    drop() {
      newest = null;
    },
    stop,
  };
}
