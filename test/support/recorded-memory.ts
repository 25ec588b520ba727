import type { Commit } from '../../server/domain/ports.ts';
import { fillSheets } from '../../server/domain/replay/cells.ts';
import { sayBoard, takeCommit } from '../../server/domain/replay/lines.ts';
import type { RecordedRow, RecordedSource, Revision } from '../../server/domain/replay/recorded.ts';
import { emptySheets } from '../../server/domain/replay/sheets.ts';
import { smallDefinition } from './definition.ts';
import { createMemoryBoard, type MemoryBoard } from './memory-board.ts';

/** A recording in memory that a test writes itself, and can take away. */
export interface MemoryRecording extends RecordedSource {
  /** Begins a stretch with the board as it is. */
  begin(board: MemoryBoard): void;
  add(commit: Commit): void;
  /** While set, every read is refused with it. */
  away: Error | null;
  /** While set, nobody is recording. */
  off: boolean;
}

export function createMemoryRecording(): MemoryRecording {
  const stretches: { stretch: number; from: number; to: number }[] = [];
  const rows: RecordedRow[] = [];
  let sheets = emptySheets();
  const answer = <T>(value: T): Promise<T> => (made.away === null ? Promise.resolve(value) : Promise.reject(made.away));
  const row = (kind: RecordedRow['kind'], seq: number, at: number, said: string): RecordedRow => {
    const text = new TextEncoder().encode(said);
    const stretch = stretches.length;
    return { kind, stretch, fromSeq: seq, toSeq: seq, from: at, to: at, rules: '1/hash', text };
  };
  const changesAfter = (stretch: number, after: Revision, until: number, limit: number) => {
    const is = (r: RecordedRow) => r.kind === 'changes' && r.stretch === stretch;
    return inRows(rows.filter((r) => is(r) && r.toSeq > after.seq && r.from <= until)).slice(0, limit);
  };
  const made: MemoryRecording = {
    away: null,
    off: false,
    begin(board) {
      stretches.push({ stretch: stretches.length + 1, from: board.at, to: board.at });
      sheets = fillSheets(emptySheets(), board.units(), board.feeds());
      rows.push(row('board', board.seq, board.at, sayBoard(sheets).join('\n')));
    },
    add(commit) {
      if (made.off) return;
      const last = stretches.at(-1);
      if (last === undefined) throw new Error('a recording begins with a board');
      last.to = commit.at;
      rows.push(row('changes', commit.seq, commit.at, takeCommit(sheets, commit)));
    },
    stretches: () => answer(stretches.map((each) => ({ ...each }))),
    upTo: (stretch, at, limit) => {
      const board = rows.findLast((r) => r.kind === 'board' && r.stretch === stretch && r.from <= at);
      const after = { seq: board?.toSeq ?? 0, at };
      return answer(board === undefined ? null : { board, changes: changesAfter(stretch, after, at, limit) });
    },
    changes: (stretch, after, until, limit) => answer(changesAfter(stretch, after, until, limit)),
    feedStates: () => answer([]),
  };
  return made;
}

const NEW_LINE = Buffer.from('\n');

/** Fifty changes a row, as a database would hold them. */
function inRows(changes: readonly RecordedRow[]): RecordedRow[] {
  return Array.from({ length: Math.ceil(changes.length / 50) }, (_, i) => {
    const part = changes.slice(50 * i, 50 * i + 50);
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) throw new Error('unreachable');
    return {
      ...first,
      toSeq: last.toSeq,
      to: last.to,
      text: Buffer.concat(part.flatMap(({ text }, at) => (at === 0 ? [text] : [NEW_LINE, text]))),
    };
  });
}

/** A board whose score counts its revisions, one each 100 ms of its time, all of them recorded. */
export function countingBoard(revisions: number, recording = createMemoryRecording()) {
  const board = createMemoryBoard(smallDefinition());
  board.onCommit((commit) => recording.add(commit));
  recording.begin(board);
  const count = (times: number) => {
    for (let i = 0; i < times; i += 1) {
      board.change(
        [
          {
            id: 'P1',
            score: board.seq % 100,
            metrics: { 'calls.waiting': { value: board.seq, absence: null, observedAt: null } },
          },
        ],
        [{ id: 'telephony-test', latencyMs: board.seq }],
      );
    }
  };
  count(revisions);
  return { board, recording, count };
}
