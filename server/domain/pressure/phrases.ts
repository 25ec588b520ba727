import type { MetricMeasure } from '#shared/model/metrics.ts';
import { sayTime } from '#shared/model/time.ts';

/** Whole number with thousands apart: 31,480. */
export function sayCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

function sayMinutes(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 90) return `${whole} min`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} h` : `${Math.floor(whole / 60)} h ${rest} min`;
}

/** A value with its unit, as screens say it: 14 min, 45 s, 62%, 1.8, 9:12am. */
export function sayValue(value: number, measure: MetricMeasure): string {
  switch (measure) {
    case 'count':
      return sayCount(value);
    case 'seconds':
      return value < 59.5 ? `${Math.round(value)} s` : sayMinutes(value / 60);
    case 'minutes':
      return sayMinutes(value);
    case 'share':
      return `${Math.round(value * 100)}%`;
    case 'ratio':
    case 'per-1000':
      return String(Math.round(value * 10) / 10);
    case 'epoch-ms':
      return sayTime(value);
  }
}

/** The usual beside a value: without its unit where both are plain minutes ("14 min against a usual 5"). */
export function sayUsual(usual: number, value: number, measure: MetricMeasure): string {
  const text = sayValue(usual, measure);
  const plain = /^\d+ min$/;
  return plain.test(sayValue(value, measure)) && plain.test(text) ? text.replace(' min', '') : text;
}

export interface PhraseFacts {
  readonly measure: MetricMeasure;
  readonly value: number;
  readonly usual: number | null;
  /** When slots ran out (epoch ms), where known. */
  readonly ranOutAt: number | null;
  /** The count behind a share or rate. */
  readonly count: number | null;
  /** What a queue may take, in minutes, where the value is measured against it. */
  readonly target?: number | null;
}

type Place = 'value' | 'usual' | 'over' | 'time' | 'count' | 'target';
const PLACES: ReadonlySet<string> = new Set(['value', 'usual', 'over', 'time', 'count', 'target']);
/** Texts and places in turn: text, place, text, place … text. */
type Alternative = readonly string[];

const compiled = new Map<string, readonly Alternative[]>();

function compile(template: string): readonly Alternative[] {
  let found = compiled.get(template);
  if (!found) {
    found = template.split('|').map((alternative) => alternative.split(/\{([a-z]+)\}/));
    if (compiled.size > 1000) compiled.clear();
    compiled.set(template, found);
  }
  return found;
}

function fillPlace(place: Place, facts: PhraseFacts): string | null {
  const { measure, value, usual, ranOutAt, count, target = null } = facts;
  switch (place) {
    case 'value':
      return sayValue(value, measure);
    case 'usual':
      return usual === null ? null : sayUsual(usual, value, measure);
    case 'over':
      return value > 1 ? `${Math.round((value - 1) * 100)}%` : null;
    case 'time':
      return ranOutAt === null ? null : sayTime(ranOutAt);
    case 'count':
      return count !== null && count > 0 ? sayCount(count) : null;
    case 'target':
      return target === null ? null : sayMinutes(target);
  }
}

/** Fills a rule's phrase: the first alternative between `|` whose places can all be filled; '' where none can. */
export function fillPhrase(template: string, facts: PhraseFacts): string {
  const one = Math.round(facts.count ?? facts.value) === 1;
  for (const alternative of compile(template)) {
    let text: string | null = '';
    for (let i = 0; i < alternative.length && text !== null; i += 1) {
      const part = alternative[i] ?? '';
      const said: string | null = i % 2 === 0 ? part : PLACES.has(part) ? fillPlace(part as Place, facts) : null;
      text = said === null ? null : text + said;
    }
    if (text !== null) return text.includes('(s)') ? text.replaceAll('(s)', one ? '' : 's') : text;
  }
  return '';
}

/** Without the marks of bold figures. */
export const plainText = (text: string): string => text.replaceAll('**', '');

export const capitalised = (text: string): string => {
  const at = text.search(/[a-z0-9]/i);
  return at === -1 ? text : text.slice(0, at) + (text[at] ?? '').toUpperCase() + text.slice(at + 1);
};

/** a; a and b; a, b and c. */
export const joined = (texts: readonly string[]): string =>
  texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`;
