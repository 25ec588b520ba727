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

/** A line with the interval about it, where one is known. */
export interface ChartBand {
  readonly label: string;
  readonly points: readonly Point[];
  readonly low?: readonly Point[];
  readonly high?: readonly Point[];
}

/** What is usual at these times; drawn as a quiet line over a band (to zero, or between `low` and `high` where known). */
export type ChartUsual = ChartBand;

/** What is expected from now on: a dashed line, hatched between `low` and `high`. What of it is past is not drawn. */
export interface ChartForecast extends ChartBand {
  /** What the interval means: "8 in 10 likely inside". */
  readonly interval?: string;
}

/** A line across the plot with its words: "level 3 from 62". */
export interface ChartThreshold {
  readonly value: number;
  readonly label: string;
}

/** A moment on the zero line: reached, usual, or forecast with the interval (epoch ms) it may fall in. */
export interface ChartMark {
  readonly at: number;
  readonly form: 'reached' | 'usual' | 'forecast';
  /** Words before the time: "ran out". */
  readonly label: string;
  readonly low?: number;
  readonly high?: number;
}

/** Where a chart's numbers come from: what a picture or a file of it must say when it leaves the screen. */
export interface ChartAbout {
  /** Whose numbers: the unit's name. */
  readonly subject: string;
  /** Unit of measure in words: "calls a quarter hour". */
  readonly measure: string;
  readonly source: string;
  readonly simulated: boolean;
  /** Epoch ms of the newest payload behind it; null where none has come. */
  readonly newest: number | null;
}

/** What there is to draw: `stale` keeps the last picture, greyed. */
export type ChartState = 'ready' | 'loading' | 'empty' | 'failed' | 'stale';
