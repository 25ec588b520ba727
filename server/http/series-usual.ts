import type { MetricName } from '#shared/model/metrics.ts';
import { dayStart, HOUR, type EpochMs } from '#shared/model/time.ts';
import type { BoardView } from '../domain/ports.ts';
import { createUsualLabel } from './normal-day.ts';
import { createUsual, type LearnedCells, type Point, type SeriesNormal } from './usual.ts';

/** Each day of it is told from weeks of all sites' days: a year of them would keep the database busy for a minute. */
const LEARNED_SPAN_MS = 8 * 24 * HOUR;
const NOTHING_LEARNED: LearnedCells = () => Promise.resolve(new Map());

/** The usual line of a chart over [from, to) and what stands behind it. Longer than eight days: of published months alone. */
export function createSeriesUsual(board: BoardView, normal: SeriesNormal, learned: LearnedCells) {
  const published = normal.published ?? normal;
  const near = { usual: createUsual(board, normal, learned), label: createUsualLabel(board, normal, learned) };
  const far = {
    usual: createUsual(board, published, NOTHING_LEARNED),
    label: createUsualLabel(board, published, NOTHING_LEARNED),
  };
  return async (
    { unit, metric, from, to }: { unit: string; metric: MetricName; from: EpochMs; to: EpochMs },
    until: EpochMs,
    step: number,
  ): Promise<{ usual: Point[]; usualLabel: string }> => {
    const told = to - from > LEARNED_SPAN_MS ? far : near;
    const usual = await told.usual(unit, metric, from, until, step);
    return { usual, usualLabel: await told.label(unit, metric, dayStart(to - 1)) };
  };
}
