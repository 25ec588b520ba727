import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toInstant } from '#shared/model/time.ts';
import { BoardSchema, type BoardBody } from '#shared/protocol/api.ts';
import { PROTOCOL } from '#shared/protocol/live.ts';
import type { HttpDeps } from '../deps.ts';

export const boardRoutes =
  ({ board, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/board',
      {
        schema: {
          tags: ['live'],
          summary: 'The whole live state.',
          description: '`epoch` and `seq` are a valid position for a live subscription. Answers 304 to its own ETag.',
          response: {
            200: { description: 'The board', ...BoardSchema },
            304: Type.Null({ description: 'Still the revision that `If-None-Match` names' }),
          },
        },
        // The types vouch for the fields; by schema every nullable one would be validated again, 30,000 times a board.
        serializerCompiler: () => JSON.stringify,
      },
      async (request, reply) => {
        const etag = `W/"${board.epoch}-${board.seq}"`;
        reply.header('etag', etag).header('cache-control', 'no-cache');
        if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
        const body: BoardBody = {
          protocol: PROTOCOL,
          epoch: board.epoch,
          seq: board.seq,
          at: toInstant(board.at),
          system: board.definition.id,
          simulated: board.definition.simulated || clock.simulated,
          clock: { now: clock.now(), speed: clock.speed, simulated: clock.simulated },
          units: [...board.units()],
          feeds: [...board.feeds()],
        };
        return reply.send(body);
      },
    );
  };
