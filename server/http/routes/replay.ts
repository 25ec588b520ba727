import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toInstant } from '#shared/model/time.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { PROTOCOL } from '#shared/protocol/live.ts';
import {
  ReplayBoardSchema,
  ReplayExtentSchema,
  type ReplayBoardBody,
  type ReplayExtent,
} from '#shared/protocol/replay.ts';
import type { HttpDeps } from '../deps.ts';
import { At, PAST_PROBLEMS, readAt } from '../past.ts';

const Moment = Type.Object({ at: At }, { additionalProperties: false });

export const replayRoutes =
  ({ past, board, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/replay',
      {
        schema: {
          tags: ['history'],
          summary: 'The whole board as it was at a time, field by field.',
          description: '`at` of the answer is that of the last revision at or before the time that was asked for.',
          querystring: Moment,
          response: { 200: { description: 'The board', ...ReplayBoardSchema }, ...PAST_PROBLEMS },
        },
      },
      async (request, reply) => {
        const asked = readAt(request.query.at);
        const view = await past.at(asked, request.signal);
        const head: Omit<ReplayBoardBody, 'units' | 'feeds'> = {
          protocol: PROTOCOL,
          // No position of a live subscription.
          epoch: `recorded-${view.stretch}`,
          seq: view.seq,
          at: toInstant(view.at),
          system: board.definition.id,
          simulated: board.definition.simulated || clock.simulated,
          clock: { now: asked, speed: 0, simulated: clock.simulated },
          replay: true,
          asked: toInstant(asked),
          rules: view.rules,
        };
        const { units, feeds } = view.said;
        const begin = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"units":[`);
        const bytes = Buffer.concat([begin, units, Buffer.from('],"feeds":['), feeds, Buffer.from(']}')]);
        return reply.type('application/json; charset=utf-8').send(bytes as never);
      },
    );
    app.get(
      '/api/replay/extent',
      {
        schema: {
          tags: ['history'],
          summary: 'What can be replayed. Between the stretches nothing was recorded.',
          response: {
            200: { description: 'From when to when', ...ReplayExtentSchema },
            503: { description: 'The recording cannot be read now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
          },
        },
      },
      async (): Promise<ReplayExtent> => {
        const stretches = (await past.stretches()).map(({ from, to }) => ({
          from: toInstant(from),
          to: toInstant(to),
        }));
        return { from: stretches[0]?.from ?? null, to: stretches.at(-1)?.to ?? null, stretches };
      },
    );
  };
