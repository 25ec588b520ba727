import type { Unit } from '$shared/model/unit';

const NOON = '2026-11-23T12:00:00.000Z';

/** A plausible unit for tests and the style guide; whatever matters is given. */
export function unitOf(id: string, given: Partial<Unit> = {}): Unit {
  return {
    id,
    kind: 'neighbourhood',
    siteKind: null,
    parent: 'place',
    name: id,
    population: 40_000,
    level: 1,
    score: 10,
    trend: 'steady',
    coverage: 1,
    drivers: [],
    metrics: {},
    declared: null,
    at: NOON,
    levelSince: NOON,
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
    ...given,
  };
}

export function unitsOf(...units: Unit[]): ReadonlyMap<string, Unit> {
  return new Map(units.map((unit) => [unit.id, unit]));
}
