import type { Unit } from '$shared/model/unit';

export function unit(id: string, parent: string | null, over: Partial<Unit> = {}): Unit {
  return {
    id,
    parent,
    kind: 'place',
    siteKind: null,
    name: id,
    population: 1000,
    level: 1,
    score: 10,
    trend: 'steady',
    coverage: 1,
    drivers: [],
    metrics: {},
    declared: null,
    at: '2026-11-23T09:00:00.000Z',
    levelSince: '2026-11-23T09:00:00.000Z',
    sentence: '',
    brief: '',
    indicators: [],
    day: '',
    trail: [],
    slotHours: [],
    keptUntil: null,
    confidence: null,
    beside: null,
    rollup: null,
    feeds: [],
    reporting: { of: 1, sites: 1 },
    position: null,
    illustrative: false,
    open: null,
    ...over,
  };
}

export const mapOf = (...units: Unit[]) => new Map(units.map((u) => [u.id, u]));
