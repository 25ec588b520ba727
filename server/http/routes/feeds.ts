import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toInstant } from '#shared/model/time.ts';
import { FeedStatusSchema } from '#shared/model/unit.ts';
import type { HttpDeps } from '../deps.ts';

const FeedsSchema = Type.Object({ at: Type.String({ format: 'date-time' }), feeds: Type.Array(FeedStatusSchema) });

export const feedRoutes =
  ({ board }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/feeds',
      {
        schema: {
          tags: ['live'],
          summary: 'Health of every feed instance: what came last, when, and in plain words what is wrong.',
          response: { 200: { description: 'All feed instances', ...FeedsSchema } },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async () => ({ at: toInstant(board.at), feeds: [...board.feeds()] }),
    );
  };
