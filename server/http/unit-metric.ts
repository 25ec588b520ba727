import Type from 'typebox';
import { isMetricName, type MetricName } from '#shared/model/metrics.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import type { BoardView } from '../domain/ports.ts';
import { badInput, unknownUnit } from './errors.ts';

/** `metric` of a query. */
export const Metric = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'A metric of the catalogue, as in `metrics`',
});

/** The metric that is asked for of a unit. Throws UNKNOWN_UNIT or BAD_INPUT. */
export function readUnitMetric(board: BoardView, unit: string, metric: string): MetricName {
  if (board.unit(unit) === undefined) throw unknownUnit();
  if (!isMetricName(metric)) throw badInput('/query/metric', 'is not a metric of the catalogue');
  return metric;
}

/** Answers of every route about a metric's history. */
export const HISTORY_PROBLEMS = {
  400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
  404: { description: 'No such unit (`UNKNOWN_UNIT`)', ...ProblemSchema },
  503: { description: 'The history cannot be read now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
};
