import type { Absence } from '#shared/model/absence.ts';
import { METRICS, type MetricMeasure, type MetricName } from '#shared/model/metrics.ts';
import { SAFE_CONTACTS, type IndicatorRule, type Rules } from '#shared/model/rules.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';

/** A rule made ready: its metric known to exist, its times as minutes of the day. */
export interface ReadyRule {
  readonly rule: IndicatorRule;
  readonly index: number;
  readonly metric: MetricName;
  readonly measure: MetricMeasure;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly escalates: readonly Rules['escalators'][number][];
}

const minutes = (hhmm: string) => {
  const [hours = 0, rest = 0] = hhmm.split(':').map(Number);
  return hours * 60 + rest;
};

/** Cut-offs that the rules state as multiples of one of their parameters, in the metric's own unit. */
function ownCutoffs({ against, cutoffs }: IndicatorRule, { parameters }: Rules): IndicatorRule['cutoffs'] {
  if (against !== 'safe-contacts') return cutoffs;
  const safe = parameters?.safeContacts ?? SAFE_CONTACTS;
  return [cutoffs[0] * safe, cutoffs[1] * safe, cutoffs[2] * safe];
}

export function readyRules(rules: Rules): readonly ReadyRule[] {
  return rules.indicators.flatMap((rule, index): ReadyRule[] => {
    if (!Object.hasOwn(METRICS, rule.metric)) return [];
    const metric = rule.metric as MetricName;
    return [
      {
        rule: { ...rule, cutoffs: ownCutoffs(rule, rules) },
        index,
        metric,
        measure: METRICS[metric].measure,
        fromMinute: rule.from === undefined ? 0 : minutes(rule.from),
        toMinute: rule.to === undefined ? 1440 : minutes(rule.to),
        escalates: rules.escalators.filter((e) => e.indicator === rule.id),
      },
    ];
  });
}

export const rulesFor = (ready: readonly ReadyRule[], kind: SiteKind): readonly ReadyRule[] =>
  ready.filter(({ rule }) => rule.siteKinds.includes(kind));

/** What an indicator is judged on. `base` is the denominator behind a share (null: it has none, or it is not known). */
export interface Evidence {
  readonly value: number | null;
  readonly usual: number | null;
  readonly absence: Absence | null;
  readonly detail: string | null;
  readonly base: number | null;
  readonly population: number | null;
}

export type Cutoffs = readonly [number, number, number];

/** `idle`: it says nothing now (too few calls, not its time of day), which is no lack of data. */
export type Judgement =
  | { readonly kind: 'judged'; readonly points: number; readonly cutoffs: Cutoffs }
  | { readonly kind: 'absent'; readonly absence: Absence; readonly detail: string | null }
  | { readonly kind: 'idle' };

/** Cut-offs in the metric's own unit as they apply to this site now; null where the own normal or list size is unknown. */
export function resolveCutoffs(rule: IndicatorRule, usual: number | null, population: number | null): Cutoffs | null {
  const [a, b, c] = rule.cutoffs;
  switch (rule.against) {
    case 'absolute':
    case 'safe-contacts':
      return [a, b, c];
    case 'usual-ratio':
      return usual === null ? null : [a * usual, b * usual, c * usual];
    case 'usual-difference':
      return usual === null ? null : [a + usual, b + usual, c + usual];
    case 'per-1000': {
      const thousands = population === null ? 0 : population / 1000;
      return thousands > 0 ? [a * thousands, b * thousands, c * thousands] : null;
    }
  }
}

/** Points 0-3: one for each cut-off reached (`high`: at or above; `low`: at or below). Worse never gives fewer. */
export function pointsFor(direction: IndicatorRule['direction'], cutoffs: Cutoffs, value: number): number {
  let points = 0;
  for (const cutoff of cutoffs) if (direction === 'high' ? value >= cutoff : value <= cutoff) points += 1;
  return points;
}

export function judge(ready: ReadyRule, evidence: Evidence, minute: number): Judgement {
  const { rule } = ready;
  if (minute < ready.fromMinute || minute >= ready.toMinute) return { kind: 'idle' };
  if (evidence.value === null) {
    // A share without enough calls behind it is not missing: there is nothing to say yet.
    if (evidence.absence === null) return { kind: 'idle' };
    return { kind: 'absent', absence: evidence.absence, detail: evidence.detail };
  }
  if (rule.minimumBase !== undefined && evidence.base !== null && evidence.base < rule.minimumBase) {
    return { kind: 'idle' };
  }
  const cutoffs = resolveCutoffs(rule, evidence.usual, evidence.population);
  if (!cutoffs) return { kind: 'absent', absence: 'not-reported', detail: 'no-normal' };
  return { kind: 'judged', points: pointsFor(rule.direction, cutoffs, evidence.value), cutoffs };
}
