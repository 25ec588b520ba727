import { setImmediate as breathe } from 'node:timers/promises';
import type { Definition } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, localDate, type EpochMs } from '#shared/model/time.ts';
import { SEARCHED_DAYS } from '../domain/normal/cells.ts';
import { classAt, classesFor } from '../domain/normal/day-class.ts';
import { createDayProfile, type DayProfile, type ProfileRow } from '../domain/normal/day-profile.ts';
import { LEARNED } from '../domain/normal/learned-metrics.ts';
import { metricCells, type NormalSite, type SiteCells } from '../domain/normal/metric-day.ts';
import type { PublishedNormal } from '../domain/normal/published.ts';
import type { LearnedStore } from './normals.ts';

export interface BuildDeps {
  readonly definition: Definition;
  readonly store: LearnedStore;
  readonly published: PublishedNormal;
}

const sitesOf = (definition: Definition): readonly NormalSite[] => definition.units.filter((u) => u.siteKind !== null);

/**
 * First date that the normal of `day` does not know of: the day before. So it is ready before its day begins, and the same
 * whenever it is told again.
 */
const unknownFrom = (day: EpochMs): string => Temporal.PlainDate.from(localDate(day)).subtract({ days: 1 }).toString();

/** A practice's own published months say more of it than its peers do. */
const settledBy = (published: PublishedNormal) => (site: string, metric: MetricName) =>
  published.basis(site) === 'own' && published.metrics.has(metric);

/** One metric of a day for all sites, told from the store. */
export async function metricCellsOf(
  { definition, store, published }: BuildDeps,
  day: EpochMs,
  metric: MetricName,
): Promise<ReadonlyMap<string, SiteCells>> {
  const kind = classAt(day);
  // With Sundays, should some sites open on bank holidays: each site takes of them what is like its own day.
  const days = await store.days(metric, classesFor(kind, true), unknownFrom(day), SEARCHED_DAYS);
  const steps = metricCells(metric, kind, sitesOf(definition), days, settledBy(published));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}

/** The whole profile of a day, metric by metric. Null where nothing is known, or `stop` says to leave off. */
export async function buildProfile(
  deps: BuildDeps,
  span: Pick<DayProfile, 'day' | 'from'>,
  stop: () => boolean,
): Promise<DayProfile | null> {
  const rows: ProfileRow[] = [];
  const known = await deps.store.metrics();
  for (const metric of LEARNED.filter((name) => known.has(name))) {
    if (stop()) return null;
    const cells = await metricCellsOf(deps, span.day, metric);
    for (const [site, { source, kind, alike, cells: found }] of cells) {
      rows.push({ site, metric, source, kind, alike, days: found.days, usual: found.usual });
    }
  }
  return rows.length === 0 ? null : createDayProfile({ ...span, end: dayEnd(span.day) }, rows);
}
