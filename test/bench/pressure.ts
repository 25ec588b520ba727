import { METRIC_NAMES, metricSpec, type MetricName } from '#shared/model/metrics.ts';
import type { Definition } from '#shared/model/definition.ts';
import { fromInstant, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { createCore, type Core } from '../../server/board/core.ts';
import { outcome, slotGroup, testDefinition } from '../../server/board/fixture.ts';
import { createWorld } from '../../server/board/initial.ts';
import { createLayout, type InstanceLayout, type SiteLayout } from '../../server/board/layout.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import type { World } from '../../server/board/world.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { findSystemFolder } from '../../server/definition/system-folder.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import type { Normal, PollOutcome, Reading } from '../../server/domain/ports.ts';
import { report } from './report.ts';

const MONDAY: EpochMs = fromInstant('2026-11-23T09:30:00Z');
const ROUNDS = 3;
const OBSERVATIONS = 400;

/**
 * What pressure costs: one observation at one site and all that follows from it up to the system, with ten times the
 * sites (the baseline: without); and all of England worked out from nothing but its state (the baseline: once more, when
 * nothing has changed).
 */
export async function runBench(): Promise<void> {
  const shape = { places: 4, neighbourhoods: 10, practices: 10 };
  const quiet: Normal = { usual: () => null, label: 'none' };
  const small = heard(testDefinition(shape), quiet);
  const large = heard(testDefinition({ ...shape, places: 40 }), quiet);
  reportObservations('pressure-observation-400-to-4000-practices', small, large);
  const manchester = await system('greater-manchester');
  const england = await system('england');
  reportObservations('pressure-observation-greater-manchester-to-england', manchester, england);
  const scratch = median(rounds(() => fromScratch(england)));
  const again = median(rounds(() => england.core.evaluateAll(england.at)));
  report('pressure-england-from-scratch', scratch, 'ms', again);
}

interface Heard {
  readonly world: World;
  readonly core: Core;
  readonly at: EpochMs;
}

async function system(id: string): Promise<Heard> {
  const loaded = await loadDefinition(findSystemFolder(id) ?? '');
  if (!loaded.ok) throw new Error(`${id} does not load`);
  const national = await loadNational();
  return heard(loaded.definition, createPublishedNormal(loaded.definition, national));
}

/** A system a while into its Monday, every feed heard each minute, its practices under every kind of pressure. */
function heard(definition: Definition, normal: Normal): Heard {
  const layout = createLayout(definition);
  const world = createWorld(layout, normal, rulesId(definition.rules), MONDAY);
  const core = createCore(world);
  let at = MONDAY;
  for (let minute = 0; minute < 3; minute += 1) {
    core.advance(
      at,
      layout.instances.map((instance) => outcomeOf(layout.sites, instance, at, minute)),
    );
    at += MINUTE;
  }
  return { world, core, at };
}

function outcomeOf(
  sites: readonly (SiteLayout | undefined)[],
  instance: InstanceLayout,
  at: EpochMs,
  minute: number,
): PollOutcome {
  const reporting = instance.siteIndexes.flatMap((index) => sites[index] ?? []);
  const slots = instance.feed.adapter.endsWith('-slots')
    ? reporting.map(({ def, index }) => ({ site: def.id, groups: [slotGroup(at + 2 * HOUR, index % 7, 12)] }))
    : [];
  const readings = slots.length > 0 ? [] : reporting.flatMap((site) => readingsOf(site, instance, minute));
  return outcome(instance.id, at, { readings, slots });
}

const readingsOf = ({ def, index }: SiteLayout, instance: InstanceLayout, minute: number): Reading[] =>
  instance.metrics.flatMap((i): Reading[] => {
    const metric = METRIC_NAMES[i];
    if (metric === undefined) return [];
    return [{ site: def.id, metric, value: valueOf(metric, index, minute) }];
  });

/** Between calm and extreme by the site's index; counters go up. */
function valueOf(metric: MetricName, index: number, minute: number): number {
  const { measure, shape } = metricSpec(metric);
  const pressed = (index * 37) % 10;
  if (shape === 'since-midnight') return 40 + pressed * 6 + minute;
  if (measure === 'share') return 1 - pressed / 12;
  return measure === 'seconds' ? pressed * 120 : pressed * 2;
}

/** One feed instance that brings the slots of one practice alone, and two things it may say in turn. */
function reportObservations(name: string, small: Heard, large: Heard): void {
  const [one, ten] = [small, large].map((system) => median(rounds(() => observations(system))) / OBSERVATIONS);
  report(name, (ten ?? 0) * 1000, 'µs an observation', (one ?? 0) * 1000);
}

let said = 0;

function observations({ world, core, at }: Heard): void {
  const single = world.layout.instances.filter(
    ({ feed, siteIndexes }) =>
      feed.adapter === 'bars-slots' && siteIndexes.length === 1 && world.layout.sites[siteIndexes[0] ?? -1]?.practice,
  );
  for (let n = 0; n < OBSERVATIONS; n += 1) {
    const i = (said += 1);
    const instance = single[(i * 13) % single.length];
    if (!instance) throw new Error('no feed of a single practice');
    const site = instance.sites[0]?.id ?? '';
    // Later by a millisecond each: newer data, and no step of time for the whole board.
    const groups = [slotGroup(at + 2 * HOUR, (i * 5) % 7, 12 + (i % 89))];
    const draft = core.advance(at, [outcome(instance.id, at, { observedAt: at + i, slots: [{ site, groups }] })]);
    // What changes nothing would be measured as next to nothing.
    if (n > 0 && draft.inputs[0]?.slots.length !== 1) throw new Error(`${instance.id} was not heard`);
  }
}

/** Everything the sites and feeds know, in a board that has published nothing yet. */
function fromScratch({ world, at }: Heard): void {
  const fresh = createWorld(world.layout, world.normal, world.rulesVersion, at);
  world.sites.forEach((site, i) => (fresh.sites[i] = site));
  world.feeds.forEach((feed, i) => (fresh.feeds[i] = feed));
  createCore(fresh).evaluateAll(at);
}

/** Processor time of this thread in milliseconds, of each round after two that warm up: others may be using the machine. */
function rounds(run: () => void): number[] {
  const taken: number[] = [];
  for (let i = 0; i < ROUNDS + 2; i += 1) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    if (i >= 2) taken.push((user + system) / 1000);
  }
  return taken;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
