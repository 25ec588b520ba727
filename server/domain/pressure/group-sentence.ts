import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import { sayTime } from '#shared/model/time.ts';
import type { Driver, Rollup } from '#shared/model/unit.ts';
import { keptUntil, levelOf, startOf, type Standing } from './levels.ts';
import { capitalised, joined, sayCount, sayUsual, sayValue } from './phrases.ts';
import type { GroupScore } from './rollup.ts';

/** What a group can say of itself; null where too few parts report it. */
export interface GroupFacts {
  readonly score: GroupScore;
  readonly standing: Standing;
  readonly rollup: Rollup;
  readonly drivers: readonly Driver[];
  readonly practices: number;
  readonly waitSeconds: number | null;
  readonly usualWaitSeconds: number | null;
  readonly withoutSlots: { readonly count: number; readonly of: number } | null;
  /** Free hub slots still to come before 8pm; null where no hub reports. */
  readonly hubSlotsBefore8pm: number | null;
  /** Name of the worst practice, where the system shows names of practices at this height. */
  readonly worstName: string | null;
}

type SentenceRules = Pick<Rules, 'levels' | 'hysteresis' | 'minimumCoverage' | 'concentrated'>;

const percent = (share: number) => `**${Math.round(share * 100)}%**`;
const practicesOf = (count: number, of: number) =>
  `**${sayCount(count)} of ${sayCount(of)}** ${of === 1 ? 'practice' : 'practices'}`;
const higher = (a: Level, b: Level): Level => (a > b ? a : b);

function callersWait({ waitSeconds, usualWaitSeconds }: GroupFacts): string | null {
  if (waitSeconds === null) return null;
  const value = waitSeconds < 30 ? null : sayValue(Math.max(60, waitSeconds), 'seconds');
  if (value === null) return 'callers hardly wait';
  if (usualWaitSeconds === null) return `callers wait **${value}**`;
  return `callers wait **${value}** against a usual ${sayUsual(Math.max(60, usualWaitSeconds), Math.max(60, waitSeconds), 'seconds')}`;
}

function withoutSlots({ withoutSlots: without }: GroupFacts): string | null {
  if (!without || without.of === 0 || without.count === 0) return null;
  return `${practicesOf(without.count, without.of)} ${without.count === 1 ? 'has' : 'have'} no same-day slot left`;
}

function hubSlots(facts: GroupFacts): string | null {
  const free = facts.hubSlotsBefore8pm;
  if (free === null) return null;
  if (free === 0) return 'No free hub slot before 8pm';
  return `**${sayCount(free)} free hub ${free === 1 ? 'slot' : 'slots'}** before 8pm`;
}

function reasonsOf({ drivers }: GroupFacts): string {
  const texts = drivers.slice(0, 2).map((driver) => driver.text);
  return texts.length === 0 ? '' : ` because ${joined(texts)}`;
}

/** The level first, why, then the arithmetic. */
function levelSentence(level: Level, score: number, facts: GroupFacts, rules: SentenceRules): string {
  const { standing } = facts;
  const own = levelOf(score, rules.levels);
  const now = higher(own, facts.score.floor);
  const says = `a score of **${score}**`;
  const starts = (of: Level) => `; level ${of} starts at ${startOf(of, rules.levels)}`;
  if (now > level) {
    const floored = own < now ? `; ${floorReason(facts)}` : starts(now);
    return `Level ${level}, about to rise to ${now}${reasonsOf(facts)}: ${says}${floored}`;
  }
  if (own < level && facts.score.floor >= level) {
    return `Level ${level} because ${floorReason(facts)}: ${says} alone would give level ${own}`;
  }
  if (own < level) return `Level ${level} kept${keptBecause(level, says, facts, standing, rules)}`;
  if (level > 1) return `Level ${level}${reasonsOf(facts)}: ${says}${starts(level)}`;
  const parts = [callersWait(facts), withoutSlots(facts)].filter((part) => part !== null);
  return `Level 1: ${[...parts, says].join(', ')}${starts(2)}`;
}

function floorReason({ rollup, score }: GroupFacts): string {
  const count = rollup.levels[3] + (rollup.levels[3] === 0 ? rollup.levels[2] : 0);
  const at = rollup.levels[3] === 0 ? 3 : 4;
  return `${practicesOf(count, rollup.open)} at level ${at} ${count === 1 ? 'asks' : 'ask'} for at least level ${score.floor}`;
}

function keptBecause(level: Level, says: string, { score }: GroupFacts, standing: Standing, rules: SentenceRules) {
  const { fallMargin, fallAfterMinutes } = rules.hysteresis;
  const under = startOf(level, rules.levels) - fallMargin;
  const until = keptUntil(standing);
  if (until !== null)
    return ` until **${sayTime(until)}**: ${says} no longer reaches the **${under}** that would support it`;
  if ((score.score ?? 0) < under) {
    return `: practices that pressed have gone quiet, and silence does not lower a level; ${says}`;
  }
  return `: ${says}; it falls once that is under **${under}** for ${fallAfterMinutes} min`;
}

/** What must not vanish in a mean: the practices in distress, the worst of them by name, and what they add. */
function distressSentence({ rollup, worstName }: GroupFacts): string | null {
  const [, , severe, extreme] = rollup.levels;
  const worst = rollup.notable[0];
  if (!worst || severe + extreme === 0) return null;
  const count = severe + extreme;
  const levels = severe === 0 ? 'level 4' : extreme === 0 ? 'level 3' : 'level 3 or 4';
  // Of a whole system the worst practice is hardly a share of the patients: then its name is enough.
  const share = worst.share >= 0.005 ? `${percent(worst.share)} of patients` : '';
  const about = [worstName, share].filter((part) => part !== null && part !== '').join(', ');
  const first = count === 1 || about === '' ? about : `worst ${about}`;
  const lead = `${practicesOf(count, rollup.open)} ${count === 1 ? 'is' : 'are'} at ${levels}${first === '' ? '' : ` (${first})`}`;
  const { uplift, mean } = rollup;
  return uplift === null || uplift <= 0 ? lead : `${lead}: raised by **${uplift}** points from a mean of **${mean}**`;
}

function deprivedSentence({ rollup }: GroupFacts): string | null {
  const { deprived } = rollup;
  if (!deprived?.short) return null;
  return (
    `The most deprived fifth is under-represented: ${percent(deprived.coverage)} of its patients are judged, ` +
    `${percent(deprived.others)} of the others`
  );
}

function stateSentence(facts: GroupFacts, rules: SentenceRules): string {
  const { score, practices } = facts;
  if (practices === 0) return 'No practice belongs to it';
  if (score.closed) {
    return practices === 1 ? 'Its practice is closed now' : `Its ${sayCount(practices)} practices are closed now`;
  }
  const { level } = facts.standing;
  if (level === null || score.score === null) {
    return `Unknown: practices with ${percent(score.coverage)} of patients report, and ${percent(rules.minimumCoverage)} are needed`;
  }
  return capitalised(levelSentence(level, score.score, facts, rules));
}

/** Why a group's level is what it is, with its arithmetic: only what the data support. */
export function groupSentence(facts: GroupFacts, rules: SentenceRules): string {
  const { score } = facts;
  const judged = score.score !== null && !score.closed;
  const covered = judged && score.coverage < 0.95 ? `Judged on ${percent(score.coverage)} of patients` : null;
  const sentences = [
    stateSentence(facts, rules),
    judged ? distressSentence(facts) : null,
    hubSlots(facts),
    covered,
    judged ? deprivedSentence(facts) : null,
  ];
  return sentences
    .filter((sentence) => sentence !== null)
    .map((sentence) => `${sentence}.`)
    .join(' ');
}
