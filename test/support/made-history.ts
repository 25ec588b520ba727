import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, HOUR, localMinutes, weekday, type EpochMs } from '#shared/model/time.ts';
import { emptySamples, type Samples } from '../../server/store/day-samples.ts';

/** How a metric of a practice moves: measured in the Greater Manchester demonstration, per hour while it is open. */
export interface MadeMetric {
  readonly name: MetricName;
  /** Changes an hour while open; a fortieth of that while closed. */
  readonly perHour: number;
  /** Time between two looks at it: polls of its feed, or the minute in which derived metrics are written down. */
  readonly everyMs: number;
  /** Largest change at once, and how many decimals values have. */
  readonly step: number;
  readonly decimals: number;
  readonly counter?: true;
}

/** Deterministic and quick; 32 bits of state are plenty. */
export function dice(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One metric's London day from midnight on: change-only, busier while open, hardly anything at night and at weekends. */
export function madeDay(metric: MadeMetric, day: EpochMs, seed: number): Samples {
  const roll = dice(seed);
  const end = dayEnd(day);
  const samples = emptySamples(Math.ceil((end - day) / metric.everyMs) + 1);
  const lag = () => (metric.everyMs === 60_000 ? 0 : 300 + Math.floor(roll() * 2200));
  const working = weekday(day) <= 5;
  const scale = 10 ** metric.decimals;
  const phase = Math.floor((roll() * metric.everyMs) / 1000) * 1000;
  let value = metric.counter === true ? 0 : Math.round(roll() * metric.step * 6 * scale) / scale;
  let count = 0;
  const midnight = localMinutes(day) * 60_000;
  for (let at = day + phase; at < end; at += metric.everyMs) {
    const hour = (at - day + midnight) / HOUR;
    const open = working && hour >= 8 && hour < 18.5;
    const chance = (metric.perHour * (open ? 1 : 1 / 40) * metric.everyMs) / HOUR;
    if (roll() >= chance) continue;
    const change = (roll() * (metric.counter === true ? 1 : 2) - (metric.counter === true ? 0 : 1)) * metric.step;
    const next = Math.max(0, Math.round((value + change) * scale) / scale);
    if (next === value && metric.counter !== true) continue;
    value = metric.counter === true ? value + Math.max(1, Math.round(change)) : next;
    samples.at[count] = at;
    samples.received[count] = at + lag();
    samples.value[count] = value;
    count += 1;
  }
  const { at, received, value: values, code } = samples;
  return {
    at: at.subarray(0, count),
    received: received.subarray(0, count),
    value: values.subarray(0, count),
    code: code.subarray(0, count),
  };
}

const made = (
  name: MetricName,
  perHour: number,
  everyMs: number,
  step: number,
  given: Partial<MadeMetric> = {},
): MadeMetric => ({ name, perHour, everyMs, step, decimals: 0, ...given });

const POLLED = 15_000;
const MINUTELY = 60_000;
const counter = { counter: true } as const;

/**
 * What a practice of the Greater Manchester demonstration puts into the history: measured over three minutes of a winter
 * Monday's rush (8:20am, real speed), times 0.6 for the mean of its opening hours. The last hour's shares, which say
 * nothing in the first hour after a start, at a change in two minutes out of three.
 */
export const PRACTICE_METRICS: readonly MadeMetric[] = [
  made('calls.longest-wait', 130, POLLED, 60),
  made('callbacks.oldest', 70, POLLED, 60),
  made('calls.waiting', 41, POLLED, 3),
  made('calls.handlers-on-call', 32, POLLED, 2),
  made('calls.handlers-free', 5, POLLED, 2),
  made('calls.inbound', 30, POLLED, 2, counter),
  made('calls.answered', 17, POLLED, 2, counter),
  made('calls.ended-in-ivr', 9, POLLED, 1, counter),
  made('calls.answered-in-2-min', 5, POLLED, 1, counter),
  made('calls.missed', 3, POLLED, 1, counter),
  made('callbacks.requested', 4, POLLED, 1, counter),
  made('callbacks.made', 3, POLLED, 1, counter),
  made('callbacks.waiting', 5, POLLED, 2),
  made('online.oldest', 27, MINUTELY, 20),
  made('online.open', 7, MINUTELY, 2),
  made('online.clinical', 4, MINUTELY, 1, counter),
  made('online.admin', 3, MINUTELY, 1, counter),
  made('slots.free', 16, MINUTELY, 3),
  made('slots.free-minutes', 16, MINUTELY, 45),
  made('slots.free-4h', 16, MINUTELY, 3),
  made('slots.left-share', 6, MINUTELY, 0.1, { decimals: 3 }),
  made('slots.booked', 3, MINUTELY, 3),
  made('appointments.booked', 2, MINUTELY, 4),
  made('appointments.attended', 3, MINUTELY, 3),
  made('appointments.no-show', 1, MINUTELY, 1),
  made('calls.inbound-15m', 40, MINUTELY, 5),
  made('calls.inbound-60m', 40, MINUTELY, 5),
  made('calls.answered-60m', 40, MINUTELY, 4),
  made('calls.missed-60m', 10, MINUTELY, 2),
  made('calls.answered-share', 40, MINUTELY, 0.1, { decimals: 3 }),
  made('calls.missed-share', 40, MINUTELY, 0.1, { decimals: 3 }),
  made('calls.against-usual', 40, MINUTELY, 0.2, { decimals: 3 }),
  made('callbacks.per-1000', 4, MINUTELY, 0.4, { decimals: 1 }),
  made('patients.without-slot', 4, MINUTELY, 3),
  made('pressure.score', 9, MINUTELY, 12, { decimals: 1 }),
];

/** All of Greater Manchester in its busiest minutes, networks and places included: 93 of practices were measured. */
export const READINGS_A_SECOND = 220;
