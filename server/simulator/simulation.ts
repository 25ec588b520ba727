import type { AdapterName, Definition, National, UnitDef } from '#shared/model/definition.ts';
import type { Scenario } from '#shared/model/scenario.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { createDirectory, type Directory } from './directory.ts';
import { memoryLog, type OutsideLog } from './outside-log.ts';
import type { RunClock } from './run-clock.ts';
import { dayOf, type Day } from './world/day.ts';
import { outageAt, type FeedOutage } from './world/effects.ts';
import type { OutsideChange } from './world/outside.ts';
import { createWorld, type World } from './world/world.ts';

/** One moment of the simulated world, as a request finds it. */
export interface Moment {
  readonly at: EpochMs;
  /** The time that answers say it is: another one where a supplier's clock is off. */
  readonly stamp: EpochMs;
  readonly day: Day;
  readonly wall: number;
  readonly world: World;
  readonly seed: number;
}

/** World, clock and suppliers together: what the HTTP side asks. */
export interface Simulation {
  readonly definition: Definition;
  readonly directory: Directory;
  now(): Moment;
  /** The same world at an earlier time. */
  at(at: EpochMs): Moment;
  /** Changes slots of the site's day at the request of an outsider: kept on the disk before it counts. */
  change(moment: Moment, site: UnitDef, changes: readonly OutsideChange[]): void;
  outage(moment: Moment, supplier: string, adapter: AdapterName, site: UnitDef | null): FeedOutage | null;
}

export function createSimulation(
  input: { readonly definition: Definition; readonly national: National; readonly scenario: Scenario | null },
  clock: RunClock,
  log: OutsideLog = memoryLog(),
): Simulation {
  const { definition, scenario } = input;
  const make = (seed: number) => {
    const outside = log.events.filter((event) => event.seed === seed);
    return { seed, world: createWorld({ ...input, seed, outside }) };
  };
  let current = make(clock.run.seed);
  let day = dayOf(clock.now());
  const moment = (at: EpochMs, its: Day): Moment => ({
    at,
    stamp: at,
    day: its,
    wall: its.wallAt(at),
    world: current.world,
    seed: current.seed,
  });
  return {
    definition,
    directory: createDirectory(definition),
    now: () => {
      const at = clock.now();
      if (clock.run.seed !== current.seed) current = make(clock.run.seed);
      if (at < day.start || at >= day.end) day = dayOf(at);
      return moment(at, day);
    },
    at: (at) => moment(at, dayOf(at)),
    change: ({ at, day: today, seed, world }, site, changes) => {
      const event = { seed, at, date: today.date, site: site.id, changes: [...changes] };
      log.append(event);
      world.take(event);
    },
    outage: ({ day: today, wall, world }, supplier, adapter, site) =>
      outageAt(scenario, today, wall, {
        supplier,
        adapter,
        site,
        lineage: site ? world.sites.lineage(site.id) : new Set(),
      }),
  };
}
