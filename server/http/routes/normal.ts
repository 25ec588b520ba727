import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { metricSpec } from '#shared/model/metrics.ts';
import { dayStart, localDate, ZONE, type EpochMs } from '#shared/model/time.ts';
import { NormalDaySchema } from '#shared/protocol/normals.ts';
import { className, dayClass } from '../../domain/normal/day-class.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput } from '../errors.ts';
import { createNormalDay } from '../normal-day.ts';
import { HISTORY_PROBLEMS, Metric, readUnitMetric } from '../unit-metric.ts';
import { UnitParams } from './unit.ts';

const NormalQuerySchema = Type.Object(
  {
    metric: Metric,
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
            ...HISTORY_PROBLEMS,
          },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const { id: unit } = request.params;
        const metric = readUnitMetric(board, unit, request.query.metric);
        const day = readDay(request.query.day, clock.now());
        const date = localDate(day);
        const { about, quarters } = await normalDay(unit, metric, day);
        const kind = className(dayClass(date));
        return { unit, metric, measure: metricSpec(metric).measure, day: date, kind, about, quarters };
      },
    );
  };
