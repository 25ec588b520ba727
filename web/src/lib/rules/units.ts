import { countNoun } from '$shared/model/count-nouns';
import type { IndicatorRule } from '$shared/model/rules';
import { METRICS, type MetricName } from '$shared/model/metrics';

/** How a cut-off is written on the screen: shares in per cent, the rest as it is. */
export interface CutoffUnit {
  /** After the number: "%", "s", "min", "per 1,000", "× usual". */
  readonly words: string;
  /** What is shown = what is kept x this. */
  readonly factor: number;
}

const SUFFIX: Readonly<Record<string, string>> = {
  minutes: 'min',
  'per-1000': 'per 1,000',
  ratio: 'times',
};

export function unitOf(rule: Pick<IndicatorRule, 'metric' | 'against'>): CutoffUnit {
  if (rule.against === 'usual-ratio') return { words: '× usual', factor: 1 };
  if (rule.against === 'safe-contacts') return { words: '× safe', factor: 1 };
  const measure = Object.hasOwn(METRICS, rule.metric) ? METRICS[rule.metric as MetricName].measure : 'count';
  if (rule.against === 'per-1000') return { words: 'per 1,000', factor: 1 };
  if (measure === 'share') return { words: rule.against === 'usual-difference' ? 'points' : '%', factor: 100 };
  if (measure === 'seconds') return { words: 'min', factor: 1 / 60 };
  if (measure === 'count') return { words: countNoun(rule.metric), factor: 1 };
  return { words: SUFFIX[measure] ?? '', factor: 1 };
}

/** As typed into a field: at most four decimals, no trailing zeros. */
export const shownNumber = (value: unknown, factor: number): string =>
  typeof value === 'number'
    ? String(Number((value * factor).toFixed(4)))
    : value === null || value === undefined
      ? ''
      : String(value);

/** What a field says: a number, or the text itself for the server to name its fault. */
export function readNumber(text: string, factor: number): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const number = Number(trimmed.replace(',', '.'));
  return Number.isFinite(number) ? Number((number / factor).toFixed(8)) : trimmed;
}

const AGAINST: Readonly<Record<IndicatorRule['against'], string>> = {
  absolute: 'by a stated figure',
  'usual-ratio': 'times its own usual',
  'usual-difference': 'beyond its own usual',
  'per-1000': 'per 1,000 patients',
  'safe-contacts': 'times the safe number of contacts',
};
export const sayAgainst = (against: string): string => AGAINST[against as IndicatorRule['against']] ?? against;
