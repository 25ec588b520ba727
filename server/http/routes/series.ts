import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { metricSpec } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, HOUR, MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import { SeriesSchema } from '#shared/protocol/api.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput } from '../errors.ts';
import { readInstant } from '../instant.ts';
import { createSeriesUsual } from '../series-usual.ts';
import { HISTORY_PROBLEMS, Metric, readUnitMetric } from '../unit-metric.ts';
import { UnitParams } from './unit.ts';

const MAX_POINTS = 2000;
const Instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

const SeriesQuerySchema = Type.Object(
  {
    metric: Metric,
    from: Instant('RFC 3339; the start of today unless given'),
    to: Instant('RFC 3339; now unless given'),
    step: Type.Optional(
      Type.Integer({
        minimum: MINUTE,
        maximum: 24 * HOUR,
        default: QUARTER,
        description: 'Bucket width in milliseconds; buckets align to London midnight',
      }),
    ),
    band: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Also what lay within each bucket: `range`, `mean` and `coverage`; empty for counts of the day',
      }),
    ),
  },
  { additionalProperties: false },
);

const readTime = (text: string | undefined, path: string, otherwise: EpochMs): EpochMs =>
  text === undefined ? otherwise : readInstant(text, path);

export const seriesRoutes =
  ({ board, history, normal, learned, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const usual = createSeriesUsual(board, normal, learned);
    app.get(
      '/api/units/:id/series',
      {
        schema: {
          tags: ['history'],
          summary: 'One metric of one unit over time, folded by its shape, beside its own normal.',
          description:
            'A gap is null, never interpolated. Long spans are read from roll-ups of 5 minutes, hours or days (`source`), which say the same as the readings. What was learned is told beside spans of up to 8 days; longer ones have what published months expect.',
          params: UnitParams,
          querystring: SeriesQuerySchema,
          response: {
            200: { description: 'The series', ...SeriesSchema },
            ...HISTORY_PROBLEMS,
          },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const { id: unit } = request.params;
        const { step = QUARTER, band = false } = request.query;
        const metric = readUnitMetric(board, unit, request.query.metric);
        const now = clock.now();
        const from = readTime(request.query.from, '/query/from', dayStart(now));
        const to = readTime(request.query.to, '/query/to', Math.max(now, from + step));
        if (to <= from) throw badInput('/query/to', 'must be after from');
        if ((to - from) / step > MAX_POINTS) throw badInput('/query/step', `would give more than ${MAX_POINTS} points`);
        const { points, source, bounds } = await history.chart({ unit, metric, from, to, step, band });
        return {
          unit,
          metric,
          measure: metricSpec(metric).measure,
          step,
          points,
          source,
          ...(band && {
            range: bounds.map(({ at, min, max }) => [at, min, max]),
            mean: bounds.map(({ at, mean }) => [at, mean]),
            coverage: bounds.map(({ at, coverage, count }) => [at, coverage, count]),
          }),
          ...(await usual({ unit, metric, from, to }, dayEnd(to - 1), step)),
          simulated: board.definition.simulated || clock.simulated,
        } as never;
      },
    );
  };
