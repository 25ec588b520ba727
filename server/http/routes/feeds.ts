import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toInstant } from '#shared/model/time.ts';
import { FeedStatusSchema } from '#shared/model/unit.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import type { HttpDeps } from '../deps.ts';
import { unknownFeed } from '../errors.ts';

const FeedsSchema = Type.Object({ at: Type.String({ format: 'date-time' }), feeds: Type.Array(FeedStatusSchema) });

const FeedParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100, description: 'Feed instance: `<feed>` or `<feed>:<ODS>`' }),
});
const RejectedSchema = Type.Object({
  feed: Type.String(),
  rejected: Type.Array(
    Type.Object({
      place: Type.String({ description: 'JSON pointer into the payload' }),
      reason: Type.String({ description: 'Why; never what stood there' }),
    }),
  ),
});

export const feedRoutes =
  ({ board, rejections }: HttpDeps): FastifyPluginAsyncTypebox =>
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
    app.get(
      '/api/feeds/:id/rejected',
      {
        schema: {
          tags: ['live'],
          summary: 'What the last answer of one feed instance held that could not be taken, and why.',
          params: FeedParams,
          response: {
            200: { description: 'The refused records', ...RejectedSchema },
            404: { description: 'No such feed instance (`UNKNOWN_FEED`)', ...ProblemSchema },
          },
        },
      },
      async (request) => {
        const { id } = request.params;
        if (!board.feeds().some((feed) => feed.id === id)) throw unknownFeed();
        return { feed: id, rejected: rejections(id).map(({ place, reason }) => ({ place, reason })) };
      },
    );
  };
