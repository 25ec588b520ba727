import type { Level } from '#shared/model/level.ts';
import { sayScore } from '#shared/model/level-words.ts';
import type { Rules } from '#shared/model/rules.ts';
import { sayTime, weekday, type EpochMs } from '#shared/model/time.ts';
import type { Driver } from '#shared/model/unit.ts';
import { keptUntil, levelOf, startOf, type Standing } from './levels.ts';
import { joined } from './phrases.ts';
import { round, type SiteScore } from './score.ts';

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
const higher = (a: Level, b: Level): Level => (a > b ? a : b);

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

/** Up to three drivers, heaviest first. */
const reasonsOf = ({ drivers }: SiteStory): string =>
  joined(
    drivers
      .map((d) => d.text)
      .filter((text) => text !== '')
      .slice(0, 3),
  );

/** The level first, why, then the arithmetic. */
function because(level: Level, story: SiteStory, rules: Rules): string {
  const { score } = story;
  const value = score.score ?? 0;
  const own = levelOf(value, rules.levels);
  const now = higher(own, score.floor);
  const reasons = reasonsOf(story);
  const why = reasons === '' ? '' : ` because ${reasons}`;
  const arithmetic = `**${round(score.given, 2)} of ${round(score.possible, 2)}** points, a score of **${sayScore(value, rules.levels)}**`;
  const starts = (of: Level) => `; level ${of} starts at ${startOf(of, rules.levels)}`;
  if (now > level) {
    const asked = own < now ? `; ${floorReason(now, score)}` : starts(now);
    return `Level ${level}, about to rise to ${now}${why}: ${arithmetic}${asked}`;
  }
  if (own < level && score.floor >= level) {
    const drivers = reasons === '' ? '' : `${reasons}; `;
    return `Level ${level} because ${floorReason(level, score)}: ${drivers}${arithmetic}, alone would give level ${own}`;
  }
  if (own < level) return `Level ${level} kept${keptBecause(level, arithmetic, story, rules)}`;
  if (level > 1) return `Level ${level}${why}: ${arithmetic}${starts(level)}`;
  return `Level 1${reasons === '' ? '' : ` although ${reasons}`}: ${arithmetic}${starts(2)}`;
}

function floorReason(level: Level, score: SiteScore): string {
  for (const { ready, points } of score.judged) {
    const escalator = ready.escalates.find((e) => (points ?? 0) >= e.points && e.level >= level);
    if (escalator) return escalator.reason;
  }
  return 'an indicator asks for it';
}

function keptBecause(level: Level, arithmetic: string, story: SiteStory, rules: Rules): string {
  const { score, standing } = story;
  const { fallMargin, fallAfterMinutes } = rules.hysteresis;
  const under = startOf(level, rules.levels) - fallMargin;
  const reasons = reasonsOf(story);
  const rest = reasons === '' ? '' : `. Most of it: ${reasons}`;
  const until = keptUntil(standing);
  if (until !== null) {
    return ` until **${sayTime(until)}**: ${arithmetic}, no longer reaches the **${under}** that would support it${rest}`;
  }
  if ((score.score ?? 0) < under) {
    return `: some of what gave it points no longer reports, and silence does not lower a level; ${arithmetic}${rest}`;
  }
  return `: ${arithmetic}; it falls once that is under **${under}** for ${fallAfterMinutes} min${rest}`;
}

/** Why a site's level is what it is, with its arithmetic; figures marked `**bold**`. */
export function siteSentence(story: SiteStory, rules: Rules): string {
  const { score, standing } = story;
  if (!story.open) return `${closedSentence(story)}.`;
  if (score.idle) return 'Not judged: none of its indicators counts at this hour.';
  if (standing.level === null || score.score === null) return `${unknownSentence(score)}.`;
  return `${because(standing.level, story, rules)}.`;
}
