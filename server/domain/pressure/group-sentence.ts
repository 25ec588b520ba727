import type { Driver } from '#shared/model/unit.ts';
import { round } from './score.ts';
import { capitalised, fillPhrase, sayCount, sayUsual, sayValue } from './phrases.ts';
import type { ReadyRule } from './indicators.ts';
import { COUNT_BEHIND, type ValueOf } from './drivers.ts';

/** What a group can say of itself; null where too few parts report it. */
export interface GroupFacts {
  readonly closed: boolean;
  readonly known: boolean;
  readonly coverage: number;
  readonly minimumCoverage: number;
  readonly practices: number;
  readonly waitSeconds: number | null;
  readonly usualWaitSeconds: number | null;
  readonly withoutSlots: { readonly count: number; readonly of: number } | null;
  /** Free hub slots still to come before 8pm; null where no hub reports. */
  readonly hubSlotsBefore8pm: number | null;
}

const percent = (share: number) => `**${Math.round(share * 100)}%**`;

function callersWait({ waitSeconds, usualWaitSeconds }: GroupFacts): string | null {
  if (waitSeconds === null) return null;
  const value = waitSeconds < 30 ? null : sayValue(Math.max(60, waitSeconds), 'seconds');
  if (value === null) return 'callers hardly wait';
  if (usualWaitSeconds === null) return `callers wait **${value}**`;
  return `callers wait **${value}** against a usual ${sayUsual(Math.max(60, usualWaitSeconds), Math.max(60, waitSeconds), 'seconds')}`;
}

function withoutSlots(facts: GroupFacts): string | null {
  const { withoutSlots: without } = facts;
  if (!without || without.of === 0 || without.count === 0) return null;
  const counted = `**${sayCount(without.count)} of ${sayCount(without.of)}**`;
  return `${counted} ${without.of === 1 ? 'practice' : 'practices'} ${without.count === 1 ? 'has' : 'have'} no same-day slot left`;
}

function hubSlots(facts: GroupFacts): string | null {
  const free = facts.hubSlotsBefore8pm;
  if (free === null) return null;
  if (free === 0) return 'No free hub slot before 8pm';
  return `**${sayCount(free)} free hub ${free === 1 ? 'slot' : 'slots'}** before 8pm`;
}

/** What a place or system says of itself: only what the data support. */
export function groupSentence(facts: GroupFacts): string {
  const hub = hubSlots(facts);
  const sentences: string[] = [];
  if (facts.practices === 0) {
    sentences.push('No practice belongs to it');
  } else if (facts.closed) {
    sentences.push(
      facts.practices === 1
        ? 'Its practice is closed now'
        : `Its ${sayCount(facts.practices)} practices are closed now`,
    );
  } else if (!facts.known) {
    sentences.push(
      `Unknown: practices with ${percent(facts.coverage)} of patients report, and ${percent(facts.minimumCoverage)} are needed`,
    );
  } else {
    const parts = [callersWait(facts), withoutSlots(facts)].filter((part) => part !== null);
    if (parts.length > 0) sentences.push(capitalised(parts.join(', and ')));
  }
  if (hub !== null) sentences.push(hub);
  if (facts.known && !facts.closed && facts.coverage < 0.95) {
    sentences.push(`Judged on ${percent(facts.coverage)} of patients`);
  }
  return sentences.map((s) => `${s}.`).join(' ');
}

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
        ? `${bold(`${sayCount(without)} of ${sayCount(of)}`)} ${of === 1 ? 'practice' : 'practices'} without a same-day slot`
        : `${sayCount(without)} of ${sayCount(of)} without slots`.replace(
            /^(\S+) of \S+ without/,
            '$1 practices without',
          );
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
