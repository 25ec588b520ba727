import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Reading } from '../../domain/ports.ts';
import type { Rejection } from './adapter.ts';
import { instantOf } from './instants.ts';

/** RFC 3339 with an offset (it is mandatory: a local time without one would shift by an hour in summer), else null. */
export const parseInstant = (text: unknown): EpochMs | null => (typeof text === 'string' ? instantOf(text) : null);

/**
 * For redacted copies: codes that name an organisation, and times with their offset. A code has a letter and a digit
 * (or is three capitals) and no long number, so that neither a name nor a patient's number passes for one.
 */
export const CODE =
  /^\s*(?!.*\d{7})(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{3,8}|[A-Z]{3}|X(?:-[A-Z0-9]{1,30}){1,8})(?:~[a-z0-9-]{2,30})?\s*$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

const KEPT = 50;

/** Collects refusals: all are counted, the first 50 kept. */
export interface Refusals {
  add(place: string, reason: string): void;
  /** Takes over what was collected apart. */
  join(other: Pick<Refusals, 'list' | 'count'>): void;
  readonly list: readonly Rejection[];
  readonly count: number;
}

/** A class, as one is made at every poll: an object with a getter of its own costs twenty times as much. */
class Collected implements Refusals {
  readonly list: Rejection[] = [];
  count = 0;

  add(place: string, reason: string): void {
    this.count++;
    if (this.list.length < KEPT) this.list.push({ place, reason });
  }

  join(other: Pick<Refusals, 'list' | 'count'>): void {
    this.count += other.count;
    this.list.push(...other.list.slice(0, KEPT - this.list.length));
  }
}

export const createRefusals = (): Refusals => new Collected();

/** First fault of a value its schema refused. Places and reasons come from our schema, never from the payload. */
export function refuse(refusals: Refusals, place: string, schema: Validator, value: unknown): void {
  const [first] = schema.Errors(value);
  const missing =
    first?.keyword === 'required' ? `is incomplete: ${first.params.requiredProperties.join(', ')}` : undefined;
  refusals.add(place + (first?.instancePath ?? ''), missing ?? first?.message ?? 'is not as the standard says');
}

/** How a number may look: counts are whole, amounts (seconds, minutes) need not be. */
export type NumberRule = 'count' | 'amount';

/** A number field: its value, or why there is none. Missing is never zero. */
export type NumberField = number | 'missing-field' | 'invalid';

/**
 * Seven digits: no site has ten million of anything, nor does anybody wait for months. Longer numbers are somebody's,
 * and redacted copies do not hold them either.
 */
const MOST = 9_999_999;

/** Thousands are read a second, so it makes no text; `refuseNumber` does where one is refused. */
export function numberField(value: unknown, rule: NumberRule): NumberField {
  if (value === undefined || value === null) return 'missing-field';
  if (typeof value !== 'number' || !(value >= 0 && value <= MOST)) return 'invalid';
  // Adding zero turns -0 into 0.
  return rule === 'amount' || Number.isInteger(value) ? value + 0 : 'invalid';
}

export function refuseNumber(refusals: Refusals, place: string, rule: NumberRule): void {
  const kind = rule === 'count' ? 'a whole number' : 'a number';
  refusals.add(place, `must be ${kind}, 0 or more, of at most seven digits`);
}

/** The reading a number field gives: absent as *not-reported* where it was missing, *rejected* where it was refused. */
export function reading(site: string, metric: MetricName, value: NumberField): Reading {
  if (typeof value === 'number') return { site, metric, value };
  const absence = value === 'invalid' ? 'rejected' : 'not-reported';
  return { site, metric, value: null, absence, detail: value };
}

export function notReported(site: string, metrics: readonly MetricName[], detail: string): Reading[] {
  return metrics.map((metric) => ({ site, metric, value: null, absence: 'not-reported', detail }));
}

/** Further ahead of our clock than this, a payload's time is refused (and the answer's own used): age would be negative. */
const AHEAD_MS = 2 * 60_000;

/** A payload's own time. Slightly ahead counts as now. Null: it is missing or unusable (refused at `place`). */
export function payloadTime(value: unknown, now: EpochMs, place: string, refusals: Refusals): EpochMs | null {
  if (value === undefined || value === null) return null;
  const at = parseInstant(value);
  if (at === null) refusals.add(place, 'must be a date and time with its offset');
  else if (at > now + AHEAD_MS) refusals.add(place, 'is ahead of our clock');
  else return Math.min(at, now);
  return null;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const compiled = <T extends TSchema>(schema: T): Validator<Record<never, never>, T> => Compile(schema);
