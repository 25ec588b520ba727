import type { MetricName } from '#shared/model/metrics.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Normal, SampleBlock } from '../ports.ts';
import type { Day } from './day.ts';
import { createFences, forgetFences, moveFences, setFences } from './fences.ts';
import type { Plan, PlanSite } from './plan.ts';
import {
  askUsual,
  createReadings,
  endCounters,
  readingEveryMs,
  passSample,
  takeSample,
  type Fences,
  type Readings,
} from './readings.ts';
import {
  close,
  createSideState,
  fades,
  holds,
  read,
  rescore,
  severityNow,
  stateNow,
  turns,
  waits,
  type SideState,
} from './side.ts';
import { createStream, type Stream } from './stream.ts';
import { STATE, type Track } from './track.ts';

/** Own normals move slowly: asked for this often, in minutes. */
const USUAL_EVERY = 5;

/** What is carried from one day of a site to the next. */
export interface SiteState {
  readonly readings: Readings;
  readonly sides: readonly SideState[];
  readonly fences: Fences;
  /** Open when last looked at, and judged in the minute before: a gap in the recording lies between the two. */
  open: boolean;
  judging: boolean;
  /** When something of the site was last told. */
  lastReading: EpochMs;
}

export const createSiteState = (site: PlanSite): SiteState => ({
  readings: createReadings(site),
  sides: site.sides.map(createSideState),
  fences: createFences(site),
  open: false,
  judging: false,
  lastReading: 0,
});

/**
 * Lives through one day of one site: evaluates where something changed, at every minute otherwise only what time itself
 * moves. `blocks`: the day's samples of each metric, ascending. Fills one track a side.
 */
export function walkSite(
  plan: Plan,
  site: PlanSite,
  state: SiteState,
  day: Day,
  blocks: ReadonlyMap<MetricName, readonly SampleBlock[]>,
  normal: Pick<Normal, 'usual'>,
  tracks: readonly Track[],
): void {
  const stream = createStream(site, blocks);
  const walk = createWalk(plan, site, state, day, normal, stream);
  const open = day.open(site.hours, site.def.bankHolidays);
  endCounters(site, state.readings);
  for (let m = 0; m < day.minutes; m += 1) {
    const t = day.start + m * MINUTE;
    const recorded = day.recorded[m] === 1;
    if (recorded && open[m] === 1) walk.judgeMinute(m, t);
    else walk.passMinute(t, recorded);
    tracks.forEach((track, side) => {
      const own = state.sides[side];
      if (!own) return;
      track.states[m] = !recorded ? STATE.notRecorded : open[m] === 1 ? stateNow(own) : STATE.closed;
      track.scores[m] = own.lastScore === null ? -1 : Math.round(own.lastScore * 10);
      track.severity[m] = severityNow(own);
    });
  }
}

function createWalk(
  plan: Plan,
  site: PlanSite,
  state: SiteState,
  day: Day,
  normal: Pick<Normal, 'usual'>,
  stream: Stream,
) {
  const { readings, fences } = state;
  const changed: number[] = [];
  /** Takes in what was observed up to `at`; true where something was told, rather than merely gone. */
  const take = (at: EpochMs): boolean => {
    let told = false;
    while (stream.at <= at) {
      const { place, block, index } = stream;
      if (takeSample(site, readings, fences, place, block, index)) changed.push(place);
      told ||= !Number.isNaN(block.value[index] ?? NaN);
      stream.next();
    }
    return told;
  };
  const pass = (place: number, block: SampleBlock, index: number): boolean => {
    if (!passSample(site, readings, fences, place, block, index)) return false;
    state.lastReading = Math.max(state.lastReading, block.at[index] ?? 0);
    return true;
  };
  let waiting = false;
  const evaluate = (at: EpochMs, minute: number, fresh: boolean, tick: boolean, all: boolean) => {
    const now = { at, minute };
    let whole = all;
    let moved = false;
    waiting = false;
    for (let i = 0; i < state.sides.length; i += 1) {
      const [own, side, rules] = [state.sides[i], site.sides[i], plan.rules[i]];
      if (!own || !side || !rules) continue;
      const due = all || (tick && (side.edges.has(minute) || holds(own)));
      const anew = due || turns(site, side, own, readings, changed, now);
      // What it was judged at stood until now.
      if (anew && !all) read(own, at - 1, false, rules);
      if (anew) rescore(site, side, own, readings, now, rules);
      if (anew || (fresh && waits(own, rules))) read(own, at, fresh, rules);
      whole ||= due;
      moved ||= anew;
      waiting ||= waits(own, rules);
    }
    if (whole) setFences(site, readings, state.sides, fences);
    else if (moved) for (const place of changed) moveFences(site, readings, state.sides, fences, place);
    changed.length = 0;
    if (fresh) state.lastReading = Math.max(state.lastReading, at);
  };
  /** A level whose time is over by the end of the minute has gone by then. */
  const settle = (at: EpochMs) => {
    state.sides.forEach((own, i) => {
      const rules = plan.rules[i];
      if (rules && fades(own, rules)) read(own, at, false, rules);
    });
  };
  const dueAt = () => state.lastReading + readingEveryMs(site, readings);

  return {
    judgeMinute(m: number, t: EpochMs): void {
      const minute = day.local[m] ?? 0;
      if (!waiting) stream.skip(t + 1, pass);
      const told = take(t) || state.lastReading >= t;
      const begins = !state.judging;
      state.judging = true;
      state.open = true;
      const usualMoved: number[] = [];
      if (begins || m % USUAL_EVERY === 0) {
        for (const place of site.usual) {
          if (!askUsual(site, readings, place, t, normal.usual)) continue;
          usualMoved.push(place);
          changed.push(place);
        }
      }
      // Feeds tell the same again and again; the history has only what changed.
      evaluate(t, minute, told || t >= dueAt(), true, begins);
      // Cut-offs may have moved with what is usual, though no verdict has.
      for (const place of usualMoved) moveFences(site, readings, state.sides, fences, place);
      const end = t + MINUTE;
      for (;;) {
        // While no rise waits, most of what is told changes nothing: it is passed over without being put in order.
        if (!waiting) stream.skip(end, pass);
        const next = Math.min(stream.at, waiting ? dueAt() : Infinity);
        if (next >= end) break;
        const at = Math.max(next, t);
        const repeated = at < stream.at;
        const fresh = take(at) || repeated;
        if (waiting || changed.length > 0) evaluate(at, minute + (at - t) / MINUTE, fresh, false, false);
        else if (fresh) state.lastReading = Math.max(state.lastReading, at);
      }
      settle(end - 1);
    },
    /** A minute that is not judged: what is told in it stands when judging goes on. */
    passMinute(t: EpochMs, recorded: boolean): void {
      if (stream.at < t + MINUTE) {
        take(t + MINUTE - 1);
        changed.length = 0;
      }
      if (state.judging) {
        forgetFences(fences);
        state.sides.forEach((own, i) => {
          const rules = plan.rules[i];
          if (rules) read(own, t - 1, false, rules);
        });
      }
      // A gap in the recording is no closing: the board that comes back goes on from where it stood.
      if (state.open && recorded) {
        state.open = false;
        state.sides.forEach((own, i) => {
          const rules = plan.rules[i];
          if (rules) close(own, t, rules);
        });
      }
      state.judging = false;
    },
  };
}
