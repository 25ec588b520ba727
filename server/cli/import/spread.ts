/** A number from a text, the same on every machine (FNV-1a, 32 bit): for sharing things out without chance. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // FNV's low bits are poor for texts that differ in their last letter only, as codes do.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** One of `shares` by its weight, always the same one for the same text. */
export function pickByShare<T extends string>(text: string, shares: Readonly<Record<T, number>>): T {
  const entries = Object.entries(shares) as [T, number][];
  const total = entries.reduce((sum, [, share]) => sum + share, 0);
  let left = ((hashText(text) % 10_000) / 10_000) * total;
  for (const [name, share] of entries) {
    left -= share;
    if (left < 0) return name;
  }
  const last = entries.at(-1);
  if (!last) throw new RangeError('nothing to pick from');
  return last[0];
}

/** `total` whole units shared in proportion to `weights`, adding up exactly (largest remainders). */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const floors = exact.map(Math.floor);
  const missing = total - floors.reduce((a, b) => a + b, 0);
  const order = exact
    .map((value, i) => ({ i, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  const extra = new Set(order.slice(0, missing).map(({ i }) => i));
  return floors.map((floor, i) => floor + (extra.has(i) ? 1 : 0));
}
