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
}

/** Fills a rule's phrase: the first alternative between `|` whose places can all be filled; '' where none can. */
export function fillPhrase(template: string, facts: PhraseFacts): string {
  const { measure, value, usual } = facts;
  const places: Record<string, string | null> = {
    value: sayValue(value, measure),
    usual: usual === null ? null : sayUsual(usual, value, measure),
    over: value > 1 ? `${Math.round((value - 1) * 100)}%` : null,
    time: facts.ranOutAt === null ? null : sayTime(facts.ranOutAt),
    count: facts.count !== null && facts.count > 0 ? sayCount(facts.count) : null,
  };
  const one = Math.round(facts.count ?? value) === 1;
  for (const alternative of template.split('|')) {
    const names = [...alternative.matchAll(/\{([a-z]+)\}/g)].map((m) => m[1] ?? '');
    if (names.some((name) => (places[name] ?? null) === null)) continue;
    return alternative
      .replace(/\{([a-z]+)\}/g, (_, name: string) => places[name] ?? '')
      .replaceAll('(s)', one ? '' : 's');
  }
  return '';
}

/** Without the marks of bold figures. */
export const plainText = (text: string): string => text.replaceAll('**', '');

export const capitalised = (text: string): string => {
  const at = text.search(/[a-z0-9]/i);
  return at === -1 ? text : text.slice(0, at) + (text[at] ?? '').toUpperCase() + text.slice(at + 1);
};
