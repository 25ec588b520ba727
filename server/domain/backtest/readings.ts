import { ABSENCES, type Absence } from '#shared/model/absence.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Evidence } from '../pressure/indicators.ts';
import { QUIET } from '../quiet.ts';
import { steadyUsual } from '../rounding.ts';
import type { PlanRule, PlanSite } from './plan.ts';

const NEVER_HEARD = 255;
const NOT_REPORTED = 1 + ABSENCES.indexOf('not-reported');
const CLOSED = 1 + ABSENCES.indexOf('closed');

/** What is known of a site at one moment of the past: the values that stand, and what is usual. */
export interface Readings {
  readonly values: Float64Array;
  /** Numbers as in the history; 255: never heard of. */
  readonly absences: Uint8Array;
  readonly usuals: Float64Array;
}

/**
 * Between which values of each metric no indicator of any side changes its verdict, while nothing else changes: most of
 * what is told lies within and need not be judged again. Empty (`low` Infinity) where nothing is known of it.
 */
export interface Fences {
  readonly low: Float64Array;
  /** Excluded. */
  readonly high: Float64Array;
}

export function createReadings(site: PlanSite): Readings {
  const count = site.metrics.length;
  return {
    values: new Float64Array(count).fill(NaN),
    absences: new Uint8Array(count).fill(NEVER_HEARD),
    usuals: new Float64Array(count).fill(NaN),
  };
}

/** `roundFor` a metric of known scale. */
export const rounded = (value: number, scale: number): number => Math.round(value * scale) / scale;

/** Takes in one sample; false where it can change no verdict. Values are judged rounded, as they are published. */
export function takeSample(
  site: PlanSite,
  readings: Readings,
  fences: Fences,
  place: number,
  raw: number,
  absence: number,
): boolean {
  const before = readings.values[place] ?? NaN;
  if (Number.isNaN(raw)) {
    if (Number.isNaN(before) && readings.absences[place] === absence) return false;
    readings.values[place] = NaN;
    readings.absences[place] = absence;
    return true;
  }
  const value = rounded(raw, site.metrics[place]?.scale ?? 1);
  readings.values[place] = value;
  readings.absences[place] = 0;
  const within = value >= (fences.low[place] ?? Infinity) && value < (fences.high[place] ?? -Infinity);
  return value !== before && !within;
}

/** A new London day: since-midnight totals of yesterday no longer stand. */
export function endCounters(site: PlanSite, readings: Readings): void {
  site.metrics.forEach(({ counter }, place) => {
    if (!counter || Number.isNaN(readings.values[place] ?? NaN)) return;
    readings.values[place] = NaN;
    readings.absences[place] = NOT_REPORTED;
  });
}

/** Asks what is usual now; true where it has moved by what a reader would notice. */
export function askUsual(
  site: PlanSite,
  readings: Readings,
  place: number,
  at: EpochMs,
  usualOf: (site: string, metric: PlanSite['metrics'][number]['name'], at: EpochMs) => number | null,
): boolean {
  const metric = site.metrics[place];
  if (!metric) return false;
  const before = readings.usuals[place] ?? NaN;
  const found = usualOf(site.def.id, metric.name, at);
  const now = steadyUsual(Number.isNaN(before) ? undefined : before, found, metric.measure) ?? NaN;
  if (Object.is(before, now)) return false;
  readings.usuals[place] = now;
  return true;
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** Null where nothing is missing: it has a value, or nothing to say. */
export function absenceAt(site: PlanSite, readings: Readings, place: number): Absence | null {
  const code = readings.absences[place] ?? 0;
  if (code === NEVER_HEARD) return site.metrics[place]?.expected === true ? 'not-reported' : null;
  // Open and yet told closed: the minute of opening, which the history hears of with the next one.
  if (code === 0 || code === QUIET || code === CLOSED) return null;
  return ABSENCES[code - 1] ?? 'not-reported';
}

/** What an indicator is judged on, as the board would be told: what `verdictOf` says is held to it. */
export function evidenceOf(site: PlanSite, readings: Readings, rule: PlanRule): Evidence {
  const value = known(readings.values[rule.metric]);
  return {
    value,
    usual: known(readings.usuals[rule.metric]),
    absence: value === null ? absenceAt(site, readings, rule.metric) : null,
    detail: null,
    base: baseOf(readings, rule, value),
    population: site.practice ? site.population : null,
  };
}

function baseOf(readings: Readings, rule: PlanRule, value: number | null): number | null {
  return value === null ? known(readings.values[rule.base]) : known(baseBehind(readings, rule, value));
}

/** The denominator behind a value; NaN: it has none, or it is not known. */
export function baseBehind(readings: Readings, rule: PlanRule, value: number): number {
  const base = rule.base < 0 ? NaN : (readings.values[rule.base] ?? NaN);
  // Calls against usual stand on the calls expected, of which the history has the two figures that give them.
  return rule.entangled && value > 0 ? base / value : base;
}

/** Real period in which the site's most frequent living feed tells something; Infinity: none lives. */
export function readingEveryMs(site: PlanSite, readings: Readings): number {
  let least = Infinity;
  for (let place = 0; place < site.metrics.length; place += 1) {
    const { everyMs = Infinity } = site.metrics[place] ?? {};
    if (everyMs < least && !Number.isNaN(readings.values[place] ?? NaN)) least = everyMs;
  }
  return least;
}
