import { METRIC_NAMES, METRICS, type MetricName } from '#shared/model/metrics.ts';

/** First lanes of a group: sums over the practices beneath it. */
export const HEAD = {
  practices: 0,
  reporting: 1,
  open: 2,
  openPopulation: 3,
  knownPopulation: 4,
  scored: 5,
  distressed: 6,
  lastPopulation: 7,
  lastScored: 8,
  lastDistressed: 9,
  services: 10,
  /** These two are maxima, -1 for none. */
  worst: 11,
  lastWorst: 12,
  /** Population at level 4. */
  extreme: 13,
  lastExtreme: 14,
  /** Practices at levels 1 to 4: four lanes. */
  atLevel: 15,
  /** Population of open practices in the most deprived fifth and in the others, and of them the known. */
  most: 19,
  mostKnown: 20,
  others: 21,
  othersKnown: 22,
  /** Population x share of doubt, by its kind. */
  missing: 23,
  held: 24,
  estimated: 25,
  thin: 26,
  /** Practices that declare a level, above and below the computed one. */
  declared: 27,
  declaredHigher: 28,
  declaredLower: 29,
} as const;
const HEAD_LANES = 30;
const MAXIMA: ReadonlySet<number> = new Set([HEAD.worst, HEAD.lastWorst]);

/** Lanes of one metric. `sum` is a maximum (-1: none) where the catalogue folds by maximum. */
export const LANE = { sum: 0, den: 1, cover: 2, expected: 3, usual: 4, usualDen: 5 } as const;
export const METRIC_LANES = 6;

export const FOLDED: readonly MetricName[] = METRIC_NAMES.filter((m) => METRICS[m].group !== 'none');
const PLACE = new Map(FOLDED.map((m, i) => [m, HEAD_LANES + i * METRIC_LANES]));
export const RULES_FROM = HEAD_LANES + FOLDED.length * METRIC_LANES;
export const metricLane = (metric: MetricName, lane: keyof typeof LANE): number =>
  (PLACE.get(metric) ?? 0) + LANE[lane];
export const ruleLane = (rule: number, lane: 0 | 1): number => RULES_FROM + rule * 2 + lane;

/** Which lanes fold by maximum rather than by sum. */
export const maxima = (length: number): Uint8Array => {
  const flags = new Uint8Array(length);
  for (const lane of MAXIMA) flags[lane] = 1;
  for (const metric of FOLDED) if (METRICS[metric].group === 'max') flags[metricLane(metric, 'sum')] = 1;
  return flags;
};

/** Site metric that a group's own metric stands for where sites have none of its name. */
export const SOURCE: Partial<Record<MetricName, MetricName>> = { 'calls.wait': 'calls.longest-wait' };

export const present = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);
export const add = (lanes: Float64Array, lane: number, value: number) => {
  lanes[lane] = (lanes[lane] ?? 0) + value;
};
export const raise = (lanes: Float64Array, lane: number, value: number) => {
  if (value > (lanes[lane] ?? -1)) lanes[lane] = value;
};
