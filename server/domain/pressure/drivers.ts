import type { MetricName } from '#shared/model/metrics.ts';
import type { Driver } from '#shared/model/unit.ts';
import { fillPhrase, type PhraseFacts } from './phrases.ts';
import type { Judged, SiteScore } from './score.ts';

/** The metric whose count stands behind a share or rate, for `{count}`. */
export const COUNT_BEHIND: Partial<Record<MetricName, MetricName>> = {
  'slots.left-share': 'slots.free',
  'slots.left-behind': 'slots.free',
  'slots.exhausted-early': 'slots.free',
  'online.per-1000': 'online.open',
  'callbacks.per-1000': 'callbacks.waiting',
};

/** Reads another metric of the same unit; null when absent. */
export type ValueOf = (metric: MetricName) => number | null;

function factsOf({ ready, evidence }: Judged, valueOf: ValueOf): PhraseFacts {
  const behind = COUNT_BEHIND[ready.metric];
  return {
    measure: ready.measure,
    value: evidence.value ?? 0,
    usual: evidence.usual,
    ranOutAt: ready.metric.startsWith('slots.') ? valueOf('slots.exhausted-at') : null,
    count: behind ? valueOf(behind) : null,
    target: ready.metric === 'iuc.queue-overrun' ? valueOf('iuc.overrun-target') : null,
  };
}

const weighted = (j: Judged) => (j.points ?? 0) * j.ready.rule.weight;

/** Indicators that give points, most points x weight first; the order of the rules decides between equals. */
export function givingPoints(score: SiteScore): readonly Judged[] {
  return score.judged.filter((j) => weighted(j) > 0).sort((a, b) => weighted(b) - weighted(a));
}

export function siteDrivers(score: SiteScore, valueOf: ValueOf): Driver[] {
  return givingPoints(score).map((j) => ({
    indicator: j.ready.rule.id,
    points: j.points ?? 0,
    value: j.evidence.value,
    text: j.held
      ? `${j.ready.rule.label.toLowerCase()} has gone quiet and keeps its last points`
      : fillPhrase(j.ready.rule.sentence, factsOf(j, valueOf)),
  }));
}

/** At most four words for a wall; empty when nothing gives points. */
export function siteBrief(score: SiteScore, valueOf: ValueOf): string {
  const top = givingPoints(score).find((j) => !j.held);
  return top ? fillPhrase(top.ready.rule.brief, factsOf(top, valueOf)) : '';
}
