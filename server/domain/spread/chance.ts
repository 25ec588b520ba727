/** Once in so many times chance may be taken for a lead. */
export const ONCE_IN = 20;

/**
 * How far out of the middle (in standard deviations) a value must lie so that the largest of `tried` unrelated ones
 * gets there once in twenty.
 */
export function outlying(tried: number): number {
  return normalQuantile((1 - 1 / ONCE_IN) ** (1 / Math.max(1, tried)));
}

/**
 * The correlation that the highest of `tried` unrelated ones, each over `values` values that owe nothing to each other,
 * reaches once in twenty; null where so few values allow any correlation.
 */
export function chanceCorrelation(values: number, tried: number): number | null {
  if (values <= 4) return null;
  return Math.tanh(outlying(tried) / Math.sqrt(values - 3));
}

/** Inverse of the normal distribution (Acklam's rational approximation, off by 1e-9 at most), for 0.5 <= p < 1. */
export function normalQuantile(p: number): number {
  if (p <= 0.97575) {
    const q = p - 0.5;
    const r = q * q;
    const top = poly(
      r,
      [
        -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
        2.506628277459239,
      ],
    );
    const low = poly(
      r,
      [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
    );
    return (top * q) / low;
  }
  const q = Math.sqrt(-2 * Math.log(1 - p));
  const top = poly(
    q,
    [
      -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
      2.938163982698783,
    ],
  );
  return -top / poly(q, [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1]);
}

function poly(x: number, factors: readonly number[]): number {
  return factors.reduce((sum, factor) => sum * x + factor, 0);
}
