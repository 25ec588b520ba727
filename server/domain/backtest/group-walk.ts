import { MINUTE } from '#shared/model/time.ts';
import { levelOf, NO_STANDING, step, type Standing } from '../pressure/levels.ts';
import { scoreGroup, type GroupScore, type Parts } from '../pressure/rollup.ts';
import type { Day } from './day.ts';
import type { Plan, PlanGroup } from './plan.ts';
import { isLevel, STATE, type Track } from './track.ts';

type Rules = Plan['rules'][number];
type Sums = { -readonly [name in keyof Parts]: number };

const nothing = (): Sums => ({
  open: 0,
  known: 0,
  scored: 0,
  distressed: 0,
  extreme: 0,
  worst: -1,
  lastKnown: 0,
  lastScored: 0,
  lastDistressed: 0,
  lastExtreme: 0,
  lastWorst: -1,
});

/** One side of one group, carried from day to day. */
export interface GroupState {
  standing: Standing;
  /** Readings that have come due, with their fraction. */
  readings: number;
  readonly sums: Sums;
}

export const createGroupState = (): GroupState => ({ standing: NO_STANDING, readings: 0, sums: nothing() });

function empty(sums: Sums): void {
  sums.open = 0;
  sums.known = 0;
  sums.scored = 0;
  sums.distressed = 0;
  sums.extreme = 0;
  sums.worst = -1;
  sums.lastKnown = 0;
  sums.lastScored = 0;
  sums.lastDistressed = 0;
  sums.lastExtreme = 0;
  sums.lastWorst = -1;
}

/** As the board folds a practice into its group: weighed by its last known score while it is open. */
function addPractice(sums: Sums, track: Track, m: number, population: number): void {
  const state = track.states[m] ?? STATE.closed;
  if (state === STATE.closed || state === STATE.notRecorded) return;
  sums.open += population;
  const scored = track.scores[m] ?? -1;
  if (scored < 0) return;
  const score = scored / 10;
  const severity = track.severity[m] ?? 1;
  const severe = severity >= 3 ? population : 0;
  const extreme = severity >= 4 ? population : 0;
  sums.lastKnown += population;
  sums.lastScored += score * population;
  sums.lastDistressed += severe;
  sums.lastExtreme += extreme;
  sums.lastWorst = Math.max(sums.lastWorst, score);
  if (!isLevel(state)) return;
  sums.known += population;
  sums.scored += score * population;
  sums.distressed += severe;
  sums.extreme += extreme;
  sums.worst = Math.max(sums.worst, score);
}

function addGroup(sums: Sums, part: Sums): void {
  sums.open += part.open;
  sums.known += part.known;
  sums.scored += part.scored;
  sums.distressed += part.distressed;
  sums.extreme += part.extreme;
  sums.worst = Math.max(sums.worst, part.worst);
  sums.lastKnown += part.lastKnown;
  sums.lastScored += part.lastScored;
  sums.lastDistressed += part.lastDistressed;
  sums.lastExtreme += part.lastExtreme;
  sums.lastWorst = Math.max(sums.lastWorst, part.lastWorst);
}

/** Readings a minute that a group hears of, from all of its practices. */
export type Rates = readonly number[];

export function groupRates(plan: Plan): Rates {
  const rates: number[] = [];
  for (const group of plan.groups) {
    const own = group.sites.reduce((sum, place) => {
      const every = Math.min(...(plan.sites[place]?.metrics.map(({ everyMs }) => everyMs) ?? []));
      return sum + MINUTE / every;
    }, 0);
    rates[group.place] = own + group.groups.reduce((sum, part) => sum + (rates[part] ?? 0), 0);
  }
  return rates;
}

/** Lives through one day of every group on one side, parts before wholes. `states` and `tracks` by place of the group. */
export function walkGroups(
  plan: Plan,
  rules: Rules,
  rates: Rates,
  states: readonly GroupState[],
  day: Day,
  siteTracks: readonly (Track | undefined)[],
  tracks: readonly Track[],
): void {
  for (let m = 0; m < day.minutes; m += 1) {
    for (const group of plan.groups) {
      const state = states[group.place];
      const track = tracks[group.place];
      if (!state || !track) continue;
      if (day.recorded[m] !== 1) {
        track.states[m] = STATE.notRecorded;
        continue;
      }
      fold(plan, group, state.sums, states, siteTracks, m);
      const score = scoreGroup(state.sums, rules);
      standAt(state, score, day.start + m * MINUTE, rates[group.place] ?? 0, rules);
      track.states[m] = score.closed ? STATE.closed : (state.standing.level ?? STATE.unknown);
    }
  }
}

function fold(
  plan: Plan,
  group: PlanGroup,
  sums: Sums,
  states: readonly GroupState[],
  siteTracks: readonly (Track | undefined)[],
  m: number,
): void {
  empty(sums);
  for (const place of group.sites) {
    const track = siteTracks[place];
    const site = plan.sites[place];
    if (track && site) addPractice(sums, track, m, site.population);
  }
  for (const place of group.groups) {
    const part = states[place];
    if (part) addGroup(sums, part.sums);
  }
}

function standAt(state: GroupState, score: GroupScore, at: number, rate: number, rules: Rules): void {
  if (score.closed) {
    // Closing ends a day: the next opening starts from nothing, not from yesterday evening.
    state.standing = NO_STANDING;
    state.readings = 0;
    return;
  }
  state.readings = Math.min(state.readings + rate, rules.hysteresis.riseAfter + 1);
  const heard = Math.floor(state.readings);
  state.readings -= heard;
  const reading = { ...score, at };
  state.standing = step(state.standing, { ...reading, fresh: heard > 0 }, rules);
  for (let n = 1; n < heard && wants(score, state.standing, rules); n += 1) {
    state.standing = step(state.standing, { ...reading, fresh: true }, rules);
  }
}

const wants = (score: GroupScore, { level }: Standing, rules: Rules): boolean =>
  score.score !== null && level !== null && Math.max(levelOf(score.score, rules.levels), score.floor) > level;
