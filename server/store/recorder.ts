import type { Logger } from 'pino';
import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Commit } from '../domain/ports.ts';
import type { BoardCopies, BoardCopy } from '../domain/replay/copies.ts';
import { addValue, saysTheSame } from '../domain/replay/cells.ts';
import { takeCommit } from '../domain/replay/lines.ts';
import { readBoardRow, RecordingBroken, takeRows } from '../domain/replay/read.ts';
import type { RecordedSource } from '../domain/replay/recorded.ts';
import { emptySheets, renewTexts, type Sheet, type Sheets } from '../domain/replay/sheets.ts';
import type { Database, Queryable } from './database.ts';
import { createBreath } from './recorded-pack.ts';
import { addRow, dropPieces, putStretch, readLastStretch, type StoredStretch } from './recorded-rows.ts';
import { createRecordedWriter, type RecordedStep, type RecordedWriter } from './recorded-writer.ts';

export interface RecorderDeps {
  readonly database: Database;
  readonly runId: number;
  /** Id of the journal that the commits come from. */
  readonly journal: string;
  /** Times that lie further apart break the recording. */
  readonly gapMs: number;
  readonly copies: BoardCopies;
  readonly nameOfRules: (rules: Rules) => string;
  /** Reads what was recorded before. */
  readonly recorded: RecordedSource;
  readonly logger: Logger;
}

/** What a batch of commits comes to in the recording. */
export interface Recording {
  /** Times at which its rows begin: where partitions are needed. */
  readonly times: readonly EpochMs[];
  write(inside: Queryable): Promise<void>;
}

/** Records what is broadcast. Its state runs ahead of the database: after a failed write it is to be made anew. */
export interface Recorder {
  prepare(commits: readonly Commit[]): Promise<Recording>;
}

interface State {
  readonly sheets: Sheets;
  readonly writer: RecordedWriter;
  readonly from: EpochMs;
  epoch: string;
  seq: number;
  at: EpochMs;
}

/** Goes on from what was recorded up to `position` of the journal, where it was; else from a copy of the live board. */
export async function createRecorder(deps: RecorderDeps, position: number): Promise<Recorder> {
  const { copies, logger, journal, runId } = deps;
  const [last] = await deps.database.query<StoredStretch>(readLastStretch(runId));
  let nextStretch = (last?.stretch ?? 0) + 1;
  const goesOn = last?.journal === journal && last.toSeq === position;
  let state = goesOn ? await goOnOrBegin(deps.recorded, last, logger) : null;
  /** Steps of stretches that ended within a batch, and where those stretches came to. */
  let steps: RecordedStep[] = [];
  let stretches: StoredStretch[] = [];

  const tell = ({ writer, from, epoch, seq, at }: State) =>
    stretches.push({ stretch: writer.stretch, journal, epoch, from, to: at, toSeq: seq });

  async function end(): Promise<void> {
    if (state === null) return;
    tell(state);
    steps.push(...(await state.writer.steps()));
    state = null;
  }
  async function begin(
    sheets: Sheets,
    given: { epoch: string; seq: number; at: EpochMs; rules: string },
  ): Promise<State> {
    await end();
    const { epoch, seq, at, rules } = given;
    const writer = createRecordedWriter({ stretch: nextStretch, rules, weight: null });
    nextStretch += 1;
    await writer.board(sheets, seq, at);
    state = { sheets, writer, from: at, epoch, seq, at };
    return state;
  }
  const beginWith = async (copy: BoardCopy): Promise<State> => {
    copies.drop();
    return begin(await sheetsOf(copy), copy);
  };

  /** Holds what was recorded against the board itself, where a copy of this very revision is at hand. */
  async function compare(): Promise<void> {
    const copy = copies.newest();
    if (state === null || copy === null || copy.seq > state.seq) return;
    copies.drop();
    if (copy.seq < state.seq) return;
    if (await same(state.sheets, copy)) {
      // A new epoch that lost nothing.
      state.epoch = copy.epoch;
      return;
    }
    logger.warn(
      { type: 'store.recording-differs', seq: copy.seq },
      'The recording begins anew: the board differs from it.',
    );
    await beginWith(copy);
  }

  /** The state that `commit` follows on; null where there is none, or where the copy already holds the commit. */
  async function stateBefore(commit: Commit): Promise<State | null> {
    await compare();
    const follows = state !== null && commit.seq === state.seq + 1 && commit.epoch === state.epoch;
    if (state !== null && follows && commit.thinned !== true) return state;
    await end();
    const copy = copies.newest();
    const fits = copy !== null && copy.epoch === commit.epoch;
    if (fits && copy.seq === commit.seq - 1 && commit.thinned !== true) return beginWith(copy);
    if (fits && copy.seq === commit.seq) await beginWith(copy);
    else if (copy === null || copy.seq < commit.seq) copies.want();
    return null;
  }

  async function take(commit: Commit): Promise<void> {
    const before = await stateBefore(commit);
    if (before === null) return;
    const { writer, sheets } = before;
    const late = commit.at - before.at > deps.gapMs;
    const rules = commit.rules === undefined ? undefined : deps.nameOfRules(commit.rules);
    const line = takeCommit(sheets, commit);
    const { epoch, seq, at } = commit;
    if (rules !== undefined) await writer.judgeBy(rules);
    if (late) {
      await begin(sheets, { epoch, seq, at, rules: writer.rules });
      return;
    }
    await writer.change(commit, line, sheets);
    Object.assign(before, { seq, at });
  }

  return {
    async prepare(commits) {
      const breath = createBreath();
      for (const commit of commits) {
        await take(commit);
        await breath();
      }
      if (state !== null) {
        tell(state);
        steps.push(...(await state.writer.steps()));
      }
      const made = { steps, stretches };
      [steps, stretches] = [[], []];
      return recordingOf(runId, made.steps, made.stretches);
    },
  };
}

function recordingOf(runId: number, steps: readonly RecordedStep[], stretches: readonly StoredStretch[]): Recording {
  return {
    times: steps.flatMap((step) => ('add' in step ? [step.add.from] : [])),
    async write(inside) {
      for (const stretch of stretches) await inside.query(putStretch(runId, stretch));
      for (const step of steps) {
        if ('add' in step) await inside.query(addRow(runId, step.add));
        else
          await inside.query(dropPieces(runId, step.dropPieces.stretch, step.dropPieces.fromSeq, step.dropPieces.from));
      }
    },
  };
}

async function goOnOrBegin(recorded: RecordedSource, last: StoredStretch, logger: Logger): Promise<State | null> {
  try {
    return await goOn(recorded, last);
  } catch (error) {
    if (!(error instanceof RecordingBroken)) throw error;
    logger.error({ type: 'store.recording-broken', err: error }, 'The recording cannot be followed; it begins anew.');
    return null;
  }
}

/** Rows asked for at once. */
const ROWS = 50;

/** The state at the end of what was recorded; null where its rows do not lead there. */
async function goOn(recorded: RecordedSource, last: StoredStretch): Promise<State | null> {
  const breath = createBreath();
  const start = await recorded.upTo(last.stretch, last.to, ROWS);
  if (start === null) return null;
  const { board } = start;
  const sheets = readBoardRow(board);
  let reached = { seq: board.toSeq, at: board.to };
  let weight = { changes: 0, board: board.text.length, at: board.to };
  let { rules } = board;
  for (let rows = start.changes; rows.length > 0;) {
    reached = await takeRows(sheets, reached, rows, last.to, breath);
    weight = { ...weight, changes: weight.changes + rows.reduce((sum, row) => sum + row.text.length, 0) };
    rules = rows.at(-1)?.rules ?? rules;
    rows = await recorded.changes(last.stretch, reached, last.to, ROWS);
  }
  if (reached.seq !== last.toSeq) return null;
  for (const sheet of [sheets.units, sheets.feeds]) renewTexts(sheet);
  const writer = createRecordedWriter({ stretch: last.stretch, rules, weight });
  return { sheets, writer, from: last.from, epoch: last.epoch, seq: last.toSeq, at: last.to };
}

async function sheetsOf({ units, feeds }: BoardCopy): Promise<Sheets> {
  const breath = createBreath();
  const sheets = emptySheets();
  for (const unit of units) {
    addValue(sheets.units, unit.id, unit);
    await breath();
  }
  for (const feed of feeds) addValue(sheets.feeds, feed.id, feed);
  return sheets;
}

async function same({ units, feeds }: Sheets, copy: BoardCopy): Promise<boolean> {
  const breath = createBreath();
  const holds = (sheet: Sheet, value: { readonly id: string }) => {
    const number = sheet.numbers.get(value.id);
    return number !== undefined && saysTheSame(sheet, number, value);
  };
  if (units.numbers.size !== copy.units.length || feeds.numbers.size !== copy.feeds.length) return false;
  for (const unit of copy.units) {
    if (!holds(units, unit)) return false;
    await breath();
  }
  return copy.feeds.every((feed) => holds(feeds, feed));
}
