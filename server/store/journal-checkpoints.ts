import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFrame, encodeText, scan } from './journal-frame.ts';

const NAME = /^checkpoint-(\d{16})\.hrj$/;
const nameOf = (seq: number) => `checkpoint-${String(seq).padStart(16, '0')}.hrj`;
const KEPT = 2;

export interface Checkpoint {
  readonly seq: number;
  readonly state: unknown;
}

/** Positions of the checkpoints on disk, newest first. */
export function listCheckpoints(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** The newest checkpoint that is whole; `damaged` lists the newer ones that are not. */
export function readCheckpoint(folder: string): { found: Checkpoint | null; damaged: number[] } {
  const damaged: number[] = [];
  for (const seq of listCheckpoints(folder)) {
    const state = readState(join(folder, nameOf(seq)), seq);
    if (state !== undefined) return { found: { seq, state }, damaged };
    damaged.push(seq);
  }
  return { found: null, damaged };
}

function readState(path: string, seq: number): unknown {
  try {
    const file = readFileSync(path);
    for (const piece of scan(file)) {
      const whole = piece.type === 'frame' && piece.kind === 'checkpoint' && piece.seq === seq;
      return whole ? decodeFrame(file, piece) : undefined;
    }
  } catch {
    // As good as not there: the caller tells which ones could not be read, and takes the one before.
  }
  return undefined;
}

/** Writes a checkpoint so that it is there whole or not at all, then removes all but the newest two. Returns its size. */
export async function writeCheckpoint(folder: string, seq: number, text: string): Promise<number> {
  const path = join(folder, nameOf(seq));
  const frame = encodeText('checkpoint', seq, text);
  const file = await open(`${path}.tmp`, 'w', 0o600);
  try {
    await file.writeFile(frame);
    await file.sync();
  } catch (error) {
    rmSync(`${path}.tmp`, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  for (const old of listCheckpoints(folder).slice(KEPT)) rmSync(join(folder, nameOf(old)), { force: true });
  return frame.length;
}
