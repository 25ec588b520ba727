import type { Driver } from '#shared/model/unit.ts';
import { COUNT_BEHIND, type ValueOf } from './drivers.ts';
import type { ReadyRule } from './indicators.ts';
import { fillPhrase, sayCount } from './phrases.ts';
import { round } from './score.ts';

/** Mean points of one indicator over a group's open practices. */
export interface MeanPoints {
  readonly ready: ReadyRule;
  readonly points: number;
}

/** Indicators that weigh most on a group's practices, most points x weight first, in the group's own figures. */
export function groupDrivers(means: readonly MeanPoints[], valueOf: ValueOf, usualOf: ValueOf, of: number): Driver[] {
  return means
    .filter(({ points }) => points >= 0.05)
    .sort((a, b) => b.points * b.ready.rule.weight - a.points * a.ready.rule.weight)
    .flatMap(({ ready, points }): Driver[] => {
      const text = groupPhrase(ready, valueOf, usualOf, of, 'sentence');
      if (text === '') return [];
      return [{ indicator: ready.rule.id, points: round(points, 1), value: valueOf(ready.metric), text }];
    });
}

/** Where a group has its own way to say what a site's rule says of one site. */
function groupPhrase(
  ready: ReadyRule,
  valueOf: ValueOf,
  usualOf: ValueOf,
  of: number,
  kind: 'sentence' | 'brief',
): string {
  const bold = (text: string) => (kind === 'sentence' ? `**${text}**` : text);
  if (ready.metric === 'slots.left-share' || ready.metric === 'slots.left-behind') {
    const without = valueOf('practices.without-slots');
    if (without !== null && without > 0) {
      return kind === 'sentence'
        ? `${bold(`${sayCount(without)} of ${sayCount(of)}`)} ${of === 1 ? 'practice' : 'practices'} ${without === 1 ? 'has' : 'have'} no same-day slot left`
        : `${sayCount(without)} ${without === 1 ? 'practice' : 'practices'} without slots`;
    }
    const free = valueOf('slots.free');
    return free === null ? '' : `${bold(sayCount(free))} same-day slots left`;
  }
  const metric = ready.metric === 'calls.longest-wait' ? 'calls.wait' : ready.metric;
  const value = valueOf(metric);
  if (value === null) return '';
  const behind = COUNT_BEHIND[ready.metric];
  const count = behind ? valueOf(behind) : null;
  return fillPhrase(kind === 'sentence' ? ready.rule.sentence : ready.rule.brief, {
    measure: ready.measure,
    value,
    usual: usualOf(metric),
    ranOutAt: null,
    count,
  });
}

export function groupBrief(means: readonly MeanPoints[], valueOf: ValueOf, usualOf: ValueOf, of: number): string {
  const top = means
    .filter(({ points }) => points >= 0.5)
    .sort((a, b) => b.points * b.ready.rule.weight - a.points * a.ready.rule.weight);
  for (const { ready } of top) {
    const text = groupPhrase(ready, valueOf, usualOf, of, 'brief');
    if (text !== '') return text;
  }
  return '';
}
