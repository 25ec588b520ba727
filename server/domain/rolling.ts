import { MINUTE, type EpochMs } from '#shared/model/time.ts';

/** Room for an hour of minutes, and some: a power of two keeps the index cheap. */
const SIZE = 64;

/**
 * Increments of one counter by minute, for "last 15 minutes" and "last hour". One fixed ring of 256 bytes, so that
 * thousands of sites stay small.
 */
export interface Rolling {
  /** Since when increments are known; null before the first reading. */
  since: EpochMs | null;
  /** Newest minute written, as minutes of the epoch. */
  minute: number;
  readonly buckets: Float32Array;
}

export const createRolling = (): Rolling => ({ since: null, minute: 0, buckets: new Float32Array(SIZE) });

function advance(rolling: Rolling, minute: number): void {
  const gap = minute - rolling.minute;
  if (gap <= 0) return;
  if (gap >= SIZE) rolling.buckets.fill(0);
  else for (let m = rolling.minute + 1; m <= minute; m += 1) rolling.buckets[m & (SIZE - 1)] = 0;
  rolling.minute = minute;
}

/** Says that everything up to `at` is known from `at` on, without an increment. */
export function beginRolling(rolling: Rolling, at: EpochMs): void {
  rolling.since ??= at;
}

/** Adds `amount` that happened in (from, to], spread evenly: after a gap it did not all happen in the last minute. */
export function addRolling(rolling: Rolling, from: EpochMs, to: EpochMs, amount: number): void {
  if (amount <= 0 || to <= from) return;
  const last = Math.floor(to / MINUTE);
  advance(rolling, last);
  const first = Math.floor(from / MINUTE);
  const span = to - from;
  for (let m = Math.max(first, last - SIZE + 1); m <= last; m += 1) {
    if (m <= rolling.minute - SIZE) continue;
    const inside = Math.min(to, (m + 1) * MINUTE) - Math.max(from, m * MINUTE);
    if (inside <= 0) continue;
    const index = m & (SIZE - 1);
    rolling.buckets[index] = (rolling.buckets[index] ?? 0) + (amount * inside) / span;
  }
}

/** Sum over the `minutes` whole minutes up to and with the one that holds `at`. */
export function sumRolling(rolling: Rolling, at: EpochMs, minutes: number): number {
  const now = Math.floor(at / MINUTE);
  let sum = 0;
  for (let m = now - minutes + 1; m <= now; m += 1) {
    if (m <= rolling.minute && m > rolling.minute - SIZE) sum += rolling.buckets[m & (SIZE - 1)] ?? 0;
  }
  return sum;
}

/** Start of the part of the last `minutes` at `at` that is known: the window's own start, or later. Null: nothing is. */
export function knownFrom(rolling: Rolling, at: EpochMs, minutes: number): EpochMs | null {
  if (rolling.since === null || rolling.since > at) return null;
  return Math.max(rolling.since, (Math.floor(at / MINUTE) - minutes + 1) * MINUTE);
}

/** As plain numbers for the checkpoint: [since, minute, bucket index, value, …] of the filled buckets. */
export function packRolling(rolling: Rolling): (number | null)[] {
  const packed: (number | null)[] = [rolling.since, rolling.minute];
  rolling.buckets.forEach((value, index) => {
    if (value !== 0) packed.push(index, value);
  });
  return packed;
}

export function unpackRolling(packed: readonly (number | null)[]): Rolling {
  const rolling = createRolling();
  rolling.since = packed[0] ?? null;
  rolling.minute = packed[1] ?? 0;
  for (let i = 2; i + 1 < packed.length; i += 2) rolling.buckets[packed[i] ?? 0] = packed[i + 1] ?? 0;
  return rolling;
}
