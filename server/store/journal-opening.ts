import type { Logger } from 'pino';
import type { Commit } from '../domain/ports.ts';
import { readCheckpoint } from './journal-checkpoints.ts';
import { openEpoch, readIdentity, type Epoch } from './journal-epoch.ts';
import { listSegments, readBack, type Segment } from './journal-segments.ts';

export interface Recovered {
  readonly epoch: string;
  /** State of the newest checkpoint; null when there is none. */
  readonly state: unknown;
  /** Position of `state`; 0 without one. */
  readonly seq: number;
  /** Everything after it, oldest first. */
  readonly commits: readonly Commit[];
}

export interface Opened {
  readonly id: string;
  readonly epoch: Epoch;
  readonly segments: Segment[];
  readonly lastSeq: number;
  readonly recovered: Recovered;
  /** What was found damaged, in plain words; empty when nothing was. */
  readonly damage: string;
}

/** Reads the journal's folder back: newest whole checkpoint, every commit after it, and whether anything is missing. */
export function openFolder(folder: string, logger: Logger): Opened {
  const segments = listSegments(folder);
  const { found, damaged } = readCheckpoint(folder);
  const back = readBack(segments, found?.seq ?? null);
  const damage = [...damaged.map((seq) => `checkpoint ${seq} could not be read`), ...back.damage];
  for (const note of [...damage, ...back.torn]) logger.error({ type: 'journal.damage', folder }, `Journal: ${note}.`);
  const lastSeq = back.lastSeq ?? 0;
  // A damaged checkpoint still says by its name how far the journal had come.
  const epoch = openEpoch(folder, back.continuous && Math.max(0, ...damaged) <= lastSeq);
  const recovered = { epoch: epoch.value, state: found?.state ?? null, seq: found?.seq ?? 0, commits: back.commits };
  return { id: readIdentity(folder), epoch, segments, lastSeq, recovered, damage: damage.join('; ') };
}
