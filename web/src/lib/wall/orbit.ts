export const ORBIT_STEP_MS = 40_000;
const RADIUS = 12;
/** 36 steps of about 2 px round a ring of 24 px. */
const STEPS = 36;

/** Where the frame stands, in design pixels, `elapsedMs` after start: no edge rests on the same pixels (burn-in). Even whole pixels. */
export function orbitAt(elapsedMs: number): { x: number; y: number } {
  const angle = (Math.floor(elapsedMs / ORBIT_STEP_MS) / STEPS) * 2 * Math.PI;
  const even = (v: number) => Math.round((v * RADIUS) / 2) * 2 + 0;
  return { x: even(Math.cos(angle)), y: even(Math.sin(angle)) };
}
