import type { MetricName } from '#shared/model/metrics.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Normal, SampleBlock } from '../ports.ts';
import type { Day } from './day.ts';
import { forgetFences, moveFences } from './fences.ts';
import type { Plan, PlanSite } from './plan.ts';
import { askUsual, endCounters, readingEveryMs } from './readings.ts';
import { severityNow, stateNow } from './side.ts';
import { createLook } from './site-look.ts';
import type { SiteState } from './site-state.ts';
import { createStream, type Stream } from './stream.ts';
import { STATE, type Track } from './track.ts';

/** Own normals move slowly: asked for this often, in minutes. */
const USUAL_EVERY = 5;

/**
 * Lives through one day of one site: evaluates where something leaves the range in which it tells nothing new, or where
 * time itself moves something. `blocks`: the day's samples of each metric, ascending. Fills one track a side.
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
  endCounters(site, state.readings);
  const stream = createStream(site, state.readings, state.fences, day, blocks);
  const walk = createWalk(plan, site, state, day, normal, stream);
  const open = day.open(site.hours, site.def.bankHolidays);
  for (let m = 0; m < day.minutes; m += 1) {
    const t = day.start + m * MINUTE;
    const recorded = day.recorded[m] === 1;
    const isOpen = open[m] === 1;
    if (recorded && isOpen) walk.judgeMinute(m, t);
    else walk.passMinute(t, recorded);
    for (let side = 0; side < tracks.length; side += 1) {
      const [track, own] = [tracks[side], state.sides[side]];
      if (!track || !own) continue;
      track.states[m] = !recorded ? STATE.notRecorded : isOpen ? stateNow(own) : STATE.closed;
      track.scores[m] = own.lastScore === null ? -1 : Math.round(own.lastScore * 10);
      track.severity[m] = severityNow(own);
    }
  }
  walk.end();
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
  let waiting = false;
  /** Until then nothing that is told changes a verdict. */
  let quietUntil = 0;
  const look = createLook(plan, site, state, changed);
  const hear = (at: EpochMs) => (state.lastReading = Math.max(state.lastReading, at));
  const dueAt = () => state.lastReading + readingEveryMs(site, readings);
  const evaluate = (at: EpochMs, minute: number, fresh: boolean, tick: boolean, all: boolean) => {
    waiting = look.evaluate(at, minute, fresh, tick, all);
    if (fresh) hear(at);
  };
  const usualMoved = (t: EpochMs): number[] =>
    site.usual.filter((place) => askUsual(site, readings, place, t, normal.usual));

  const liveMinute = (m: number, t: EpochMs, moved: readonly number[]) => {
    const minute = day.local[m] ?? 0;
    const begins = !state.judging;
    if (!waiting) hear(stream.pass(t + 1));
    const told = stream.take(t, changed) || state.lastReading >= t;
    changed.push(...moved);
    // Feeds tell the same again and again; the history has only what changed.
    evaluate(t, minute, told || t >= dueAt(), true, begins);
    // Cut-offs may have moved with what is usual, though no verdict has.
    for (const place of moved) moveFences(site, readings, state.sides, fences, place);
    const end = t + MINUTE;
    for (;;) {
      // While no rise waits, most of what is told changes nothing: it is passed over without being put in order.
      if (!waiting) hear(stream.pass(end));
      const told = stream.next();
      const next = Math.min(told, waiting ? dueAt() : Infinity);
      if (next >= end) break;
      const at = Math.max(next, t);
      const fresh = stream.take(at, changed) || at < told;
      if (waiting || changed.length > 0) evaluate(at, minute + (at - t) / MINUTE, fresh, false, false);
      else if (fresh) hear(at);
    }
    quietUntil = waiting ? 0 : stream.firstBreak();
  };
  /** Nothing leaves its fences: what is heard only tells that the feeds live. */
  const passQuietly = (m: number, t: EpochMs) => {
    const last = stream.lastTold(m);
    if (last > 0) hear(last);
    else if (t >= dueAt()) hear(t);
  };

  return {
    judgeMinute(m: number, t: EpochMs): void {
      const end = t + MINUTE;
      const begins = !state.judging;
      if (begins) stream.catchUp(t);
      const moved = begins || m % USUAL_EVERY === 0 ? usualMoved(t) : NONE_MOVED;
      const live = begins || quietUntil < end || moved.length > 0 || look.due(day.local[m] ?? 0);
      if (live) liveMinute(m, t, moved);
      else passQuietly(m, t);
      state.judging = true;
      state.open = true;
      if (look.settle(end - 1)) quietUntil = 0;
    },
    /** A minute that is not judged: what is told in it stands when judging goes on. */
    passMinute(t: EpochMs, recorded: boolean): void {
      if (state.judging) {
        forgetFences(fences);
        quietUntil = 0;
        look.leave(t - 1);
      }
      // A gap in the recording is no closing: the board that comes back goes on from where it stood.
      if (state.open && recorded) {
        state.open = false;
        look.close(t);
      }
      state.judging = false;
    },
    /** Whatever was told by the end of the day stands tomorrow. */
    end: () => stream.catchUp(day.end),
  };
}

const NONE_MOVED: readonly number[] = [];
