import type { EpochMs } from '#shared/model/time.ts';
import { MINUTE } from '#shared/model/time.ts';
import { sayBoard } from '../domain/replay/lines.ts';
import type { Revision } from '../domain/replay/recorded.ts';
import type { Sheets } from '../domain/replay/sheets.ts';
import { weekOf } from './partitions.ts';
import { packRow } from './recorded-pack.ts';
import type { PackedRow } from './recorded-rows.ts';

/** A row of changes is closed at so much text or so much product time, whichever comes first. */
const ROW_BYTES = 2_500_000;
const ROW_MS = 5 * MINUTE;
/**
 * A whole board is written when the changes since the last one have grown to this share of it, and never for less than so
 * much: what a seek has to take in after it.
 */
const BOARD_SHARE = 0.6;
const LEAST_BOARD_BYTES = 128_000;

/** What is to be done in the database, in this order. */
export type RecordedStep =
  | { readonly add: PackedRow }
  | { readonly dropPieces: { readonly stretch: number; readonly fromSeq: number; readonly from: EpochMs } };

interface OpenRow {
  readonly fromSeq: number;
  readonly from: EpochMs;
  toSeq: number;
  to: EpochMs;
  readonly lines: string[];
  bytes: number;
  /** What no piece holds yet begins here; null: nothing. */
  unstored: { readonly line: number; readonly seq: number; readonly at: EpochMs } | null;
  /** Whether there are pieces of it in the database. */
  pieces: boolean;
}

/**
 * Writes one stretch: whole boards, and the changes between them in rows of some minutes. What is not yet a whole row
 * is written as a piece with each batch, and joined with the others once the row is closed.
 */
export interface RecordedWriter {
  readonly stretch: number;
  readonly rules: string;
  /** Another version of the rules is in force from the next change on. */
  judgeBy(rules: string): Promise<void>;
  /** The board as it stands at a revision. */
  board(sheets: Sheets, seq: number, at: EpochMs): Promise<void>;
  /** One revision as a line. `after`: the board once it is in it. */
  change(revision: Revision, line: string, after: Sheets): Promise<void>;
  /** Everything so far as steps for the database; what is open is handed out as a piece. */
  steps(): Promise<RecordedStep[]>;
}

/** `weight`: how long the changes since the last whole board are, and how long that was; null before the first. */
export interface WriterStart {
  readonly stretch: number;
  readonly rules: string;
  readonly weight: { readonly changes: number; readonly board: number; readonly at: EpochMs } | null;
}

export function createRecordedWriter(start: WriterStart): RecordedWriter {
  const { stretch } = start;
  let { rules } = start;
  let weight = start.weight === null ? { changes: 0, board: 0, at: 0 } : { ...start.weight };
  let open: OpenRow | null = null;
  let steps: RecordedStep[] = [];

  const rowOf = ({ fromSeq, from, toSeq, to }: OpenRow) => {
    return { kind: 'changes' as const, stretch, fromSeq, toSeq, from, to, rules };
  };
  async function close(): Promise<void> {
    const row = open;
    open = null;
    if (row === null) return;
    if (row.pieces) steps.push({ dropPieces: { stretch, fromSeq: row.fromSeq, from: row.from } });
    steps.push({ add: await packRow(rowOf(row), row.lines, true) });
  }
  async function board(sheets: Sheets, seq: number, at: EpochMs): Promise<void> {
    await close();
    const row = { kind: 'board' as const, stretch, fromSeq: seq, toSeq: seq, from: at, to: at, rules };
    const packed = await packRow(row, sayBoard(sheets), true);
    weight = { changes: 0, board: packed.bytes, at };
    steps.push({ add: packed });
  }
  function append({ seq, at }: Revision, line: string): OpenRow {
    open ??= { fromSeq: seq, from: at, toSeq: seq, to: at, lines: [], bytes: 0, unstored: null, pieces: false };
    open.unstored ??= { line: open.lines.length, seq, at };
    open.lines.push(line);
    open.bytes += line.length + 1;
    open.toSeq = seq;
    open.to = at;
    weight.changes += line.length + 1;
    return open;
  }

  return {
    stretch,
    get rules() {
      return rules;
    },
    board,
    async judgeBy(next) {
      await close();
      rules = next;
    },
    async change(change, line, after) {
      const newWeek = weekOf(change.at) !== weekOf(weight.at);
      if (newWeek || (open !== null && change.at - open.from > ROW_MS)) await close();
      const row = append(change, line);
      // Each partition can be read without the one before it.
      const heavy = weight.changes >= Math.max(LEAST_BOARD_BYTES, BOARD_SHARE * weight.board);
      if (newWeek || heavy) await board(after, change.seq, change.at);
      else if (row.bytes >= ROW_BYTES) await close();
    },
    async steps() {
      if (open?.unstored) {
        const { line, seq, at } = open.unstored;
        const row = { ...rowOf(open), fromSeq: seq, from: at };
        steps.push({ add: await packRow(row, open.lines.slice(line), false) });
        open.unstored = null;
        open.pieces = true;
      }
      const made = steps;
      steps = [];
      return made;
    },
  };
}
