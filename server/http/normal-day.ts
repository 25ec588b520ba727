import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import type { NormalAbout, NormalDay } from '#shared/protocol/normals.ts';
import { dayEnd, QUARTER, type EpochMs } from '#shared/model/time.ts';
import { dayFrame } from '../domain/normal/day-fold.ts';
import { aboutOf } from '../domain/normal/day-profile.ts';
import { holdOf } from '../domain/normal/learned-metrics.ts';
import type { SiteCells } from '../domain/normal/metric-day.ts';
import type { BoardView } from '../domain/ports.ts';
import { nearlyAll, partsOf, type LearnedCells, type SeriesNormal } from './usual.ts';

type Quarter = NormalDay['quarters'][number];
type Cells = ReadonlyMap<string, SiteCells>;

/** What is usual of a unit through a day by quarter hours, and what stands behind it; groups sum over their practices. */
export function createNormalDay(board: BoardView, normal: SeriesNormal, learned: LearnedCells) {
  /** What the normal says without history, at the time that stands for a quarter. */
  const expected = (site: string, metric: MetricName, at: EpochMs, end: EpochMs): number | null => {
    const hold = holdOf(metric);
    return normal.usual(site, metric, hold === 'mean' ? at + QUARTER / 2 : Math.min(at + QUARTER, end) - 1);
  };
  const ofSite = (site: string, metric: MetricName, day: EpochMs, cells: Cells): Quarter[] => {
    const own = cells.get(site)?.cells;
    return [...dayFrame(day, []).local].map((place, q): Quarter => {
      const at = day + q * QUARTER;
      const usual = known(own?.usual[place]);
      if (usual === null) return [at, expected(site, metric, at, dayEnd(day)), null, null];
      return [at, usual, known(own?.low[place]), known(own?.high[place])];
    });
  };
  return async (
    unit: string,
    metric: MetricName,
    day: EpochMs,
  ): Promise<{ about: NormalAbout | null; quarters: Quarter[] }> => {
    const cells = await learned(day, metric);
    const parts = partsOf(board, unit);
    const single = board.unit(unit)?.kind === 'site';
    if (!single && metricSpec(metric).group !== 'sum') return { about: null, quarters: [] };
    const days = parts.map((site) => ofSite(site, metric, day, cells));
    const quarters = single ? (days[0] ?? []) : sums(days);
    if (!quarters.some(([, usual]) => usual !== null)) return { about: null, quarters: [] };
    return {
      about: single ? aboutSite(normal, unit, metric, day, cells) : aboutGroup(parts, cells),
      quarters,
    };
  };
}

/** Words for what stands behind a unit's usual values on a day; the normal's own label where nothing was learned. */
export function createUsualLabel(board: BoardView, normal: SeriesNormal, learned: LearnedCells) {
  return async (unit: string, metric: MetricName, day: EpochMs): Promise<string> => {
    const cells = await learned(day, metric);
    const parts = partsOf(board, unit);
    if (!parts.some((site) => cells.has(site))) return normal.about?.(unit, metric, day)?.label ?? normal.label;
    const single = board.unit(unit)?.kind === 'site';
    return (single ? aboutSite(normal, unit, metric, day, cells) : aboutGroup(parts, cells)).label;
  };
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

function sums(days: readonly (readonly Quarter[])[]): Quarter[] {
  return (days[0] ?? []).map(([at], q): Quarter => {
    return [at, nearlyAll(days.map((quarters) => quarters[q]?.[1] ?? NaN)), null, null];
  });
}

const PUBLISHED: NormalAbout = { source: 'published', days: 0, label: 'expected from published months' };

function aboutSite(normal: SeriesNormal, site: string, metric: MetricName, day: EpochMs, cells: Cells): NormalAbout {
  const own = cells.get(site);
  if (own) return aboutOf({ ...own, days: own.cells.days });
  const midday = normal.about?.(site, metric, (day + dayEnd(day)) / 2);
  return midday?.source === 'published' ? midday : PUBLISHED;
}

/** As weak as the weakest of its parts: the fewest days, the least of their own. */
function aboutGroup(parts: readonly string[], cells: Cells): NormalAbout {
  const learned = parts.flatMap((site) => cells.get(site) ?? []);
  const own = learned.filter(({ source }) => source === 'own');
  const rest = parts.length - learned.length;
  if (learned.length === 0) return PUBLISHED;
  if (own.length === parts.length) {
    const days = Math.min(...own.map(({ cells: { days: count } }) => count));
    return {
      source: 'own',
      days,
      label: `sum of what is usual in ${parts.length} practices, from ${days} days at least`,
    };
  }
  const said = [
    `${own.length} of ${parts.length} practices by their own days`,
    learned.length > own.length ? `${learned.length - own.length} by their peers` : '',
    rest > 0 ? `${rest} by published months` : '',
  ];
  return { source: rest > 0 ? 'published' : 'peers', days: 0, label: said.filter((text) => text !== '').join(', ') };
}
