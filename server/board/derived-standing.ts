import type { MetricName } from '#shared/model/metrics.ts';
import { shareOf } from '../domain/derived.ts';
import { ABSENT, type Standing } from './site-inputs.ts';

export type Derived = Standing & { readonly base?: number };
export type StandingOf = (metric: MetricName) => Standing;
export type Put = (metric: MetricName, standing: Derived) => void;

export const value = (number: number): Standing => ({
  value: number,
  absence: null,
  detail: null,
  observedAt: null,
  last: null,
});
/** To the hundredth: what moves with the clock alone is told no finer. */
export const hundredths = (number: number): Standing => value(Math.round(number * 100) / 100);

/** No call, nothing to take a share of: said, but no lack of data. */
export const QUIET: Standing = { ...ABSENT('not-reported', 'too-few'), quiet: true };
export const WARMING: Standing = { ...ABSENT('not-reported', 'too-early'), quiet: true };
export const CLOSED: Standing = ABSENT('closed', null);
/** What is made of an absent metric is absent for the same reason. */
export const like = (source: Standing): Standing => ABSENT(source.absence ?? 'not-reported', source.detail);

export const share = (part: number, whole: number): Derived => {
  const found = shareOf(part, whole);
  return found === null ? QUIET : { ...value(Math.min(1, found)), base: whole };
};

/** The first that is absent, or null. */
export const missingOf = (...standings: readonly Standing[]): Standing | null =>
  standings.find((standing) => standing.value === null) ?? null;
