import type { Level } from '$shared/model/level-words';
import { QUARTER, type EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { isClosed } from '../format/closed.ts';
import { levelOfQuarter } from '../format/day.ts';
import { dayStart, quarterOf, sayTime } from '../format/time.ts';
import { withAsked, type Address } from '../replay/address.ts';

/** The quarter hour of today that a map shows; null: now. */
export type Quarter = number | null;

/** What a unit is drawn as. `none`: nothing was recorded of it then. */
export type Shown = Level | 'unknown' | 'closed' | 'none';

export function shownAt(unit: Pick<Unit, 'level' | 'open' | 'coverage' | 'day'>, quarter: Quarter): Shown {
  if (quarter === null) return unit.level ?? (isClosed(unit) ? 'closed' : 'unknown');
  const level = levelOfQuarter(unit.day[quarter]);
  return level === null ? 'none' : level === 0 ? 'unknown' : level;
}

/** The level among what is drawn; null for everything that has none. */
export const levelOf = (shown: Shown): Level | null => (typeof shown === 'number' ? shown : null);

/** How much it asks to be looked at: unknown stands between moderate and severe. */
export function urgency(shown: Shown): number {
  return typeof shown === 'number' ? shown : shown === 'unknown' ? 2.9 : 0;
}

/** A quarter hour of the day that holds `now` from the time that an address names; null where it names none of it. */
export function readQuarter(text: string | null, now: EpochMs): Quarter {
  const at = text === null ? NaN : Date.parse(text);
  if (!Number.isFinite(at)) return null;
  const quarter = Math.floor((at - dayStart(now)) / QUARTER);
  return quarter >= 0 && quarter < quarterOf(now) ? quarter : null;
}

/** Epoch ms at which a quarter hour of the day that holds `now` begins. */
export const quarterAt = (quarter: number, now: EpochMs): EpochMs => dayStart(now) + quarter * QUARTER;

/** `8:45am to 9am`. */
export function sayQuarter(quarter: number, now: EpochMs): string {
  const at = quarterAt(quarter, now);
  return `${sayTime(at)} to ${sayTime(at + QUARTER)}`;
}

/** The head of the screen as it stood then: only what is known of then is said. */
export function asThen(unit: Unit, quarter: Quarter, when: string): Unit {
  if (quarter === null) return unit;
  const shown = shownAt(unit, quarter);
  const level = levelOf(shown);
  const words = level === null ? (shown === 'none' ? 'not recorded' : 'unknown') : `level ${level}`;
  return {
    ...unit,
    level,
    score: null,
    trend: null,
    open: true,
    sentence: `From **${when}** it was **${words}** at its highest. Scores, reasons and free slots of then are not kept on this screen: open the moment in replay to see them.`,
  };
}

/** Address of a moment in replay, the rest of the view as it is; of now: without a moment. */
export function replayHref(url: Address, at: EpochMs | null): string {
  const searchParams = new URLSearchParams([...url.searchParams].filter(([name]) => name !== 'when'));
  return withAsked({ pathname: url.pathname, hash: url.hash, searchParams }, at === null ? null : { at, speed: 0 });
}
