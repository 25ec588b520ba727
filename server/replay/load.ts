import { setImmediate as turn } from 'node:timers/promises';
import type { EpochMs } from '#shared/model/time.ts';
import { NotRecorded } from '../domain/replay/player.ts';
import { changesOf, readBoardRow, RecordingBroken, takeRows, type Breath } from '../domain/replay/read.ts';
import type { RecordedSource, Revision, Stretch } from '../domain/replay/recorded.ts';
import type { Change, Shadow } from '../domain/replay/shadow.ts';

/** So long at a go on the main thread, in real ms: live frames are waiting. */
const SLICE_MS = 8;
/** Later than anything, and still a time to the database. */
const FOR_EVER = Date.UTC(9999, 0, 1);
/** Rows asked for at once. */
const ROWS = 60;
/** The board at one moment. The shadow is the caller's own. */
export interface PastBoard extends Revision {
  readonly stretch: Stretch;
  /** `<version>/<hash>` of the rules it was judged by. */
  readonly rules: string;
  readonly shadow: Shadow;
}

export interface Loader {
  /** Rejects with `NotRecorded`, or with code STORE_UNAVAILABLE or RECORDING_BROKEN. */
  at(at: EpochMs): Promise<PastBoard>;
  stretches(): Promise<readonly Stretch[]>;
  /** The next changes after a revision, oldest first, and to which revision they lead; none: there are no more yet. */
  next(stretch: number, after: Revision, rows: number): Promise<readonly Change[]>;
}

export function createBreath(monotonic: () => number = () => performance.now()): Breath {
  let until = monotonic() + SLICE_MS;
  return () => {
    if (monotonic() < until) return undefined;
    return turn().then(() => {
      until = monotonic() + SLICE_MS;
    });
  };
}

/** Reads boards of the past: the whole board before the moment, and the changes up to it. */
export function createLoader(source: RecordedSource): Loader {
  return {
    stretches: () => source.stretches(),
    async at(at) {
      const breath = createBreath();
      const stretches = await source.stretches();
      const stretch = stretches.findLast(({ from, to }) => from <= at && at <= to);
      if (stretch === undefined) throw notRecorded(stretches, at);
      const base = await source.board(stretch.stretch, at);
      if (base === null) throw new RecordingBroken(`stretch ${stretch.stretch} has no whole board`);
      let reached: Revision = { seq: base.toSeq, at: base.to };
      let { rules } = base;
      const moreRows = () => source.changes(stretch.stretch, reached, at, ROWS);
      // The database looks for the first of them while the board is read.
      const [shadow, first] = await Promise.all([readBoardRow(base, breath), moreRows()]);
      for (let rows = first; rows.length > 0; rows = await moreRows()) {
        const before = reached;
        reached = await takeRows(shadow, reached, rows, at, breath);
        if (reached.seq === before.seq) break;
        rules = rows.findLast(({ fromSeq }) => fromSeq <= reached.seq)?.rules ?? rules;
        if (rows.length < ROWS) break;
      }
      return { ...reached, stretch, rules, shadow };
    },
    async next(stretch, after, count) {
      const breath = createBreath();
      const rows = await source.changes(stretch, after, FOR_EVER, count);
      const changes: Change[] = [];
      let { seq } = after;
      for (const row of rows) {
        for (const change of changesOf(row, seq)) {
          if (change.seq !== seq + 1) throw new RecordingBroken(`revision ${seq + 1} is missing from the recording`);
          ({ seq } = change);
          changes.push(change);
          await breath();
        }
      }
      return changes;
    },
  };
}

function notRecorded(stretches: readonly Stretch[], at: EpochMs): NotRecorded {
  const before = stretches.findLast(({ to }) => to < at) ?? null;
  return new NotRecorded(at, before, stretches.find(({ from }) => from > at) ?? null);
}
