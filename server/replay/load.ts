import { setImmediate as turn } from 'node:timers/promises';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import { NotRecorded } from '../domain/replay/player.ts';
import {
  linesOf,
  missing,
  readBoardRow,
  RecordingBroken,
  takeRows,
  type Breath,
  type Line,
} from '../domain/replay/read.ts';
import type { RecordedRow, RecordedSource, Revision, Stretch } from '../domain/replay/recorded.ts';
import { copySheets, type Sheets } from '../domain/replay/sheets.ts';

/** So long at a go, in real ms: others wait for their turn. */
const SLICE_MS = 8;
/** Later than anything, and still a time to the database. */
const FOR_EVER = Date.UTC(9999, 0, 1);
/** Rows asked for at once. */
const ROWS = 60;
/** Boards kept: whoever drags through time asks for moments close to each other. */
const KEPT = 3;
/** A kept board that is so much older is no quicker than the recorded one. */
const NEAR_MS = MINUTE;
/** Moments that were asked for last: a board is kept where somebody drags about it, for keeping one has its price. */
const RECENT = 8;

/** The board at one moment. The sheets are the caller's own. */
export interface PastBoard extends Revision {
  readonly stretch: Stretch;
  /** `<version>/<hash>` of the rules it was judged by. */
  readonly rules: string;
  readonly sheets: Sheets;
}

export interface Loader {
  /**
   * Rejects with `NotRecorded`, with code STORE_UNAVAILABLE or RECORDING_BROKEN, or, once `signal` says that nobody wants
   * it any more, with its reason.
   */
  at(at: EpochMs, signal?: AbortSignal): Promise<PastBoard>;
  stretches(): Promise<readonly Stretch[]>;
  /** The next revisions after one, oldest first; none: there are no more yet. */
  next(stretch: number, after: Revision, rows: number): Promise<readonly Line[]>;
}

export function createBreath(signal?: AbortSignal, monotonic: () => number = () => performance.now()): Breath {
  let until = monotonic() + SLICE_MS;
  return () => {
    signal?.throwIfAborted();
    if (monotonic() < until) return undefined;
    return turn().then(() => {
      until = monotonic() + SLICE_MS;
    });
  };
}

/** Reads boards of the past: the whole board before the moment, and the changes up to it. */
export function createLoader(source: RecordedSource): Loader {
  let known: readonly Stretch[] = [];
  let kept: PastBoard[] = [];
  let recent: EpochMs[] = [];

  /** Between the begin of a stretch and what is known of its end, nothing changes but that old ones are dropped. */
  async function stretchAt(at: EpochMs): Promise<Stretch> {
    const find = () => known.findLast(({ from, to }) => from <= at && at <= to);
    let stretch = find();
    if (stretch === undefined) {
      known = await source.stretches();
      stretch = find();
    }
    if (stretch === undefined) throw notRecorded(known, at);
    return stretch;
  }
  async function goOn(from: PastBoard, rows: Awaited<ReturnType<typeof source.changes>>, at: EpochMs, breath: Breath) {
    let { rules } = from;
    let reached: Revision = { seq: from.seq, at: from.at };
    for (let next = rows; next.length > 0;) {
      const before = reached;
      reached = await takeRows(from.sheets, reached, next, at, breath);
      next.forEach(giveBack);
      if (reached.seq === before.seq) break;
      rules = next.findLast(({ fromSeq }) => fromSeq <= reached.seq)?.rules ?? rules;
      if (next.length < ROWS) break;
      next = await source.changes(from.stretch.stretch, reached, at, ROWS);
      await breath();
    }
    return { ...from, ...reached, rules };
  }
  async function fromBoard(stretch: Stretch, at: EpochMs, breath: Breath): Promise<PastBoard> {
    const start = await source.upTo(stretch.stretch, at, ROWS);
    await breath();
    if (start === null) {
      // It may have been dropped since.
      known = [];
      await stretchAt(at);
      throw new RecordingBroken(`stretch ${stretch.stretch} has no whole board`);
    }
    const { toSeq, to, rules } = start.board;
    const board = { seq: toSeq, at: to, stretch, rules, sheets: readBoardRow(start.board) };
    giveBack(start.board);
    await breath();
    return goOn(board, start.changes, at, breath);
  }
  async function fromKept(held: PastBoard, at: EpochMs, breath: Breath): Promise<PastBoard> {
    const rows = await source.changes(held.stretch.stretch, held, at, ROWS);
    await breath();
    return goOn({ ...held, sheets: copySheets(held.sheets) }, rows, at, breath);
  }
  function keep(board: PastBoard): PastBoard {
    kept = [
      board,
      ...kept.filter(({ seq, stretch }) => seq !== board.seq || stretch.stretch !== board.stretch.stretch),
    ];
    kept = kept.slice(0, KEPT);
    return { ...board, sheets: copySheets(board.sheets) };
  }

  return {
    stretches: () => source.stretches(),
    async at(at, signal) {
      const breath = createBreath(signal);
      const stretch = await stretchAt(at);
      const near = kept.filter(
        (each) => each.stretch.stretch === stretch.stretch && each.at <= at && at - each.at < NEAR_MS,
      );
      const [nearest] = near.sort((a, b) => b.at - a.at);
      const dragged = recent.some((each) => Math.abs(each - at) < NEAR_MS);
      recent = [at, ...recent].slice(0, RECENT);
      const board = await (nearest === undefined ? fromBoard(stretch, at, breath) : fromKept(nearest, at, breath));
      return dragged ? keep(board) : board;
    },
    async next(stretch, after, count) {
      const breath = createBreath();
      const rows = await source.changes(stretch, after, FOR_EVER, count);
      const lines: Line[] = [];
      let { seq } = after;
      for (const row of rows) {
        for (const line of linesOf(row, seq)) {
          if (line.seq !== seq + 1) throw missing(seq + 1);
          ({ seq } = line);
          lines.push(line);
        }
        giveBack(row);
        await breath();
      }
      return lines;
    },
  };
}

/** A row's bytes, that is: waiting for that memory, the collector would look through all there is at every seek. */
function giveBack({ text: { buffer, length } }: RecordedRow): void {
  if (length >= LARGE && buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}
const LARGE = 65_536;

function notRecorded(stretches: readonly Stretch[], at: EpochMs): NotRecorded {
  const before = stretches.findLast(({ to }) => to < at) ?? null;
  return new NotRecorded(at, before, stretches.find(({ from }) => from > at) ?? null);
}
