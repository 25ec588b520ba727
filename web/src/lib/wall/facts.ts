import type { Unit } from '$shared/model/unit';

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

/** How long callers wait now against what is usual; a reason instead of a figure where it is not known. */
export function waitFact(unit: Unit): Fact {
  const wait = unit.metrics['calls.longest-wait'];
  if (!wait || wait.value === null)
    return { head: 'Longest wait', figure: '?', unit: '', foot: 'no telephony in view' };
  const { figure, unit: small } = splitWait(wait.value);
  const usual = wait.usual;
  const foot = usual === undefined ? 'longest caller now' : `usually ${saySmall(usual)}`;
  return { head: 'Longest wait', figure, unit: small, foot };
}

const saySmall = (seconds: number) => (seconds < 60 ? `${Math.round(seconds)} s` : String(Math.round(seconds / 60)));

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

/** The wait in the past tense, for a wall without data. */
export function waitWas(unit: Unit): string {
  const wait = unit.metrics['calls.longest-wait'];
  if (!wait || wait.value === null) return '';
  const { figure, unit: small } = splitWait(wait.value);
  return `longest caller waited ${figure} ${small}`;
}
