import { setImmediate as breathe } from 'node:timers/promises';
import type { Definition, UnitDef } from '#shared/model/definition.ts';
import { isOpen } from '#shared/model/calendar.ts';
import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import { dayEnd, localDate, QUARTER, type EpochMs } from '#shared/model/time.ts';
import { dayClass, isExample } from '../domain/normal/day-class.ts';
import { createDayFold, dayFrame, type DayFold, type DayFrame } from '../domain/normal/day-fold.ts';
import { holdOf, LEARNED } from '../domain/normal/learned-metrics.ts';
import type { SampleReader } from '../domain/ports.ts';
import { chunks } from './chunks.ts';
import type { LearnedStore } from './normals.ts';
import type { Span } from './recording.ts';

/** Bounds what one read holds up: so many pairs of site and metric at a time. */
const METRICS_AT_ONCE = 6;
const SITES_AT_ONCE = 60;

export interface LearnDeps {
  readonly definition: Definition;
  readonly reader: SampleReader;
  readonly store: LearnedStore;
  /** When the server was recording. */
  readonly spans: (from: EpochMs, to: EpochMs) => Promise<readonly Span[]>;
}

/**
 * Learns one London day of every site: reads its history in parts, folds it and puts it in the place of what the day was
 * learned as before. Ends early when `stop` says so: the day is then not marked as learned and comes again.
 */
export async function learnDay(deps: LearnDeps, day: EpochMs, now: EpochMs, stop: () => boolean): Promise<boolean> {
  const date = localDate(day);
  const frame = dayFrame(day, await deps.spans(day, dayEnd(day)));
  if (!isExample(date) || frame.spans.length === 0) {
    await deps.store.markLearned(date, now);
    return true;
  }
  const shut = shutBySite(deps.definition, frame);
  const sites = deps.definition.units.filter((unit) => unit.siteKind !== null);
  for (const metrics of chunks(LEARNED, METRICS_AT_ONCE)) {
    const learned = new Map(metrics.map((metric) => [metric, new Map<string, Float32Array>()]));
    for (const some of chunks(sites, SITES_AT_ONCE)) {
      if (stop()) return false;
      await learnSome(deps, frame, some, metrics, shut, learned);
      await breathe();
    }
    for (const [metric, rows] of learned) await deps.store.save(metric, date, dayClass(date), rows);
  }
  await deps.store.markLearned(date, now);
  return true;
}

type Shut = (site: UnitDef, metric: MetricName) => (quarter: number) => boolean;

async function learnSome(
  { reader }: LearnDeps,
  frame: DayFrame,
  sites: readonly UnitDef[],
  metrics: readonly MetricName[],
  shut: Shut,
  learned: ReadonlyMap<MetricName, Map<string, Float32Array>>,
): Promise<void> {
  const folds = new Map<string, { readonly site: string; readonly metric: MetricName; readonly fold: DayFold }>();
  const byId = new Map(sites.map((site) => [site.id, site]));
  for await (const block of reader.samples({ units: [...byId.keys()], metrics, from: frame.start, to: frame.end })) {
    const key = `${block.metric} ${block.unit}`;
    let known = folds.get(key);
    if (known === undefined) {
      const site = byId.get(block.unit);
      if (site === undefined) continue;
      const { metric } = block;
      const wholeDays = metricSpec(metric).measure === 'count';
      const fold = createDayFold(frame, { hold: holdOf(metric), shut: shut(site, metric), wholeDays });
      folds.set(key, (known = { site: site.id, metric, fold }));
    }
    known.fold.push(block.at, block.value, block.absence);
  }
  for (const { site, metric, fold } of folds.values()) {
    const row = fold.finish();
    if (row) learned.get(metric)?.set(site, row);
  }
}

const NEVER = () => false;

/**
 * As the board has it: the queues of a shut site have no length, its slots are of no interest on a day on which it never
 * opens, and its counters go on counting.
 */
function shutBySite(definition: Definition, frame: DayFrame): Shut {
  const known = new Map<string, { readonly quarters: readonly boolean[]; readonly allDay: boolean }>();
  const hoursOf = (site: UnitDef) => {
    const hours = site.opening ?? definition.coreHours;
    const key = `${String(site.bankHolidays)}${JSON.stringify(hours)}`;
    let found = known.get(key);
    if (found === undefined) {
      const quarters = Array.from(
        frame.local,
        (_, q) => !isOpen(hours, frame.start + (q + 0.5) * QUARTER, site.bankHolidays),
      );
      known.set(key, (found = { quarters, allDay: quarters.every(Boolean) }));
    }
    return found;
  };
  return (site, metric) => {
    const { derived, shape } = metricSpec(metric);
    const { quarters, allDay } = hoursOf(site);
    if (metric.startsWith('slots.') || metric.startsWith('appointments.')) return () => allDay;
    return derived || shape === 'since-midnight' ? NEVER : (quarter) => quarters[quarter] === true;
  };
}
