import { METRIC_NAMES } from '#shared/model/metrics.ts';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import type { MetricState, Unit } from '#shared/model/unit.ts';
import { SOURCE } from './lanes.ts';
import { METRIC_INDEX } from './layout.ts';
import type { MetricNow } from './metric-state.ts';
import { absenceCode, type MetricName } from './state.ts';

/**
 * What is published of every metric, once more as numbers: most metrics are as they were each time they are looked at, and
 * that is seen here without reading one of their objects, which come in too many forms to be read fast.
 */
export interface Shown {
  /** Whether `now` is what is published of a unit's metric. */
  stands(index: number, metric: number, now: MetricNow): boolean;
  /** Takes note of what goes out in its place. */
  note(index: number, metric: number, now: MetricNow): void;
  usual(index: number, metric: number): number | undefined;
  /** Code of the published absence. */
  absence(index: number, metric: number): number;
  estimated(index: number, metric: number): boolean;
  /** Whether a direct part of a group has come to be absent otherwise, or estimated otherwise, since this was last asked. */
  takeStirred(group: number, metric: number): boolean;
  forget(): void;
}

const METRICS = METRIC_NAMES.length;
const ESTIMATED = 0x80;
const NEVER = 0x7f;
/** By a site's metric: the group's metric that it stands for, besides the one of its name. */
const STANDS_FOR = METRIC_NAMES.map((name) => METRIC_NAMES.findIndex((group) => SOURCE[group] === name));

/** How a metric is absent and whether it is an estimate, in one byte. */
const codeFor = ({ value, absence, estimated }: MetricNow): number =>
  absenceCode(absence) | (estimated && value !== null ? ESTIMATED : 0);

const sameNumber = (a: number | undefined, b: number): boolean => a === b || (a !== a && b !== b);

/** `parents`: by unit, -1 for none. */
export function createShown(units: readonly Unit[], parents: Int32Array): Shown {
  const places = units.length * METRICS;
  const numbers = () => new Float64Array(places).fill(NaN);
  // One array for all units: thousands of small ones would weigh more than what is in them.
  const [values, usuals, coverages, lastValues, lastAts] = [numbers(), numbers(), numbers(), numbers(), numbers()];
  const codes = new Uint8Array(places).fill(NEVER);
  const details = new Array<string | null>(places).fill(null);
  const feeds = new Array<string | undefined>(places).fill(undefined);
  const stirred = new Uint8Array(places);
  const read = new Uint8Array(units.length);
  const keep = (place: number, now: MetricNow) => {
    values[place] = now.value ?? NaN;
    usuals[place] = now.usual ?? NaN;
    coverages[place] = now.coverage ?? NaN;
    lastValues[place] = now.last?.value ?? NaN;
    lastAts[place] = now.last?.at ?? NaN;
    details[place] = now.detail;
    feeds[place] = now.feed;
    codes[place] = codeFor(now);
  };
  const readUnit = (index: number) => {
    read[index] = 1;
    const metrics = units[index]?.metrics ?? {};
    for (const name of Object.keys(metrics)) {
      const metric = metrics[name];
      const i = METRIC_INDEX[name as MetricName];
      if (metric) keep(index * METRICS + i, nowOf(metric));
    }
  };
  const placeOf = (index: number, metric: number): number => {
    if (read[index] === 0) readUnit(index);
    return index * METRICS + metric;
  };
  const stir = (index: number, metric: number) => {
    const parent = parents[index] ?? -1;
    if (parent < 0) return;
    stirred[parent * METRICS + metric] = 1;
    const also = STANDS_FOR[metric] ?? -1;
    if (also >= 0) stirred[parent * METRICS + also] = 1;
  };
  return {
    stands(index, metric, now) {
      const place = placeOf(index, metric);
      const { last } = now;
      return (
        codes[place] === codeFor(now) &&
        sameNumber(values[place], now.value ?? NaN) &&
        sameNumber(usuals[place], now.usual ?? NaN) &&
        sameNumber(coverages[place], now.coverage ?? NaN) &&
        details[place] === now.detail &&
        feeds[place] === now.feed &&
        sameNumber(lastValues[place], last === null ? NaN : last.value) &&
        sameNumber(lastAts[place], last === null ? NaN : last.at)
      );
    },
    note(index, metric, now) {
      const place = placeOf(index, metric);
      const before = codes[place];
      keep(place, now);
      if (codes[place] !== before) stir(index, metric);
    },
    usual(index, metric) {
      const usual = usuals[placeOf(index, metric)] ?? NaN;
      return Number.isNaN(usual) ? undefined : usual;
    },
    absence(index, metric) {
      const code = (codes[placeOf(index, metric)] ?? NEVER) & NEVER;
      return code === NEVER ? 0 : code;
    },
    estimated: (index, metric) => ((codes[placeOf(index, metric)] ?? 0) & ESTIMATED) !== 0,
    takeStirred(group, metric) {
      const place = group * METRICS + metric;
      const was = stirred[place] === 1;
      stirred[place] = 0;
      return was;
    },
    forget() {
      codes.fill(NEVER);
      for (const array of [values, usuals, coverages, lastValues, lastAts]) array.fill(NaN);
      details.fill(null);
      feeds.fill(undefined);
      stirred.fill(1);
      read.fill(0);
    },
  };
}

const nowOf = ({ value, absence, detail, last, usual, feed, coverage, estimated }: MetricState): MetricNow => ({
  value,
  absence,
  detail: detail ?? null,
  last: last ? { value: last.value, at: instantAt(last.observedAt) } : null,
  usual,
  feed,
  coverage,
  estimated: estimated === true,
});

const instantAt = (text: string | null): EpochMs => (text === null ? NaN : fromInstant(text));
