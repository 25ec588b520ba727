import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { isMetricName, metricSpec } from '#shared/model/metrics.ts';
import { dayStart, localDate, ZONE, type EpochMs } from '#shared/model/time.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { NormalDaySchema } from '#shared/protocol/normals.ts';
import { className, dayClass } from '../../domain/normal/day-class.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput, unknownUnit } from '../errors.ts';
import { createNormalDay } from '../normal-day.ts';
import { UnitParams } from './unit.ts';

const NormalQuerySchema = Type.Object(
  {
    metric: Type.String({ minLength: 1, maxLength: 64, description: 'A metric of the catalogue, as in `metrics`' }),
    day: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'A London date; today unless given' }),
    ),
  },
  { additionalProperties: false },
);

function readDay(text: string | undefined, now: EpochMs): EpochMs {
  if (text === undefined) return dayStart(now);
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toZonedDateTime(ZONE).epochMilliseconds;
  } catch {
    throw badInput('/query/day', 'must be a day of the calendar, as 2026-11-23');
  }
}

export const normalRoutes =
  ({ board, normal, learned, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const normalDay = createNormalDay(board, normal, learned);
    app.get(
      '/api/units/:id/normal',
      {
        schema: {
          tags: ['history'],
          summary: 'What is usual for one unit through one day, with how much history stands behind it.',
          description:
            'Told from what was known two days before that day. A quarter hour of which too little is known is null.',
          params: UnitParams,
          querystring: NormalQuerySchema,
          response: {
            200: { description: 'The day by quarter hours; empty where nothing is known', ...NormalDaySchema },
            400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
            404: { description: 'No such unit (`UNKNOWN_UNIT`)', ...ProblemSchema },
            503: { description: 'The history cannot be read now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
          },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const { id: unit } = request.params;
        const { metric } = request.query;
        if (board.unit(unit) === undefined) throw unknownUnit();
        if (!isMetricName(metric)) throw badInput('/query/metric', 'is not a metric of the catalogue');
        const day = readDay(request.query.day, clock.now());
        const date = localDate(day);
        const { about, quarters } = await normalDay(unit, metric, day);
        const kind = className(dayClass(date));
        return { unit, metric, measure: metricSpec(metric).measure, day: date, kind, about, quarters };
      },
    );
  };
