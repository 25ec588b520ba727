import type { Level } from '#shared/model/level.ts';
import { localDate, sayTime, weekday, type EpochMs } from '#shared/model/time.ts';
import type { Beside } from '#shared/model/unit.ts';

export interface Said {
  readonly level: Level;
  readonly reason: string;
  /** A role, never a person. */
  readonly by: string;
  readonly at: EpochMs;
  readonly until: EpochMs;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const NUMBERS = ['no', 'one', 'two', 'three'] as const;

/** A time of today as 9:17am, of another day with its weekday. */
function sayWhen(at: EpochMs, now: EpochMs): string {
  return localDate(at) === localDate(now) ? sayTime(at) : `${sayTime(at)} on ${DAYS[weekday(at) - 1] ?? ''}`;
}

function comparison(by: number | null, open: boolean): string {
  if (by === null) return open ? 'computed unknown' : 'not judged while closed';
  if (by === 0) return 'as computed';
  const levels = `${NUMBERS[Math.abs(by)] ?? ''} level${Math.abs(by) === 1 ? '' : 's'}`;
  return `${levels} ${by > 0 ? 'more' : 'less'}`;
}

/** What a site's people say beside what is computed: times as they stand, so that the sentence does not change by itself. */
export function besideOfSite(said: Said, level: Level | null, open: boolean, kind: string, now: EpochMs): Beside {
  const by = level === null ? null : said.level - level;
  const computed = level === null || by === 0 ? '' : `, computed **${level}**`;
  const who = said.by === 'role not given' ? '' : ` by the ${said.by}`;
  const text =
    `The ${kind} says **${said.level}**${computed}: ${comparison(by, open)}; declared at ${sayWhen(said.at, now)}${who}: ` +
    `${said.reason}, until ${sayWhen(said.until, now)}`;
  return { declared: 1, higher: by !== null && by > 0 ? 1 : 0, lower: by !== null && by < 0 ? 1 : 0, by, text };
}

/** How many of a group's practices declare, and which way; null where none does. */
export function besideOfGroup(practices: number, declared: number, higher: number, lower: number): Beside | null {
  if (declared === 0) return null;
  const ways = [
    ...(higher > 0 ? [`**${higher}** higher than computed`] : []),
    ...(lower > 0 ? [`**${lower}** lower than computed`] : []),
  ];
  const has = declared === 1 ? 'has' : 'have';
  const said = `**${declared} of ${practices}** ${practices === 1 ? 'practice' : 'practices'} ${has} declared a level`;
  const text = ways.length === 0 ? said : `${said}: ${ways.join(', ')}`;
  return { declared, higher, lower, by: null, text };
}
