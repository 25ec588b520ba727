import type { Unit } from '#shared/model/unit.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Normal } from '../domain/ports.ts';
import { createCoreHours } from '../domain/core-hours.ts';
import { createDays } from '../domain/days.ts';
import { createLocalMoments } from '../domain/normal/day-type.ts';
import { NO_STANDING } from '../domain/pressure/levels.ts';
import { createWeeks } from '../domain/week.ts';
import type { Layout } from './layout.ts';
import { createOpenings } from './openings.ts';
import { createMemory } from './memory.ts';
import { createInstants, createPublished } from './publish.ts';
import { createSiteState, type FeedState } from './state.ts';
import { createThinNormals } from './thin.ts';
import type { World } from './world.ts';

/** The board before it has heard anything: every unit there, nothing known. */
export function createWorld(layout: Layout, normal: Normal, rulesVersion: string, at: EpochMs): World {
  const instant = createInstants();
  const { definition } = layout;
  const text = instant(at);
  const units = definition.units.map((def, index): Unit => {
    const site = layout.sites[index];
    return {
      id: def.id,
      kind: def.kind,
      siteKind: def.siteKind,
      parent: def.parent,
      name: def.name,
      population: def.population,
      level: null,
      score: null,
      trend: null,
      coverage: 0,
      drivers: [],
      metrics: {},
      declared: null,
      at: text,
      levelSince: null,
      keptUntil: null,
      confidence: null,
      beside: null,
      rollup: null,
      sentence: 'Nothing has been heard yet.',
      brief: '',
      indicators: [],
      day: '',
      trail: [],
      slotHours: [],
      feeds: site ? [...site.feeds] : [],
      reporting: { of: site ? 1 : 0, sites: 0 },
      position: def.position,
      illustrative: def.illustrative,
      open: site ? false : null,
    };
  });
  return {
    layout,
    normal,
    days: createDays(),
    moment: createLocalMoments(),
    instant,
    coreHours: createCoreHours(definition.coreHours),
    weeks: createWeeks(),
    openings: createOpenings(),
    thin: createThinNormals({ normal }),
    published: createPublished(units, instant),
    memory: createMemory(units, layout.parents),
    sites: layout.sites.map((site) => site && createSiteState(definition.rules.indicators.length, site.places)),
    groups: definition.units.map((def) =>
      def.kind === 'site' ? undefined : { standing: NO_STANDING, lanes: new Float64Array(0), notable: [] },
    ),
    feeds: layout.instances.map((instance): FeedState => ({
      observedAt: null,
      stale: false,
      usual: null,
      status: {
        id: instance.id,
        feed: instance.feed.id,
        adapter: instance.feed.adapter,
        supplier: instance.feed.supplier,
        label: instance.feed.label,
        sites: instance.sites.map((s) => s.id),
        state: 'never-polled',
        fault: '',
        observedAt: null,
        receivedAt: null,
        polledAt: null,
        everyMs: instance.everyMs,
        staleAfterMs: instance.feed.staleAfterMs,
        latencyMs: null,
        rejected: 0,
        since: null,
        nextPollAt: null,
        failures: 0,
        volume: null,
        usualVolume: null,
        rejectedToday: 0,
        paused: null,
      },
    })),
    rulesVersion,
    levels: [],
    nudged: new Map(),
  };
}
