import { METRIC_NAMES, metricSpec, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { MetricState, Unit } from '#shared/model/unit.ts';
import type { Applied } from '../domain/ports.ts';
import { isQuiet } from '../domain/quiet.ts';
import type { World } from './world.ts';

/** Of a site's fed metrics, those that change as time passes, without a word from their feed. */
const PASSING: readonly MetricName[] = ['slots.free', 'slots.free-minutes', 'slots.free-4h'];
const OF_SITES = METRIC_NAMES.filter((name) => metricSpec(name).derived || PASSING.includes(name));

export interface Recorder {
  /** What changed since it was last written down, of all that no feed's reading has put into the history. */
  record(at: EpochMs): Applied[];
}

/** A unit's score as a metric of the history. */
const scoreOf = (unit: Unit): MetricState => {
  if (unit.score !== null) return { value: unit.score, absence: null, observedAt: null };
  return { value: null, absence: unit.open === false ? 'closed' : 'not-reported', observedAt: null };
};

/** What tells one state of a metric from another: its value, or why there is none. */
const said = (now: MetricState): number | string => now.value ?? (isQuiet(now) ? 'quiet' : (now.absence ?? 'absent'));

/**
 * History of what the board works out: scores, the groups' numbers, the sites' derived metrics. They move with every
 * answer of a feed, so they are written down once a minute of the product's clock. What was last written is not part of
 * the state: after a restart all of it is once more.
 */
export function createRecorder(world: World): Recorder {
  const written = world.published.units.map(() => new Map<MetricName, number | string>());
  const seen: (Unit | undefined)[] = [];
  const add = (
    applied: Applied[],
    unit: Unit,
    last: Map<MetricName, number | string>,
    at: EpochMs,
    name: MetricName,
  ) => {
    const now = name === 'pressure.score' ? scoreOf(unit) : unit.metrics[name];
    if (now === undefined) return;
    const state = said(now);
    if (last.get(name) === state) return;
    last.set(name, state);
    const { value, absence } = now;
    const detail = now.detail ?? null;
    applied.push({ unit: unit.id, metric: name, value, absence, detail, observedAt: at, receivedAt: at, feed: null });
  };
  return {
    record(at) {
      const applied: Applied[] = [];
      world.published.units.forEach((unit, i) => {
        const last = written[i];
        // A unit that changes is replaced: the same object has nothing new to say.
        if (!last || seen[i] === unit) return;
        seen[i] = unit;
        for (const name of unit.kind === 'site' ? OF_SITES : METRIC_NAMES) add(applied, unit, last, at, name);
      });
      return applied;
    },
  };
}
