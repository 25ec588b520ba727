import { createHash } from 'node:crypto';
import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { EpochMs } from '#shared/model/time.ts';
import { HubsSchema } from '#shared/protocol/hubs.ts';
import type { HttpDeps } from '../deps.ts';
import { unknownUnit } from '../errors.ts';
import { hubsOf, type HubSource } from '../hub-slots.ts';
import { At, PAST_PROBLEMS, readAt } from '../past.ts';

const HubsQuery = Type.Object(
  {
    place: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Only the hubs that serve this unit, and what its practices lack',
      }),
    ),
    view: Type.Optional(
      Type.Enum(['slots', 'hours'], { description: '`hours` leaves single slots out', default: 'slots' }),
    ),
    at: Type.Optional(At),
  },
  { additionalProperties: false },
);

export const hubRoutes =
  ({ board, slots, clock, past }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const live = (): HubSource => ({
      at: board.at,
      unit: (id) => board.unit(id),
      feeds: board.feeds(),
      slots: (site) => slots.slots(site),
    });
    const then = async (at: EpochMs, signal: AbortSignal): Promise<HubSource> => {
      const view = await past.at(at, signal);
      return { at, unit: view.unit, feeds: view.feeds, slots: () => null };
    };
    app.get(
      '/api/hubs',
      {
        schema: {
          tags: ['live'],
          summary: "Today's bookable capacity of hubs, slot by slot; with `place` also what its practices lack.",
          description:
            'A hub of which nothing is known has no slots and says why in its metrics; what was last told stands apart in ' +
            '`last`. Of the past (`at`) hours are told, as single slots are not recorded. Answers 304 to its own ETag.',
          querystring: HubsQuery,
          response: {
            200: { description: 'The hubs', ...HubsSchema },
            304: Type.Null({ description: 'Still what `If-None-Match` names' }),
            ...PAST_PROBLEMS,
          },
        },
        // The types vouch for the fields: thousands of nullable ones would each be validated again.
        serializerCompiler: () => JSON.stringify,
      },
      async (request, reply) => {
        const { place = null, view, at } = request.query;
        if (place !== null && board.unit(place) === undefined) throw unknownUnit();
        const source = at === undefined ? live() : await then(readAt(at), request.signal);
        const body = hubsOf({ board, clock }, source, { place, hoursOnly: view === 'hours' });
        // The board's revision rises many times a second: what matters is whether anything of this answer has changed.
        const said = createHash('sha1')
          .update(JSON.stringify({ ...body, at: null }))
          .digest('base64url');
        const etag = `W/"${said}"`;
        reply.header('etag', etag).header('cache-control', 'no-cache');
        if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
        return reply.send(body);
      },
    );
  };
