import { sayScore } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import { QUARTER } from '$shared/model/time';
import { levelOfQuarter } from '../format/day.ts';
import { sayNumber } from '../format/numbers.ts';
import { sayTime } from '../format/time.ts';
import { attention } from './arrange.ts';

/** What the rows of the matrix can be sorted by; `spread`: who reached level 3 first, all places in one list. */
export const ORDERS = ['pressure', 'name', 'change', 'patients', 'spread'] as const;
export type Order = (typeof ORDERS)[number];

export const ORDER_WORDS: Readonly<Record<Order, string>> = {
  pressure: 'Pressure',
  name: 'Name',
  change: 'Change in an hour',
  patients: 'Patients',
  spread: 'First at level 3',
};

/** The level from which pressure is said to have reached a unit. */
const ONSET_LEVEL = 3;

/** Score now less the oldest of the last hour; null where either is not known. */
export function hourChange({ score, trail }: Pick<Unit, 'score' | 'trail'>): number | null {
  const first = trail.find((value) => value !== null);
  return score === null || first === null || first === undefined || trail.length < 2 ? null : score - first;
}

/** The quarter hour from midnight in which a unit first stood at level 3 or more today; null: not yet. */
export function onsetOf(day: string, now: number): number | null {
  for (let quarter = 0; quarter <= now && quarter < day.length; quarter += 1) {
    if ((levelOfQuarter(day[quarter]) ?? 0) >= ONSET_LEVEL) return quarter;
  }
  return null;
}

type Compare = (a: Unit, b: Unit) => number;

const byName: Compare = (a, b) => a.name.localeCompare(b.name, 'en-GB');
const byAttention: Compare = (a, b) => attention(b) - attention(a);
const down = (value: (unit: Unit) => number | null): Compare => {
  const known = (unit: Unit) => value(unit) ?? -Infinity;
  return (a, b) => (known(a) === known(b) ? 0 : known(b) - known(a));
};

/** How two units compare in this order; `now` is the quarter hour that holds now. */
export function compareBy(order: Order, now: number): Compare {
  const firstly: Readonly<Record<Order, Compare>> = {
    pressure: byAttention,
    name: byName,
    change: down(hourChange),
    patients: down(({ population }) => population),
    spread: (a, b) => (onsetOf(a.day, now) ?? Infinity) - (onsetOf(b.day, now) ?? Infinity) || 0,
  };
  return (a, b) => firstly[order](a, b) || byAttention(a, b) || byName(a, b);
}

/** What stands at the end of a row in this order: the figure that the order goes by. */
export interface RowValue {
  readonly text: string;
  readonly trend: Unit['trend'];
  /** What the figure is, in words. */
  readonly title: string;
}

/** `midnight`: epoch ms of the day whose quarter hours are shown. `starts`: scores at which levels start. */
export function valueIn(
  order: Order,
  unit: Unit,
  now: number,
  midnight: number,
  starts: readonly number[] = [],
): RowValue {
  const { score, trend, population } = unit;
  const given = (text: string, title: string, arrow: Unit['trend'] = null): RowValue => ({ text, title, trend: arrow });
  switch (order) {
    case 'change': {
      const change = hourChange(unit);
      return change === null
        ? given('–', 'change not known')
        : given(signed(change), 'points of score in the last hour');
    }
    case 'patients':
      return population === null
        ? given('–', 'no list of its own')
        : given(sayNumber(population), 'registered patients');
    case 'spread': {
      const onset = onsetOf(unit.day, now);
      return onset === null
        ? given('–', 'not at level 3 today')
        : given(sayTime(midnight + onset * QUARTER), 'first at level 3 today: who leads it and who follows');
    }
    default:
      return score === null ? given('', 'no score') : given(sayScore(score, starts), 'score of 100', trend);
  }
}

/** +12, −3, 0: with a true minus, as wide as the plus. */
export function signed(value: number): string {
  const rounded = Math.round(value);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `\u2212${-rounded}` : '0';
}
