import { METRIC_NAMES } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../domain/ports.ts';
import { absenceOfFeed } from './feed-absence.ts';
import type { InstanceLayout } from './layout.ts';
import { settleSources } from './sources.ts';
import type { FeedState } from './state.ts';
import type { World } from './world.ts';

/** Whether the last good answer is too old at `at`. Feeds that never answered have nothing that could be stale. */
export const isStale = (feed: FeedState, at: EpochMs): boolean =>
  feed.observedAt !== null && at - feed.observedAt > feed.status.staleAfterMs;

/** Every value that stands from a feed alone, as readings of its newest document. What others bring too: sources.ts. */
export function standingReadings(world: World, instance: InstanceLayout, feed: FeedState): Applied[] {
  const observedAt = feed.observedAt;
  if (observedAt === null) return [];
  const found: Applied[] = [];
  for (const index of instance.siteIndexes) {
    const site = world.layout.sites[index];
    const state = world.sites[index];
    if (!site || !state) continue;
    for (const i of instance.metrics) {
      const cell = state.cells[i];
      const metric = METRIC_NAMES[i];
      if (!metric || site.contested.has(i) || !cell || cell.value === null) continue;
      found.push({
        unit: site.def.id,
        metric,
        value: cell.value,
        absence: null,
        detail: null,
        observedAt,
        receivedAt: observedAt,
        feed: instance.id,
      });
    }
  }
  return found;
}

/** Feeds whose last answer has just become too old: their instances, with what goes absent. */
export function goStale(world: World, at: EpochMs): { sites: number[]; applied: Applied[] } {
  const sites: number[] = [];
  const applied: Applied[] = [];
  for (const instance of world.layout.instances) {
    const feed = world.feeds[instance.index];
    if (!feed || feed.stale || !isStale(feed, at)) continue;
    feed.stale = true;
    sites.push(...instance.siteIndexes);
    const why = absenceOfFeed(feed);
    for (const reading of standingReadings(world, instance, feed)) {
      applied.push({ ...reading, value: null, ...why, observedAt: at, receivedAt: at });
    }
    if (world.layout.contested.length === 0) continue;
    for (const index of instance.siteIndexes) {
      const site = world.layout.sites[index];
      const state = world.sites[index];
      if (site && state && site.contested.size > 0) {
        applied.push(...settleSources(world, site, state, at, instance.metrics));
      }
    }
  }
  return { sites, applied };
}
