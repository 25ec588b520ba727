/**
 * Urgent same-day need behind an answered call: 104 urgent same-day appointments per 1,000 patients a month over 21
 * working days, against 27.7 calls per 1,000 a working day of which 62.1 % are answered (published practice medians).
 */
export const SAME_DAY_NEED_PER_ANSWERED = 104 / 21 / (27.7 * 0.621);

/**
 * Patients waiting without a slot, estimated: same-day need of the calls answered since slots ran out, less what was
 * booked since then all the same, or placed at a hub. Counts are of today; never below 0.
 */
export function waitingWithoutSlot(answeredSince: number, bookedSince: number, placedSince: number): number {
  const helped = Math.max(0, bookedSince) + Math.max(0, placedSince);
  return Math.max(0, Math.round(answeredSince * SAME_DAY_NEED_PER_ANSWERED - helped));
}

/** Part of all appointments in general practice that GPs themselves hold (England, October 2022). */
export const GP_SHARE = 0.458;

/** Part of a whole, or null where the whole is nothing: no call is not a share of 0. */
export const shareOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
