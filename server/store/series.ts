import type { EpochMs } from '#shared/model/time.ts';

/** A value from `at` on, until the next sample; null: absent from here on. */
export interface Sample {
  readonly at: EpochMs;
  readonly value: number | null;
}

export type Point = readonly [EpochMs, number | null];
