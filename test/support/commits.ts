import type { Applied, Commit, LevelChange } from '../../server/domain/ports.ts';

/** Monday 12 January 2026, 8am in London. */
export const EIGHT = Date.UTC(2026, 0, 12, 8);

export function reading(unit: string, at: number, value: number | null, given: Partial<Applied> = {}): Applied {
  return {
    unit,
    metric: 'calls.waiting',
    value,
    absence: value === null ? 'unreachable' : null,
    detail: null,
    observedAt: at,
    receivedAt: at + 500,
    feed: 'telephony-norhall-telecom',
    ...given,
  };
}

export function levelChange(unit: string, at: number, given: Partial<LevelChange> = {}): LevelChange {
  return { at, unit, from: 1, to: 2, score: 33.3, text: 'calls against usual', rules: '1/abcdef', ...given };
}

/** A commit a second after eight o'clock for each number, as the board appends them. */
export function commit(seq: number, given: Partial<Commit> = {}): Commit {
  const at = EIGHT + seq * 1000;
  return {
    seq,
    epoch: 'epoch',
    at,
    units: [{ id: 'P1', score: seq % 100 }],
    removed: [],
    feeds: [],
    applied: [reading('P1', at, seq)],
    levels: [],
    inputs: [],
    ...given,
  };
}
