/** A share this near its target is met. */
const NEAR_ENOUGH = 1e-5;

/**
 * Iterative proportional fitting. `base` holds `width` shares for every cell; the result keeps each cell's shares summing
 * to one and makes the shares over all cells, weighted by `weights`, equal `target`.
 */
export function rake(base: Float64Array, weights: Float64Array, target: readonly number[], rounds = 30): Float64Array {
  const width = target.length;
  const cells = weights.length;
  const shares = Float64Array.from(base);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const wanted = normalise(target);
  const column = new Float64Array(width);
  for (let round = 0; round < rounds; round++) {
    column.fill(0);
    for (let c = 0; c < cells; c++) {
      normaliseCell(shares, c * width, width, wanted);
      const weight = weights[c] ?? 0;
      for (let k = 0; k < width; k++) column[k] = (column[k] ?? 0) + weight * (shares[c * width + k] ?? 0);
    }
    if (total === 0) break;
    let off = 0;
    for (let k = 0; k < width; k++) off = Math.max(off, Math.abs((column[k] ?? 0) / total - (wanted[k] ?? 0)));
    if (off < NEAR_ENOUGH) break;
    for (let k = 0; k < width; k++) {
      const have = (column[k] ?? 0) / total;
      const factor = have > 0 ? (wanted[k] ?? 0) / have : 0;
      for (let c = 0; c < cells; c++) shares[c * width + k] = (shares[c * width + k] ?? 0) * factor;
    }
  }
  for (let c = 0; c < cells; c++) normaliseCell(shares, c * width, width, wanted);
  return shares;
}

function normalise(target: readonly number[]): number[] {
  const sum = target.reduce((total, t) => total + Math.max(0, t), 0);
  return target.map((t) => (sum > 0 ? Math.max(0, t) / sum : 1 / target.length));
}

/** A cell that lost everything (all its base shares met a zero target) falls back to the overall shares. */
function normaliseCell(shares: Float64Array, from: number, width: number, fallback: readonly number[]): void {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += shares[from + k] ?? 0;
  for (let k = 0; k < width; k++) {
    shares[from + k] = sum > 0 ? (shares[from + k] ?? 0) / sum : (fallback[k] ?? 0);
  }
}
