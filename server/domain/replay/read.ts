import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import { readBoardLine, readChange, type RecordedRow } from './recorded.ts';
import { putChange, shadowOf, type Change, type Shadow } from './shadow.ts';

/** Called between pieces of long work; what it returns is awaited. */
export type Breath = () => Promise<void> | undefined;

/** Lines of a text, one by one: most of a long row is often not wanted. */
export function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    if (to > from) yield text.slice(from, to);
    from = to + 1;
  }
}

/** The board that a whole-board row tells. */
export async function readBoardRow(row: RecordedRow, breath: Breath): Promise<Shadow> {
  const units: Unit[] = [];
  const feeds: FeedStatus[] = [];
  for (const text of linesOf(row.text)) {
    const line = readBoardLine(text);
    if ('unit' in line) units.push(line.unit);
    else feeds.push(line.feed);
    await breath();
  }
  return shadowOf(units, feeds);
}

/** The inside of a JSON list. */
export async function sayList(values: Iterable<object>, breath: Breath): Promise<string> {
  const said: string[] = [];
  for (const value of values) {
    said.push(JSON.stringify(value));
    await breath();
  }
  return said.join(',');
}

/** Changes of a row after revision `after`, oldest first. */
export function* changesOf(row: RecordedRow, after: number): Generator<Change> {
  for (const text of linesOf(row.text)) {
    const change = readOrBreak(text, row);
    if (change.seq > after) yield change;
  }
}

/** Why a recording cannot be followed: rows are missing or do not belong together. */
export class RecordingBroken extends Error {
  readonly code = 'RECORDING_BROKEN';
}

function readOrBreak(text: string, { fromSeq }: RecordedRow): Change {
  try {
    return readChange(text);
  } catch (error) {
    throw new RecordingBroken(`the changes from revision ${fromSeq} on cannot be read`, { cause: error });
  }
}

function takeOrBreak(shadow: Shadow, change: Change): void {
  try {
    putChange(shadow, change);
  } catch (error) {
    throw new RecordingBroken(`revision ${change.seq} does not follow on the recording before it`, { cause: error });
  }
}

/**
 * Takes the changes of `rows` after `seq` in, up to time `until`; gives the last revision and its time. Units and feeds are
 * changed in place: the shadow is one that nobody else has seen.
 */
export async function takeRows(
  shadow: Shadow,
  from: { readonly seq: number; readonly at: number },
  rows: readonly RecordedRow[],
  until: number,
  breath: Breath,
): Promise<{ seq: number; at: number }> {
  let { seq, at } = from;
  for (const row of rows) {
    for (const change of changesOf(row, seq)) {
      if (change.at > until) return { seq, at };
      if (change.seq !== seq + 1) throw new RecordingBroken(`revision ${seq + 1} is missing from the recording`);
      takeOrBreak(shadow, change);
      ({ seq, at } = change);
      await breath();
    }
  }
  return { seq, at };
}
