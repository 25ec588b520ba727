import { METRIC_NAMES, metricSpec, type MetricName } from '#shared/model/metrics.ts';
import type { Definition } from '#shared/model/definition.ts';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import { outcome, slotGroup } from '../../server/board/fixture.ts';
import { createLayout, type InstanceLayout } from '../../server/board/layout.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { findSystemFolder } from '../../server/definition/system-folder.ts';
import type { PollOutcome, Reading } from '../../server/domain/ports.ts';
import { dice } from './made-history.ts';

export async function greaterManchester(): Promise<Definition> {
  const loaded = await loadDefinition(findSystemFolder('greater-manchester') ?? '');
  if (!loaded.ok) throw new Error('greater-manchester does not load');
  return loaded.definition;
}

const SECOND = 1000;
/** Of the figures that a poll brings, so many have moved since the one before: as in the demonstration's mornings. */
const MOVES = 0.06;
const FAILS = 0.004;

/** Every feed of a system on a busy morning, polled at its own period, its figures wandering. */
export function busyMorning(definition: Definition): (at: EpochMs) => PollOutcome[] {
  const { instances } = createLayout(definition);
  const roll = dice(11);
  const voices = instances.map((instance) => createVoice(instance, roll));
  const offset = ({ index, everyMs }: InstanceLayout) => ((index * 7919) % Math.max(1, everyMs / SECOND)) * SECOND;
  return (at) => {
    const due = instances.filter((each) => (Math.floor(at / SECOND) * SECOND) % each.everyMs === offset(each));
    return due.flatMap((each) => voices[each.index]?.(at) ?? []);
  };
}

function createVoice(instance: InstanceLayout, roll: () => number): (at: EpochMs) => PollOutcome {
  const sites = instance.sites.map(({ id }) => id);
  const values = new Map<string, number>();
  const free = new Map<string, number>();
  const wander = (site: string, metric: MetricName): Reading => {
    const key = `${site}/${metric}`;
    const { measure, shape } = metricSpec(metric);
    const before = values.get(key);
    let value = before ?? (measure === 'share' ? roll() : Math.floor(roll() * (measure === 'seconds' ? 600 : 20)));
    if (before !== undefined && roll() < MOVES) {
      const size = measure === 'seconds' ? 40 : 3;
      const step = shape === 'since-midnight' ? Math.ceil(roll() * 3) : Math.round((roll() - 0.5) * 2 * size);
      value = measure === 'share' ? Math.round(roll() * 1000) / 1000 : Math.max(0, value + step);
    }
    values.set(key, value);
    return { site, metric, value };
  };
  const slotsOf = (site: string, at: EpochMs) => {
    const first = Math.ceil(at / HOUR) * HOUR;
    const groups = Array.from({ length: 8 }, (_, hour) => {
      const start = first + hour * HOUR;
      const key = `${site}/${start}`;
      const left = Math.max(0, (free.get(key) ?? 6) - (roll() < MOVES ? 1 : 0));
      free.set(key, left);
      return slotGroup(start, left, 12 - left);
    });
    return { site, groups };
  };
  return (at) => {
    const latencyMs = 20 + Math.floor(roll() * 400);
    if (roll() < FAILS) {
      return outcome(instance.id, at, { state: 'timeout', fault: 'no answer within 5 s', observedAt: null, latencyMs });
    }
    const bytes = 500 + Math.floor(roll() * 5000);
    const observedAt = at - Math.floor(roll() * 4) * SECOND;
    if (instance.feed.adapter.endsWith('-slots')) {
      return outcome(instance.id, at, { observedAt, latencyMs, bytes, slots: sites.map((site) => slotsOf(site, at)) });
    }
    const readings = sites.flatMap((site) =>
      instance.metrics.flatMap((number) => {
        const metric = METRIC_NAMES[number];
        return metric === undefined ? [] : [wander(site, metric)];
      }),
    );
    return outcome(instance.id, at, { observedAt, latencyMs, bytes, readings });
  };
}
