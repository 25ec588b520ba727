import { BANDS } from '#shared/model/definition.ts';

const MINUTES = 1440;
const EARLY = 1;
const RUSH = 2;
/** Bands between which calls pass without a jump: 10am to 6:30pm. */
const CORE_FROM = 3;
const CORE_TO = 7;
/** How fast the 8am rush thins out, and how close to 8am early callers gather: our assumption, nothing is published. */
const RUSH_MINUTES = 20;
const EARLY_GATHERED = 0.75;

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

type Rate = (minute: number) => number;

/** Calls per minute within a band, `minute` counted from its start; always adds up to the band's published total. */
function rateWithin(band: number, bands: readonly number[], heights: readonly number[] | null): Rate {
  const { from, to } = BANDS[band] ?? BANDS[0];
  const length = to - from;
  const total = bands[band] ?? 0;
  const flat = total / length;
  const swell = (calls: number) => calls / (RUSH_MINUTES * (1 - Math.exp(-length / RUSH_MINUTES)));
  const ten = heights?.[0];
  if (band === EARLY) {
    const gathered = swell(total * EARLY_GATHERED);
    return (m) => flat * (1 - EARLY_GATHERED) + gathered * Math.exp((m - length) / RUSH_MINUTES);
  }
  if (band === RUSH && ten !== undefined && ten * length < total) {
    const rush = swell(total - ten * length);
    return (m) => ten + rush * Math.exp(-m / RUSH_MINUTES);
  }
  const left = heights?.[band - CORE_FROM];
  const right = heights?.[band - CORE_FROM + 1];
  if (band < CORE_FROM || band > CORE_TO || left === undefined || right === undefined) return () => flat;
  return (m) => left + ((right - left) * m) / length;
}

/** Running total by minute of the day (1,441 values, the first 0), from the totals of the nine published bands. */
export function cumulative(bands: readonly number[]): Float64Array {
  const sums = new Float64Array(MINUTES + 1);
  const heights = coreHeights(bands);
  BANDS.forEach((band, index) => {
    const rate = rateWithin(index, bands, heights);
    const length = band.to - band.from;
    let sum = 0;
    for (let m = 0; m < length; m += 1) sum += rate(m + 0.5);
    // Minutes stand for their middle; what that leaves over is spread, so that bands keep their totals exactly.
    const exact = sum > 0 ? (bands[index] ?? 0) / sum : 0;
    for (let m = 0; m < length; m += 1) {
      sums[band.from + m + 1] = (sums[band.from + m] ?? 0) + rate(m + 0.5) * exact;
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
  for (let band = 0; band < BANDS.length; band += 1) if (minute < (BANDS[band]?.to ?? MINUTES)) return band;
  return BANDS.length - 1;
}
