import type { MetricState, Unit } from '$shared/model/unit';
import { sayAbsence } from '../format/absence.ts';

/** A figure at room size: what it is, the figure with its small unit, and what it is measured against. */
export interface Fact {
  readonly head: string;
  readonly figure: string;
  readonly unit: string;
  readonly foot: string;
}

/** Splits `9:12am` into `9:12` and `am`, so that the figure can be large; `midday` has no small part. */
export function splitClock(said: string): { figure: string; unit: string } {
  const match = /^(.*?)(am|pm)$/.exec(said);
  return match ? { figure: match[1] ?? said, unit: match[2] ?? '' } : { figure: said, unit: '' };
}

/** Seconds as whole minutes for people: under a minute is said in seconds. */
export function splitWait(seconds: number): { figure: string; unit: string } {
  return seconds < 60
    ? { figure: String(Math.round(seconds)), unit: 's' }
    : { figure: String(Math.round(seconds / 60)), unit: 'min' };
}

/** A group's callers wait a mean, a practice has its longest caller; the words say which. */
function waitOf(unit: Unit): { metric: MetricState; mean: boolean } | null {
  const mean = unit.metrics['calls.wait'];
  if (mean && mean.value !== null) return { metric: mean, mean: true };
  const longest = unit.metrics['calls.longest-wait'];
  return longest && longest.value !== null ? { metric: longest, mean: false } : null;
}

/** Why nobody knows how long callers wait: the reason of the metric that would say it. */
function whyNoWait(unit: Unit): string {
  const absent = unit.metrics['calls.wait'] ?? unit.metrics['calls.longest-wait'];
  return absent ? sayAbsence(absent.absence) : 'not known now';
}

/** How long callers wait now against what is usual; a reason instead of a figure where it is not known. */
export function waitFact(unit: Unit): Fact {
  const wait = waitOf(unit);
  if (!wait || wait.metric.value === null)
    return { head: 'Callers wait', figure: '?', unit: '', foot: whyNoWait(unit) };
  const { figure, unit: small } = splitWait(wait.metric.value);
  const usual = wait.metric.usual;
  return {
    head: wait.mean ? 'Callers wait' : 'Longest wait',
    figure,
    unit: small,
    foot: usual === undefined ? (wait.mean ? 'on average, now' : 'by one caller, now') : `usually ${saySmall(usual)}`,
  };
}

const saySmall = (seconds: number) => (seconds < 60 ? 'under 1 min' : `${Math.round(seconds / 60)} min`);

/** Since when the level is what it is; `say` turns an instant into words of the clock. Null where that is not known. */
export function sinceFact(unit: Unit, say: (instant: string) => string): Fact | null {
  if (unit.levelSince === null) return null;
  const { figure, unit: small } = splitClock(say(unit.levelSince));
  return {
    head: unit.level === null ? 'Unknown since' : `Level ${unit.level} since`,
    figure,
    unit: small,
    foot: unit.trend === 'rising' ? 'and rising' : unit.trend === 'falling' ? 'and falling' : 'holding',
  };
}

/** The wait in the past tense, for a wall without data; empty where it was not known. */
export function waitWas(unit: Unit): string {
  const wait = waitOf(unit);
  if (!wait || wait.metric.value === null) return '';
  const { figure, unit: small } = splitWait(wait.metric.value);
  return `${wait.mean ? 'callers waited' : 'longest caller waited'} ${figure} ${small}`;
}
