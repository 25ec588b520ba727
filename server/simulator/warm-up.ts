import type { Simulation } from './simulation.ts';
import { dayOf } from './world/day.ts';

/** Real milliseconds of work a turn, and between looks at the clock. */
const SLICE_MS = 12;
const LOOK_EVERY_MS = 2000;
/** Product time before midnight at which tomorrow is made. */
const AHEAD_MS = 30 * 60_000;

/**
 * Makes the day's calls before anybody asks, a slice at a time, and tomorrow's shortly before midnight: no request has
 * to wait for a whole supplier. Returns the way to stop it.
 */
export function startWarmUp(simulation: Simulation): () => void {
  const done = new Set<string>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const sleep = (ms: number) => {
    if (!stopped) timer = setTimeout(look, ms);
  };
  const look = () => {
    const moment = simulation.now();
    const soon = moment.day.end - moment.at < AHEAD_MS ? dayOf(moment.day.end) : moment.day;
    const key = `${moment.seed} ${soon.date}`;
    if (done.has(key)) return sleep(LOOK_EVERY_MS);
    const { practices } = moment.world.sites;
    let next = 0;
    const slice = () => {
      const started = performance.now();
      while (next < practices.length && performance.now() - started < SLICE_MS) {
        const site = practices[next++];
        if (site) moment.world.calls(site, soon);
      }
      if (next < practices.length) timer = stopped ? undefined : setTimeout(slice, 1);
      else {
        done.add(key);
        sleep(LOOK_EVERY_MS);
      }
    };
    slice();
  };
  look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
