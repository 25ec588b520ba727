import { HOUR, MINUTE } from '$shared/model/time';

const SECOND = 1000;
const DAY = 24 * HOUR;
const LEAST = SECOND;
const MOST = 7 * DAY;

/** Ticks of the shared scale. */
export const AGE_TICKS: readonly { readonly ms: number; readonly label: string }[] = [
  { ms: SECOND, label: '1 s' },
  { ms: MINUTE, label: '1 min' },
  { ms: HOUR, label: '1 h' },
  { ms: DAY, label: '1 day' },
];

/** Where an age stands on the scale, 0 to 1: logarithmic from a second to a week, so that 4 s and 2 days share it. */
export function placeOfAge(ms: number): number {
  const share = Math.log(Math.max(LEAST, ms) / LEAST) / Math.log(MOST / LEAST);
  return Math.min(1, Math.max(0, share));
}
