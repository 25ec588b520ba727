import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { PublishedSchema } from '#shared/protocol/published.ts';
import type { HttpDeps } from '../deps.ts';
import { unknownUnit } from '../errors.ts';
import { UnitParams } from './unit.ts';

const PublishedQuerySchema = Type.Object(
  {
    months: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60, default: 6, description: 'The newest so many published months' }),
    ),
  },
  { additionalProperties: false },
);

export const publishedRoutes =
  ({ board, history }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/units/:id/published',
      {
        schema: {
          tags: ['history'],
          summary: 'What NHS England published about one unit, as far as it was imported.',
          description:
            'Real figures, also in a demonstration. A month that was not published is not there, never zero.',
          params: UnitParams,
          querystring: PublishedQuerySchema,
          response: {
            200: { description: 'Figures by month, newest first; register and memberships', ...PublishedSchema },
            400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
            404: { description: 'No such unit (`UNKNOWN_UNIT`)', ...ProblemSchema },
            503: { description: 'The history cannot be read now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
          },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { months = 6 } = request.query;
        const unit = board.definition.units.find((known) => known.id === id);
        if (unit === undefined) throw unknownUnit();
        const { organisation, memberships, figures } = await history.published(unit.odsCode ?? unit.id, months);
        return { unit: id, organisation, memberships: [...memberships], figures: [...figures] };
      },
    );
  };
