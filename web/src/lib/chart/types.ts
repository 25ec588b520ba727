/** One value at epoch milliseconds; null is a gap and is drawn as one. */
export type Point = readonly [at: number, value: number | null];

/** Ink of a mark. Only `capacity` and `held` are colours; pressure keeps the others. */
export type Tone = 'ink' | 'ink-2' | 'ink-3' | 'quiet' | 'hatch' | 'hollow' | 'capacity' | 'held' | 'faint';

/** A measured line. `stepped` holds each value until the next one (counts that jump). */
export interface ChartLine {
  readonly label: string;
  readonly points: readonly Point[];
  readonly tone?: Tone;
  readonly width?: number;
  readonly stepped?: boolean;
  /** A dot where the measured line ends. */
  readonly lastDot?: boolean;
}

/** One layer of stacked bars; a point is the start of its bucket. Layers stack in the order given, first at the foot. */
export interface ChartBars {
  readonly label: string;
  readonly points: readonly Point[];
  readonly tone?: Tone;
}

/** What is usual at these times; drawn as a quiet line over a band (to zero, or between `low` and `high` where known). */
export interface ChartUsual {
  readonly label: string;
  readonly points: readonly Point[];
  readonly low?: readonly Point[];
  readonly high?: readonly Point[];
}

export interface ChartThreshold {
  readonly value: number;
  readonly label: string;
}

/** What there is to draw: `stale` keeps the last picture, greyed. */
export type ChartState = 'ready' | 'loading' | 'empty' | 'failed' | 'stale';
