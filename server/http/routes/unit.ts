import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { UnitSchema } from '#shared/model/unit.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import type { HttpDeps } from '../deps.ts';
import { unknownUnit } from '../errors.ts';

export const UnitParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64, description: 'Unit id: ODS code, PCN code or slug' }),
});

export const unitRoutes =
  ({ board }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/units/:id',
      {
        schema: {
          tags: ['live'],
          summary: 'One unit: drivers, indicators, metrics, declared level.',
          params: UnitParams,
          response: {
            200: { description: 'The unit', ...UnitSchema },
            404: { description: 'No such unit (`UNKNOWN_UNIT`)', ...ProblemSchema },
          },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const unit = board.unit(request.params.id);
        if (unit === undefined) throw unknownUnit();
        return unit;
      },
    );
  };
