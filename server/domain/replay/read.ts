import type { EpochMs } from '#shared/model/time.ts';
import { readBoard, readHead } from './lines.ts';
import type { RecordedRow, Revision } from './recorded.ts';
import { asciiOf, type Sheets } from './sheets.ts';
import { createTaker, type Taker } from './take.ts';

/** Called between pieces of long work; what it returns is awaited. Throws where the work is not wanted any more. */
export type Breath = () => Promise<void> | undefined;

/** Why a recording cannot be followed: rows are missing, do not belong together, or were written by another version. */
export class RecordingBroken extends Error {
  readonly code = 'RECORDING_BROKEN';
}

/** The board that a whole-board row tells. */
export function readBoardRow(row: RecordedRow): Sheets {
  try {
    return readBoard(Array.from(spansOf(row.text), ([from, end]) => asciiOf(row.text, from, end)));
  } catch (error) {
    throw new RecordingBroken(`the whole board of revision ${row.fromSeq} cannot be read`, { cause: error });
  }
}

/** One revision as it was recorded: its words begin at `from` of `text`. */
export interface Line extends Revision {
  readonly text: string;
  readonly from: number;
}

/** Lines of a row after revision `after`, oldest first. */
export function* linesOf({ text, fromSeq }: RecordedRow, after: number): Generator<Line> {
  for (const [from, end] of spansOf(text)) {
    const line = asciiOf(text, from, end);
    const { seq, at, rest } = headOrBreak(line, fromSeq);
    if (seq > after) yield { seq, at, text: line, from: rest };
  }
}

const NEW_LINE = 10;

function* spansOf(text: Uint8Array): Generator<readonly [from: number, end: number]> {
  for (let from = 0; from <= text.length;) {
    const found = text.indexOf(NEW_LINE, from);
    const end = found === -1 ? text.length : found;
    yield [from, end];
    from = end + 1;
  }
}

/** Takes a line into the taker's sheets. */
export function takeLine(taker: Taker, { seq, text, from }: Line): void {
  try {
    taker.words(text, from);
  } catch (error) {
    throw new RecordingBroken(`revision ${seq} does not follow on the recording before it`, { cause: error });
  }
}

function headOrBreak(line: string, fromSeq: number) {
  try {
    return readHead(line);
  } catch (error) {
    throw new RecordingBroken(`the changes from revision ${fromSeq} on cannot be read`, { cause: error });
  }
}

export const missing = (seq: number): RecordingBroken =>
  new RecordingBroken(`revision ${seq} is missing from the recording`);

/** Takes the changes of `rows` after a revision in, up to time `until`; gives the last revision and its time. */
export async function takeRows(
  sheets: Sheets,
  from: Revision,
  rows: readonly RecordedRow[],
  until: EpochMs,
  breath: Breath,
): Promise<Revision> {
  let reached: Revision = { seq: from.seq, at: from.at };
  const taker = createTaker(sheets);
  take: for (const row of rows) {
    for (const line of linesOf(row, reached.seq)) {
      if (line.at > until) break take;
      if (line.seq !== reached.seq + 1) throw missing(reached.seq + 1);
      takeLine(taker, line);
      reached = { seq: line.seq, at: line.at };
      await breath();
    }
  }
  taker.finish();
  return reached;
}
