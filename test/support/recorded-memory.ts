import type { Commit } from '../../server/domain/ports.ts';
import { sayBoardLine, sayChange, type RecordedRow, type RecordedSource } from '../../server/domain/replay/recorded.ts';
import { copyShadow, shadowOf, takeCommit, type Shadow } from '../../server/domain/replay/shadow.ts';
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
  let shadow: Shadow = shadowOf([], []);
  const answer = <T>(value: T): Promise<T> => (made.away === null ? Promise.resolve(value) : Promise.reject(made.away));
  const row = (kind: RecordedRow['kind'], seq: number, at: number, text: string): RecordedRow => {
    const stretch = stretches.length;
    return { kind, stretch, fromSeq: seq, toSeq: seq, from: at, to: at, rules: '1/hash', text };
  };
  const made: MemoryRecording = {
    away: null,
    off: false,
    begin(board) {
      stretches.push({ stretch: stretches.length + 1, from: board.at, to: board.at });
      shadow = shadowOf(board.units(), board.feeds());
      const units = [...shadow.units.values()].map((unit) => sayBoardLine({ unit }));
      const feeds = [...shadow.feeds.values()].map((feed) => sayBoardLine({ feed }));
      rows.push(row('board', board.seq, board.at, [...units, ...feeds].join('\n')));
    },
    add(commit) {
      if (made.off) return;
      const last = stretches.at(-1);
      if (last === undefined) throw new Error('a recording begins with a board');
      last.to = commit.at;
      shadow = copyShadow(shadow);
      rows.push(row('changes', commit.seq, commit.at, sayChange(takeCommit(shadow, commit))));
    },
    stretches: () => answer(stretches.map((each) => ({ ...each }))),
    board: (stretch, at) =>
      answer(rows.findLast((r) => r.kind === 'board' && r.stretch === stretch && r.from <= at) ?? null),
    changes: (stretch, after, until, limit) =>
      answer(
        inRows(
          rows.filter((r) => r.kind === 'changes' && r.stretch === stretch && r.toSeq > after.seq && r.from <= until),
        ).slice(0, limit),
      ),
    feedStates: () => answer([]),
  };
  return made;
}

/** Fifty changes a row, as a database would hold them. */
function inRows(changes: readonly RecordedRow[]): RecordedRow[] {
  return Array.from({ length: Math.ceil(changes.length / 50) }, (_, i) => {
    const part = changes.slice(50 * i, 50 * i + 50);
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) throw new Error('unreachable');
    return { ...first, toSeq: last.toSeq, to: last.to, text: part.map(({ text }) => text).join('\n') };
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
