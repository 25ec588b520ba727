import Type, { type Static } from 'typebox';
import type { EpochMs } from './time.ts';

/**
 * A run of the demonstration: what `run.json` in the data folder holds. The supervisor owns it, server and simulator
 * read it. Every stored row carries `run`, so that simulated data never enters real normals.
 */
export const RunSchema = Type.Object({
  run: Type.String(),
  system: Type.String(),
  simulated: Type.Boolean(),
  seed: Type.Integer({ minimum: 0 }),
  scenario: Type.Union([Type.String(), Type.Null()]),
  /** Affine clock: product time = `start` + (real - `realEpoch`) x `speed`. */
  clock: Type.Object({
    start: Type.Number(),
    realEpoch: Type.Number(),
    speed: Type.Number({ exclusiveMinimum: 0, maximum: 600 }),
  }),
  /** Product time at which the run began: the simulated world is fast-forwarded from the midnight before it. */
  began: Type.Number(),
});
export type Run = Static<typeof RunSchema>;

/** Product time at real time `realNow`. */
export function affineNow(clock: Run['clock'], realNow: number): EpochMs {
  return Math.floor(clock.start + (realNow - clock.realEpoch) * clock.speed);
}
