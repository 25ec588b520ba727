import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { bandOf, strainAt } from './arrivals.ts';
import { ANSWERED, CALLBACK, MISSED, type CallProfile } from './call-profile.ts';
import { wallSeconds } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { BAND_COUNT } from './national-shape.ts';

/** One practice's calls of one day, in order of arrival; times in wall seconds. */
export interface PracticeCalls {
  readonly count: number;
  readonly arrive: Int32Array;
  readonly outcome: Uint8Array;
  /** Joined the queue (ended in IVR: hung up). */
  readonly join: Int32Array;
  /** Left the queue: picked up, hung up, or asked to be called back. */
  readonly leave: Int32Array;
  /** Answered: end of the talk. Callback: when it was made or given up. */
  readonly done: Int32Array;
  /** Callback made (1) or given up (0). */
  readonly made: Uint8Array;
  /** Handlers at work, by half hour from midnight. */
  readonly staffed: Uint8Array;
}

const OPEN = wallSeconds('08:00');
const CLOSE = wallSeconds('18:30');
const MORNING_ENDS = wallSeconds('10:30');
const HALF_HOURS = 48;
const WAIT_FROM = [4, 60, 120, 300];
const WAIT_TO = [60, 120, 300, 300];
const LONG_WAIT_MEAN = 260;
const LONGEST_WAIT = 45 * 60;
/** Minutes after opening at which waits peak. */
const RUSH_MINUTES = 28;

/** `duration`: shares of talks up to 1 minute, 1-2, 2-5, longer. Everything follows from the arguments. */
export function createPracticeCalls(
  times: readonly number[],
  kind: number,
  profile: CallProfile,
  duration: readonly number[],
  effects: SiteEffects,
  seedParts: readonly (string | number)[],
): PracticeCalls {
  const random = createRandom(...seedParts, 'calls');
  const stress = createRandom(...seedParts, 'stress');
  const count = times.length;
  const calls: PracticeCalls = {
    count,
    arrive: Int32Array.from(times),
    outcome: new Uint8Array(count),
    join: new Int32Array(count),
    leave: new Int32Array(count),
    done: new Int32Array(count),
    made: new Uint8Array(count),
    staffed: new Uint8Array(HALF_HOURS),
  };
  for (let i = 0; i < count; i++) {
    const arrive = times[i] ?? 0;
    const cell = (kind - 1) * BAND_COUNT + bandOf(arrive);
    const outcome = random.pick(profile.outcomes, cell * 4, 4);
    calls.outcome[i] = underStrain(outcome, strainAt(arrive, effects), profile, stress);
    calls.join[i] = arrive + Math.floor(random.between(8, 40));
    calls.leave[i] = calls.join[i] ?? 0;
  }
  giveWaits(calls, ANSWERED, profile.answeredWait, kind, effects, random);
  giveWaits(calls, MISSED, profile.missedWait, kind, effects, random);
  for (let i = 0; i < count; i++)
    if (calls.outcome[i] === ANSWERED) calls.done[i] = (calls.leave[i] ?? 0) + talk(duration, random);
  giveCallbacks(calls, profile, effects, random);
  staff(calls);
  return calls;
}

/** Short of hands, answered calls turn into missed ones and, where the practice offers them, callbacks. */
function underStrain(outcome: number, strain: number, profile: CallProfile, random: Random): number {
  if (strain === 0 || outcome !== ANSWERED || random.next() >= strain * 0.6) return outcome;
  return profile.month.callbackRequested > 0 && random.next() < 0.4 ? CALLBACK : MISSED;
}

/**
 * Waits drawn from the cell's own bands, then dealt out by rank along a congestion that moves slowly: callers of the
 * same minutes wait alike, while the published distribution stays as it is.
 */
function giveWaits(
  calls: PracticeCalls,
  outcome: number,
  shares: Float64Array,
  kind: number,
  effects: SiteEffects,
  random: Random,
): void {
  const slow = congestion(random);
  const members: { index: number; rank: number }[][] = Array.from({ length: BAND_COUNT }, () => []);
  for (let index = 0; index < calls.count; index++) {
    if (calls.outcome[index] !== outcome) continue;
    const arrive = calls.arrive[index] ?? 0;
    members[bandOf(arrive)]?.push({ index, rank: (slow[Math.floor(arrive / 300)] ?? 0) + 0.8 * random.normal() });
  }
  members.forEach((inBand, band) => {
    const cell = ((kind - 1) * BAND_COUNT + band) * 4;
    const waits = Float64Array.from(inBand, () => drawWait(shares, cell, random)).sort();
    inBand.sort((a, b) => a.rank - b.rank);
    inBand.forEach(({ index }, place) => {
      const stretch = (1 - strainAt(calls.arrive[index] ?? 0, effects)) ** -1.2;
      const wait = Math.min(LONGEST_WAIT, Math.round((waits[place] ?? 0) * stretch));
      calls.leave[index] = (calls.join[index] ?? 0) + wait;
    });
  });
}

function drawWait(shares: Float64Array, at: number, random: Random): number {
  const band = random.pick(shares, at, 4);
  const from = WAIT_FROM[band] ?? 0;
  if (band === 3) return from + random.exponential(LONG_WAIT_MEAN);
  return random.between(from, WAIT_TO[band] ?? from);
}

/** A slow wave through the day in steps of 5 minutes: the first callers get through, the queue is longest near 8:30. */
function congestion(random: Random): Float64Array {
  const steps = new Float64Array(288);
  let level = random.normal();
  for (let i = 0; i < steps.length; i++) {
    level = 0.93 * level + 0.37 * random.normal();
    const minutesOpen = i * 5 - OPEN / 60;
    const rush = Math.max(0, minutesOpen) / RUSH_MINUTES;
    steps[i] = level + 2.4 * rush * Math.exp(1 - rush);
  }
  return steps;
}

function talk(shares: readonly number[], random: Random): number {
  const band = random.pick(shares);
  if (band === 3) return Math.round(300 + random.exponential(150));
  return Math.round(random.between([20, 60, 120][band] ?? 20, [60, 120, 300][band] ?? 60));
}

/** Callbacks are made in the order they were asked for, later when the morning is heavy, and none after closing. */
function giveCallbacks(calls: PracticeCalls, profile: CallProfile, effects: SiteEffects, random: Random): void {
  let last = 0;
  for (let i = 0; i < calls.count; i++) {
    if (calls.outcome[i] !== CALLBACK) continue;
    const asked = (calls.join[i] ?? 0) + Math.round(random.between(15, 100));
    const mean = callbackMean(asked) / (1 - strainAt(asked, effects));
    const wanted = Math.max(asked, OPEN) + 120 + mean * (0.3 + Math.min(2, 0.7 * random.exponential(1)));
    const due = Math.max(Math.min(wanted, CLOSE - 300), asked + 60);
    calls.leave[i] = asked;
    calls.made[i] = random.next() < profile.madeShare ? 1 : 0;
    // In order, but a long delay does not hold up all that come after it for good.
    last = Math.max(asked + 60, Math.min(Math.max(due, last), due + 1800));
    calls.done[i] = Math.round(last);
  }
}

/** Mean delay of a callback in seconds: those asked for before opening come first, the rush waits longest. */
function callbackMean(asked: number): number {
  if (asked < OPEN) return 600;
  return asked < MORNING_ENDS ? 2400 : 1300;
}

/** Handlers at work: enough for the busiest moment of each half hour, one at least while the practice is open. */
function staff(calls: PracticeCalls): void {
  const edges: { at: number; step: number }[] = [];
  for (let i = 0; i < calls.count; i++) {
    if (calls.outcome[i] !== ANSWERED) continue;
    edges.push({ at: calls.leave[i] ?? 0, step: 1 }, { at: calls.done[i] ?? 0, step: -1 });
  }
  edges.sort((a, b) => a.at - b.at || a.step - b.step);
  for (let half = OPEN / 1800; half < CLOSE / 1800; half++) calls.staffed[half] = 1;
  let busy = 0;
  let half = 0;
  for (const edge of edges) {
    const until = Math.min(HALF_HOURS - 1, Math.floor(edge.at / 1800));
    for (; half < until; half++) calls.staffed[half + 1] = Math.max(calls.staffed[half + 1] ?? 0, busy);
    busy += edge.step;
    calls.staffed[half] = Math.max(calls.staffed[half] ?? 0, busy);
  }
}
