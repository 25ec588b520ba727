import { REFUSALS, type Refusal } from '$shared/model/refusals';
import type { Scorecard, ScoreLine } from '$shared/protocol/scorecard';
import { sayCount, sayNumber, sayShare } from '../format/numbers.ts';
import { ZONE } from '$shared/model/time';

const day = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'long' });
const whole = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'long', year: 'numeric' });
const month = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, month: 'numeric' });
const tenth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** 12 to 18 January 2026, in London. */
export function sayWeek({ from, to }: Pick<Scorecard, 'from' | 'to'>): string {
  const [first, last] = [Date.parse(from), Date.parse(to) - 1];
  const begin = month.format(first) === month.format(last) ? day.format(first) : dayMonth.format(first);
  return `${begin} to ${whole.format(last)}`;
}

export const sayTenth = (value: number): string =>
  value === 0 ? '0' : value < 0.05 ? 'under 0.1' : tenth.format(value);
const bold = (text: string): string => `**${text}**`;

export const NOTHING_YET = 'Nothing has been offered and answered this week yet.';
/** Of a week in which the server was not running nobody knows more either. */
export const NOTHING_THEN = 'No offer of that week is kept.';

/** The whole week in two sentences, figures marked bold. */
export function sayCard({ current, agreed, lines: [top] }: Pick<Scorecard, 'current' | 'agreed' | 'lines'>): string {
  if (!top) return '';
  if (top.offered === 0) return current ? NOTHING_YET : NOTHING_THEN;
  const { offered, accepted, booked, notTold, attended, attendedOf, minutesPer1000, fairness } = top;
  const used =
    booked === null
      ? 'how many were booked nobody has told'
      : `${bold(sayNumber(booked))} booked${notTold > 0 ? ` (of ${sayNumber(notTold)} more nobody has told)` : ''}`;
  const known = attendedOf < (booked ?? 0) ? ` of the ${sayNumber(attendedOf)} of whom it is known` : '';
  const came = attended === null || attendedOf === 0 ? '' : ` and ${bold(sayNumber(attended))}${known} attended`;
  const parts = [
    `${bold(`${sayNumber(accepted)} of ${sayNumber(offered)}`)} slots offered were accepted, ${used}${came}.`,
    minutesPer1000 === null
      ? ''
      : `That is ${bold(sayTenth(minutesPer1000))} of the ${sayNumber(agreed)} minutes for each 1,000 patients.`,
    fairness.met === null ? '' : `${bold(sayShare(fairness.met))} of the urgent need that practices showed was met.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** 12 unanswered · 4 refused · 3 went back; empty where nothing came to nothing. */
export function sayLost({ lapsed, refused, returned }: Pick<ScoreLine, 'lapsed' | 'refused' | 'returned'>): string[] {
  const no = Object.values(refused).reduce((sum, count) => sum + count, 0);
  return [
    lapsed > 0 ? `${sayNumber(lapsed)} unanswered` : '',
    no > 0 ? `${sayNumber(no)} refused` : '',
    returned === null ? 'what went back is not known' : returned > 0 ? `${sayNumber(returned)} went back` : '',
  ].filter((said) => said !== '');
}

/** too far for our patients 3, placed already 1: most first; empty where nothing was refused. */
export const sayRefusals = (refused: ScoreLine['refused']): string =>
  (Object.entries(refused) as [Refusal, number][])
    .toSorted((a, b) => b[1] - a[1])
    .map(([code, count]) => `${REFUSALS[code].toLowerCase()} ${sayNumber(count)}`)
    .join(', ');

/** What stands under the part of the need that was met: the most and the least deprived, and how uneven it is. */
export function sayFair({ mostDeprived, leastDeprived, unevenness }: ScoreLine['fairness']): string[] {
  return [
    mostDeprived === null ? '' : `most deprived ${sayShare(mostDeprived)}`,
    leastDeprived === null ? '' : `least ${sayShare(leastDeprived)}`,
    unevenness === null || unevenness < 0.005 ? '' : `practices differ by ${Math.round(unevenness * 100)} points`,
  ].filter((said) => said !== '');
}

/** What the week says to whoever cannot see the bar. */
export const sayBar = ({ offered, accepted, booked, attended }: ScoreLine): string =>
  `${sayCount(offered, 'slot')} offered, ${sayNumber(accepted)} accepted, ${booked === null ? 'booked not known' : `${sayNumber(booked)} booked`}, ${attended === null ? 'attended not known' : `${sayNumber(attended)} attended`}`;

/** After the score that is: what it would have been. */
export function sayWithout(pressure: NonNullable<ScoreLine['pressure']>): string {
  const [now, without] = [Math.round(pressure.with), Math.round(pressure.without)];
  return now === without ? ', as without it' : `, without it ${without}`;
}
