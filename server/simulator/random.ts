/** 32-bit hash of the parts, the same in every process (FNV-1a with a murmur finish). */
export function hash32(...parts: readonly (string | number)[]): number {
  let h = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ 0x1f, 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A share in [0, 1) that belongs to these parts for ever: traits of a practice, picks of an event. */
export function trait(...parts: readonly (string | number)[]): number {
  return hash32(...parts) / 4294967296;
}

/** A version-4 shaped UUID that belongs to these parts. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const seed = hash32(...parts);
  const hex = [0, 1, 2, 3].map((i) => hash32(seed, i, parts.length).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** Standard normal. */
  normal(): number;
  exponential(mean: number): number;
  poisson(mean: number): number;
  /** Index drawn by `weights` (need not sum to one), read from `offset` on. */
  pick(weights: ArrayLike<number>, offset?: number, count?: number): number;
}

/** A stream that the parts alone decide (sfc32). Separate parts for separate purposes: one more draw here moves nothing there. */
export function createRandom(...parts: readonly (string | number)[]): Random {
  let a = hash32(...parts);
  let b = hash32(a, 1);
  let c = hash32(b, 2);
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const pick = (weights: ArrayLike<number>, offset = 0, count = weights.length - offset) => {
    let total = 0;
    for (let i = 0; i < count; i++) total += weights[offset + i] ?? 0;
    let left = next() * total;
    for (let i = 0; i < count - 1; i++) {
      left -= weights[offset + i] ?? 0;
      if (left < 0) return i;
    }
    return count - 1;
  };
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    normal,
    exponential: (mean) => -mean * Math.log(1 - next()),
    poisson: (mean) => poisson(mean, next, normal),
    pick,
  };
}

function poisson(mean: number, next: () => number, normal: () => number): number {
  if (mean <= 0) return 0;
  if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count += 1;
  return count;
}
