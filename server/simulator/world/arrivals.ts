import { BANDS } from '#shared/model/definition.ts';
import type { Random } from '../random.ts';
import { DAY_SECONDS } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { BAND_COUNT } from './national-shape.ts';

const MINUTES = DAY_SECONDS / 60;

/** Weight of every minute of the day inside its band: the rush breaks at 8:00 sharp and thins out, the evening fades. */
function minuteWeight(minute: number): number {
  if (minute < 360) return 0.4 + minute / 600;
  if (minute < 480) return 0.06 + Math.exp((minute - 480) / 14);
  if (minute < 600) return 0.55 + 1.9 * Math.exp((480 - minute) / 22);
  if (minute < 840) return 1.25 - (minute - 600) / 480;
  if (minute < 1080) return 1.15 - (minute - 840) / 420;
  if (minute < 1110) return 1.3 - (minute - 1080) / 40;
  return 0.1 + Math.exp((1110 - minute) / 60);
}

/** Cumulative minute weights, from each band's start. */
const CUMULATIVE: readonly Float64Array[] = BANDS.map((band) => {
  const sums = new Float64Array(band.to - band.from + 1);
  for (let i = 1; i < sums.length; i++) sums[i] = (sums[i - 1] ?? 0) + minuteWeight(band.from + i - 1);
  return sums;
});

export const BAND_OF_MINUTE: Uint8Array = Uint8Array.from({ length: MINUTES }, (_, minute) =>
  BANDS.findIndex((band) => minute >= band.from && minute < band.to),
);

export const bandOf = (wall: number) => BAND_OF_MINUTE[Math.min(MINUTES - 1, Math.floor(wall / 60))] ?? 0;

/** A wall second in the band, by its minute weights. */
export function secondInBand(band: number, random: Random): number {
  const sums = CUMULATIVE[band];
  const from = BANDS[band]?.from ?? 0;
  if (!sums) return from * 60;
  const wanted = random.next() * (sums[sums.length - 1] ?? 0);
  let low = 0;
  let high = sums.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) <= wanted) low = middle;
    else high = middle;
  }
  return (from + low) * 60 + Math.floor(random.next() * 60);
}

/** Wall seconds at which calls arrive, in order. `counts` are whole calls a band. */
export function arrivalTimes(counts: readonly number[], random: Random): number[] {
  const times: number[] = [];
  for (let band = 0; band < BAND_COUNT; band++) {
    for (let i = 0; i < (counts[band] ?? 0); i++) times.push(secondInBand(band, random));
  }
  return times.sort((a, b) => a - b);
}

/** The scenario's hand on the calls: more of them in a surge; none while the phones are down, some again afterwards. */
export function applyToArrivals(times: readonly number[], effects: SiteEffects, random: Random): number[] {
  if (effects.surges.length === 0 && effects.phonesDown.length === 0) return [...times];
  const out: number[] = [];
  const arrive = (wall: number) => {
    const down = effects.phonesDown.find((event) => wall >= event.start && wall < event.stop);
    if (!down) out.push(wall);
    else if (random.next() < (down.redial ?? 0.5)) {
      out.push(Math.min(DAY_SECONDS - 1, Math.floor(down.stop + random.exponential(1500))));
    }
  };
  for (const wall of times) {
    arrive(wall);
    for (const surge of effects.surges) {
      if (wall < surge.start || wall >= surge.stop) continue;
      const extra = surge.factor - 1;
      const copies = Math.floor(extra) + (random.next() < extra % 1 ? 1 : 0);
      for (let i = 0; i < copies; i++) arrive(Math.min(surge.stop - 1, wall + Math.floor(random.next() * 120)));
    }
  }
  return out.sort((a, b) => a - b);
}

/** How short of hands the practice's phones are at `wall`: 0 as usual, towards 1 nobody. */
export function strainAt(wall: number, effects: SiteEffects): number {
  let hands = 1;
  // A rush that has passed leaves its queue behind for another half hour.
  const tail = 1800;
  for (const event of effects.absences) {
    if (event.staff !== 'clinical' && wall >= event.start && wall < event.stop + tail) hands *= 1 - event.share;
  }
  for (const event of effects.surges) {
    if (wall >= event.start && wall < event.stop + tail) hands /= event.factor;
  }
  return 1 - Math.max(0.1, hands);
}
