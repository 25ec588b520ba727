import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toInstant } from '#shared/model/time.ts';
import { ChangesSchema } from '#shared/protocol/api.ts';
import type { HttpDeps } from '../deps.ts';

const Limit = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'At most so many' })) },
  { additionalProperties: false },
);

export const changeRoutes =
  ({ board }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/changes',
      {
        schema: {
          tags: ['live'],
          summary: 'Level changes of today, newest first, each with why and by which rules.',
          querystring: Limit,
          response: { 200: { description: 'The changes', ...ChangesSchema } },
        },
      },
      async (request) => {
        const changes = board.changes(request.query.limit ?? 100).map(({ at, unit, from, to, text, rules }) => {
          const known = board.unit(unit);
          const { name = unit, kind = 'site' } = known ?? {};
          return { at: toInstant(at), unit, name, kind, from, to, text, rules };
        });
        return { changes };
      },
    );
  };
