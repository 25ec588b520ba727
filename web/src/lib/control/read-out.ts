import { levelWord } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import { QUARTER } from '$shared/model/time';
import { levelOfQuarter, type Run } from '../format/day.ts';
import { plain } from '../format/sentence.ts';
import { sayTime } from '../format/time.ts';
import { reasonOf } from './worst.ts';

/** What the matrix says of one cell. `level` null: nothing is recorded, or it is still to come. */
export interface ReadOut {
  readonly name: string;
  readonly when: string;
  readonly level: Run['level'] | null;
  readonly words: string;
  /** Only for now: why it was so earlier stands on the unit's page. */
  readonly why: string;
}

export function readOut(unit: Unit, quarter: number, now: number, midnight: number): ReadOut {
  const from = midnight + quarter * QUARTER;
  const isNow = quarter === now;
  const level = isNow ? (unit.level ?? levelOfQuarter(unit.day[quarter])) : levelOfQuarter(unit.day[quarter]);
  const words =
    quarter > now
      ? 'still to come'
      : level === null
        ? 'nothing recorded'
        : level === 0
          ? 'level unknown'
          : `level ${level}, ${levelWord(level).toLowerCase()}`;
  return {
    name: unit.name,
    when: isNow ? 'now' : `${sayTime(from)} to ${sayTime(from + QUARTER)}`,
    level: quarter > now ? null : level,
    words,
    why: isNow ? reasonOf(unit, 3) : '',
  };
}

/** The same as one text, for the focused cell's name. */
export function readOutText({ name, when, words, why }: ReadOut): string {
  return `${name}, ${when}: ${words}${why ? `. ${plain(why)}` : ''}`;
}
