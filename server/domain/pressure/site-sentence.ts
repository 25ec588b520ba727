import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import { sayTime, weekday, type EpochMs } from '#shared/model/time.ts';
import type { Driver } from '#shared/model/unit.ts';
import { levelOf, startOf, type Standing } from './levels.ts';
import { givingPoints } from './drivers.ts';
import type { SiteScore } from './score.ts';

export interface SiteStory {
  readonly at: EpochMs;
  readonly open: boolean;
  /** When it opens next, where that is known. */
  readonly opensAt: EpochMs | null;
  readonly bankHoliday: boolean;
  readonly score: SiteScore;
  readonly standing: Standing;
  readonly drivers: readonly Driver[];
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const next = (level: Level): Level => (level === 1 ? 2 : level === 2 ? 3 : 4);

export function closedSentence(story: Pick<SiteStory, 'at' | 'opensAt' | 'bankHoliday'>): string {
  const { at, opensAt } = story;
  const why = story.bankHoliday ? 'Closed for the bank holiday' : 'Closed';
  if (opensAt === null) return `${why}: not judged`;
  const day = weekday(opensAt) === weekday(at) ? '' : ` on ${DAYS[weekday(opensAt) - 1] ?? ''}`;
  return `${why} until **${sayTime(opensAt)}**${day}: not judged`;
}

function unknownSentence(score: SiteScore): string {
  const expected = score.judged.filter((j) => j.points !== null || j.absence !== null);
  const known = expected.filter((j) => j.points !== null).length;
  const quiet = expected.filter((j) => j.points === null).map((j) => j.ready.rule.label.toLowerCase());
  const missing = quiet.length > 0 ? `; missing: ${quiet.slice(0, 3).join(', ')}` : '';
  return `Unknown: **${known} of ${expected.length}** indicators report, too few to judge${missing}`;
}

function because(level: Level, { score, standing, at }: SiteStory, rules: Rules): string {
  const value = score.score ?? 0;
  const giving = plural(givingPoints(score).length, 'indicator gives', 'indicators give');
  const arithmetic = `${giving} **${score.given} of ${score.possible}** points, a score of **${Math.round(value)}**`;
  const own = levelOf(value, rules.levels);
  if (own > level || score.floor > level) return `Level ${level}, about to rise: ${arithmetic}`;
  if (own < level && score.floor >= level) return `Level ${level} because ${floorReason(level, score)}; ${arithmetic}`;
  if (own < level) return `Level ${level} kept: ${arithmetic}; ${keptBecause(level, score, standing, at, rules)}`;
  if (level === 1) return `Level 1: ${arithmetic}; level 2 starts at ${startOf(next(level), rules.levels)}`;
  return `Level ${level} because ${arithmetic}; level ${level} starts at ${startOf(level, rules.levels)}`;
}

function floorReason(level: Level, score: SiteScore): string {
  for (const { ready, points } of score.judged) {
    const escalator = ready.escalates.find((e) => (points ?? 0) >= e.points && e.level >= level);
    if (escalator) return escalator.reason;
  }
  return 'an indicator asks for it';
}

function keptBecause(level: Level, score: SiteScore, standing: Standing, at: EpochMs, rules: Rules): string {
  const { fallMargin, fallAfterMinutes } = rules.hysteresis;
  const under = startOf(level, rules.levels) - fallMargin;
  if ((score.fallScore ?? 0) >= under && (score.score ?? 0) < under) {
    return 'some of what gave it points no longer reports, and silence does not lower a level';
  }
  if (score.fallFloor >= level) return 'what asked for it no longer reports, and silence does not lower a level';
  if (standing.belowSince === null) return `it falls once the score is under ${under} for ${fallAfterMinutes} min`;
  const since = standing.belowSince <= at ? ` since ${sayTime(standing.belowSince)}` : '';
  return `under ${under}${since}, it falls after ${fallAfterMinutes} min`;
}

/** Why a site's level is what it is, with its arithmetic; figures marked `**bold**`. */
export function siteSentence(story: SiteStory, rules: Rules): string {
  const { score, standing, drivers } = story;
  if (!story.open) return `${closedSentence(story)}.`;
  if (score.idle) return 'Not judged: none of its indicators counts at this hour.';
  if (standing.level === null || score.score === null) return `${unknownSentence(score)}.`;
  const most = drivers
    .slice(0, 3)
    .map((d) => d.text)
    .filter((text) => text !== '');
  const rest = most.length > 0 ? ` Most of it: ${most.join('; ')}.` : '';
  return `${because(standing.level, story, rules)}.${rest}`;
}
