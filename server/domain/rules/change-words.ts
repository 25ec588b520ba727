import { countNoun } from '#shared/model/count-nouns.ts';
import { isMetricName, metricSpec, type MetricMeasure } from '#shared/model/metrics.ts';
import type { IndicatorRule, Rules } from '#shared/model/rules.ts';

/** What each setting is called where people read of its change. Paths with `/`; of an indicator, without its id. */
const NAMES: Readonly<Record<string, string>> = {
  'levels/0': 'Level 2 starts at',
  'levels/1': 'Level 3 starts at',
  'levels/2': 'Level 4 starts at',
  minimumCoverage: 'Least coverage for a level',
  'hysteresis/riseAfter': 'Readings before a rise',
  'hysteresis/fallMargin': 'Margin under a level before it falls',
  'hysteresis/fallAfterMinutes': 'Wait before a fall',
  'hysteresis/fallStepMinutes': 'Wait between falls',
  uplift: 'Uplift for concentrated distress',
  'concentrated/part': 'Concentrated distress: level of a part',
  'concentrated/least': 'Concentrated distress: least level of the group',
  'concentrated/share': 'Concentrated distress: share of patients',
  'deprivation/gap': 'Gap at which the most deprived are missing',
  'parameters/safeContacts': 'Safe contacts a clinician and day',
};
const FIELDS: Readonly<Record<string, string>> = {
  label: 'name',
  metric: 'metric',
  siteKinds: 'kinds of site',
  direction: 'direction',
  against: 'measured against',
  'cutoffs/0': 'first cut-off',
  'cutoffs/1': 'second cut-off',
  'cutoffs/2': 'third cut-off',
  weight: 'weight',
  sentence: 'sentence',
  brief: 'words on walls',
  from: 'counts from',
  to: 'counts until',
  minimumBase: 'least number behind it',
};
const PER_CENT: readonly string[] = ['minimumCoverage', 'concentrated/share', 'deprivation/gap'];
const MINUTES: readonly string[] = ['hysteresis/fallAfterMinutes', 'hysteresis/fallStepMinutes'];
/** Seconds are written in minutes, as in the field that they are typed into. */
const UNITS: Readonly<Record<MetricMeasure, string>> = {
  count: '',
  seconds: ' min',
  minutes: ' min',
  share: ' %',
  ratio: '',
  'per-1000': ' per 1,000',
  'epoch-ms': ' ms',
};

/** Up to twelve figures: what binary fractions add beyond them is nobody's cut-off. */
const figure = (value: number): string => String(Number(value.toPrecision(12)));
const signed = (value: number): string => (value < 0 ? `− ${figure(-value)}` : `+ ${figure(value)}`);

function cutoffWords(value: number, { against, metric }: IndicatorRule): string {
  const measure = isMetricName(metric) ? metricSpec(metric).measure : 'count';
  const amount = value * (measure === 'share' ? 100 : measure === 'seconds' ? 1 / 60 : 1);
  const unit = measure === 'count' ? ` ${countNoun(metric)}`.trimEnd() : UNITS[measure];
  switch (against) {
    case 'usual-ratio':
      return `${figure(value)} × usual`;
    case 'usual-difference':
      return `usual ${signed(amount)}${unit}`;
    case 'per-1000':
      return `${figure(value)} per 1,000`;
    case 'absolute':
      return `${figure(amount)}${unit}`;
    default:
      return `${figure(value)} × the safe number`;
  }
}

const plain = (value: unknown): string => {
  if (typeof value === 'number') return figure(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A setting's value for people; null where it is not set. */
export function settingWords(path: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && PER_CENT.includes(path)) return `${figure(value * 100)} %`;
  if (typeof value === 'number' && MINUTES.includes(path)) return `${figure(value)} min`;
  return plain(value);
}

/** The same of an indicator, in the unit that its cut-offs are written in. */
export function fieldWords(path: string, value: unknown, indicator: IndicatorRule): string | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && path.startsWith('cutoffs/')) return cutoffWords(value, indicator);
  return path === 'sentence' || path === 'brief' ? `“${plain(value)}”` : plain(value);
}

/** A setting that was given no name here is called as it is written. */
export const settingName = (path: string): string => NAMES[path] ?? path.replaceAll('/', ' ');
export const fieldName = (path: string): string => FIELDS[path] ?? path.replaceAll('/', ' ');

/** A whole indicator in one line. */
export function indicatorWords(indicator: IndicatorRule): string {
  const cutoffs = indicator.cutoffs.map((cutoff) => cutoffWords(cutoff, indicator)).join(', ');
  return `${indicator.metric} at ${indicator.siteKinds.join(', ')}: ${cutoffs}; weight ${figure(indicator.weight)}`;
}

export const escalatorWords = (escalator: Rules['escalators'][number], labelOf: (id: string) => string): string =>
  `${labelOf(escalator.indicator)} at ${escalator.points} points forces level ${escalator.level}`;
