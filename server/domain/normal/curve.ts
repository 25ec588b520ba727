import { BANDS } from '#shared/model/definition.ts';

const MINUTES = 1440;
/** Bands between which calls pass without a jump: 8am to 6:30pm. Phones open and close at the ends. */
const CORE_FROM = 2;
const CORE_TO = 7;

/**
 * Heights (per minute) at the edges of the core bands, such that straight lines between them keep each band's total. One
 * height is free; it is chosen for the least bend. Null where a line would pass below nothing.
 */
function coreHeights(bands: readonly number[]): number[] | null {
  const rates = BANDS.slice(CORE_FROM, CORE_TO + 1).map((b, i) => (bands[CORE_FROM + i] ?? 0) / (b.to - b.from));
  // v[i+1] = 2 r[i] - v[i]: v[i] = c[i] + s[i] x free, with s alternating.
  const c = [0];
  for (const rate of rates) c.push(2 * rate - (c.at(-1) ?? 0));
  const sign = (i: number) => (i % 2 === 0 ? 1 : -1);
  let over = 0;
  let under = 0;
  for (let i = 0; i + 1 < c.length; i += 1) {
    const dc = (c[i + 1] ?? 0) - (c[i] ?? 0);
    const ds = sign(i + 1) - sign(i);
    over -= dc * ds;
    under += ds * ds;
  }
  const free = over / under;
  const heights = c.map((value, i) => value + sign(i) * free);
  return heights.every((h) => h >= 0) ? heights : null;
}

/** Running total by minute of the day (1,441 values, the first 0), from the totals of the nine published bands. */
export function cumulative(bands: readonly number[]): Float64Array {
  const sums = new Float64Array(MINUTES + 1);
  const heights = coreHeights(bands);
  BANDS.forEach((band, index) => {
    const length = band.to - band.from;
    const flat = (bands[index] ?? 0) / length;
    const core = index >= CORE_FROM && index <= CORE_TO && heights !== null;
    const left = core ? (heights[index - CORE_FROM] ?? flat) : flat;
    const right = core ? (heights[index - CORE_FROM + 1] ?? flat) : flat;
    for (let m = 0; m < length; m += 1) {
      const rate = left + ((right - left) * (m + 0.5)) / length;
      sums[band.from + m + 1] = (sums[band.from + m] ?? 0) + rate;
    }
  });
  return sums;
}

/** Running total at a fractional minute. */
export function totalAt(curve: Float64Array, minute: number): number {
  if (minute <= 0) return 0;
  if (minute >= MINUTES) return curve[MINUTES] ?? 0;
  const whole = Math.floor(minute);
  const a = curve[whole] ?? 0;
  return a + ((curve[whole + 1] ?? a) - a) * (minute - whole);
}

export function bandOf(minute: number): number {
  const index = BANDS.findIndex((b) => minute < b.to);
  return index === -1 ? BANDS.length - 1 : index;
}
