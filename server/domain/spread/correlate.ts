import type { Track } from './track.ts';

export interface Correlation {
  /** Pearson's, -1 to 1; null where one side does not move, or where there are fewer than three pairs. */
  readonly r: number | null;
  /** Pairs in which both are known. */
  readonly pairs: number;
}

/** Sums over pairs of values; those of two sets of pairs can be added and taken away. */
export interface Sums {
  n: number;
  a: number;
  b: number;
  aa: number;
  bb: number;
  ab: number;
}

export const noSums = (): Sums => ({ n: 0, a: 0, b: 0, aa: 0, bb: 0, ab: 0 });

/** Of the first at a place with the second `lag` places later, over all pairs in which both are known. */
export function correlationAt(a: Track, b: Track, lag: number): Correlation {
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  const { known, values } = b;
  for (const place of a.places) {
    if (known[place + lag] !== 1) continue;
    const x = a.values[place] ?? 0;
    const y = values[place + lag] ?? 0;
    n += 1;
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  }
  return { r: pearson({ n, a: sa, b: sb, aa: saa, bb: sbb, ab: sab }), pairs: n };
}

/** The same sums, block by block of `length` places; a pair belongs to where its middle lies, whoever of the two is first. */
export function sumsByBlock(a: Track, b: Track, lag: number, length: number): Map<number, Sums> {
  const blocks = new Map<number, Sums>();
  for (const place of a.places) {
    if (b.known[place + lag] !== 1) continue;
    const block = Math.floor((place + lag / 2) / length);
    let sums = blocks.get(block);
    if (sums === undefined) blocks.set(block, (sums = noSums()));
    const x = a.values[place] ?? 0;
    const y = b.values[place + lag] ?? 0;
    sums.n += 1;
    sums.a += x;
    sums.b += y;
    sums.aa += x * x;
    sums.bb += y * y;
    sums.ab += x * y;
  }
  return blocks;
}

/** `from` with `sums` added `times` times (-1: taken away). */
export function plus(from: Sums, sums: Sums, times: 1 | -1): Sums {
  return {
    n: from.n + times * sums.n,
    a: from.a + times * sums.a,
    b: from.b + times * sums.b,
    aa: from.aa + times * sums.aa,
    bb: from.bb + times * sums.bb,
    ab: from.ab + times * sums.ab,
  };
}

export function pearson({ n, a, b, aa, bb, ab }: Sums): number | null {
  if (n < 3) return null;
  const va = aa - (a * a) / n;
  const vb = bb - (b * b) / n;
  // What subtraction leaves of two large equal numbers is no movement.
  if (va <= 1e-9 * aa || vb <= 1e-9 * bb || va <= 0 || vb <= 0) return null;
  return Math.max(-1, Math.min(1, (ab - (a * b) / n) / Math.sqrt(va * vb)));
}

/** How a track goes with itself: correlation and pairs at 0, 1, 2 … steps. */
export interface Memory {
  readonly rho: Float64Array;
  readonly pairs: Int32Array;
}

export function memoryOf(track: Track, steps: number): Memory {
  const rho = new Float64Array(steps + 1);
  const pairs = new Int32Array(steps + 1);
  for (let step = 0; step <= steps; step += 1) {
    const { r, pairs: n } = correlationAt(track, track, step);
    rho[step] = r ?? 0;
    pairs[step] = n;
  }
  return { rho, pairs };
}

/**
 * How many values in a row say together as much as one that owes nothing to its neighbours (Bartlett 1946, over the
 * pairs there are); at least 1. Two tracks that each keep their height for hours agree by chance far more easily than
 * the number of quarter hours suggests.
 */
export function redundancy(a: Memory, b: Memory): number {
  const all = Math.min(a.pairs[0] ?? 0, b.pairs[0] ?? 0);
  if (all === 0) return 1;
  let sum = 1;
  const steps = Math.min(a.rho.length, b.rho.length);
  for (let step = 1; step < steps; step += 1) {
    const weight = Math.min(a.pairs[step] ?? 0, b.pairs[step] ?? 0) / all;
    sum += 2 * weight * (a.rho[step] ?? 0) * (b.rho[step] ?? 0);
  }
  return Math.max(1, sum);
}
