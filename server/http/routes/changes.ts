import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { dayStart, toInstant, type EpochMs } from '#shared/model/time.ts';
import { ChangesSchema } from '#shared/protocol/api.ts';
import type { HttpDeps } from '../deps.ts';
import { At, PAST_PROBLEMS, readAt } from '../past.ts';

const Limit = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'At most so many' })),
    at: Type.Optional(At),
  },
  { additionalProperties: false },
);

export const changeRoutes =
  ({ board, past, history }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const then = async (at: EpochMs, limit: number, signal: AbortSignal) => {
      const [view, found] = await Promise.all([past.at(at, signal), history.levelChanges(dayStart(at), at + 1, limit)]);
      return { view, found };
    };
    app.get(
      '/api/changes',
      {
        schema: {
          tags: ['live'],
          summary:
            'Level changes of today (or of the day of `at`, up to then), newest first, each with why and by which rules.',
          querystring: Limit,
          response: { 200: { description: 'The changes', ...ChangesSchema }, ...PAST_PROBLEMS },
        },
      },
      async (request) => {
        const { limit = 100, at: asked } = request.query;
        const { view, found } =
          asked === undefined
            ? { view: board, found: board.changes(limit) }
            : await then(readAt(asked), limit, request.signal);
        const changes = found.map(({ at, unit, from, to, text, rules }) => {
          const known = view.unit(unit);
          const { name = unit, kind = 'site' } = known ?? {};
          return { at: toInstant(at), unit, name, kind, from, to, text, rules };
        });
        return { changes };
      },
    );
  };
