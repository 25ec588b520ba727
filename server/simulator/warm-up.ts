import { setImmediate } from 'node:timers/promises';
import type { UnitDef } from '#shared/model/definition.ts';
import type { Simulation } from './simulation.ts';
import { dayOf, type Day } from './world/day.ts';
import type { World } from './world/world.ts';

/** Real milliseconds of work a turn, and between looks at the clock. */
const SLICE_MS = 12;
const LOOK_EVERY_MS = 2000;
/** Product time before midnight at which tomorrow is made. */
const AHEAD_MS = 30 * 60_000;

/** Makes the calls of these practices where they are not made yet, giving way to everything else after each slice. */
export const makeCalls = (
  world: World,
  sites: readonly UnitDef[],
  day: Day,
  isStopped: () => boolean = () => false,
): Promise<void> =>
  inSlices(
    sites.filter((site) => !world.hasCalls(site, day)),
    (site) => world.calls(site, day),
    isStopped,
  );

/** The same with what a day that is over came to. */
export const makeTotals = (world: World, sites: readonly UnitDef[], day: Day): Promise<void> =>
  inSlices(
    sites.filter((site) => !world.hasTotals(site, day)),
    (site) => world.totals(site, day),
    () => false,
  );

async function inSlices(
  sites: readonly UnitDef[],
  make: (site: UnitDef) => unknown,
  isStopped: () => boolean,
): Promise<void> {
  let started = performance.now();
  for (const site of sites) {
    make(site);
    if (performance.now() - started < SLICE_MS) continue;
    await setImmediate();
    if (isStopped()) return;
    started = performance.now();
  }
}

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
    void makeCalls(moment.world, moment.world.sites.practices, soon, () => stopped).then(() => {
      done.add(key);
      sleep(LOOK_EVERY_MS);
    });
  };
  look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
