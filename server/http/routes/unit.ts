import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { UnitSchema } from '#shared/model/unit.ts';
import type { HttpDeps } from '../deps.ts';
import { unknownUnit } from '../errors.ts';
import { At, PAST_PROBLEMS, readAt } from '../past.ts';

export const UnitParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64, description: 'Unit id: ODS code, PCN code or slug' }),
});

const Moment = Type.Object({ at: Type.Optional(At) }, { additionalProperties: false });

export const unitRoutes =
  ({ board, past }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/units/:id',
      {
        schema: {
          tags: ['live'],
          summary: 'One unit: drivers, indicators, metrics, declared level.',
          params: UnitParams,
          querystring: Moment,
          response: { 200: { description: 'The unit', ...UnitSchema }, ...PAST_PROBLEMS },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const { at } = request.query;
        const from = at === undefined ? board : await past.at(readAt(at), request.signal);
        const unit = from.unit(request.params.id);
        if (unit === undefined) throw unknownUnit();
        return unit;
      },
    );
  };
