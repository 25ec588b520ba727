/** Under this a usual value is too small for a share of it to mean anything. */
const LEAST_USUAL = 5;
/** Nearer than this is as usual, in per cent. */
const NEAR = 3;
/** Beyond three times the usual nobody reads a share any more: the two values say it. */
const MOST = 200;

/** How far a value is from its usual, in whole per cent; 0: as usual; null: no share says it. */
export function shareOff(value: number | null, usual: number): number | null {
  if (value === null || usual < LEAST_USUAL) return null;
  const off = Math.round((value / usual - 1) * 100);
  if (Math.abs(off) < NEAR) return 0;
  return off > MOST ? null : off;
}
