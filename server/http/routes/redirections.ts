import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import {
  AcceptSchema,
  AcknowledgeSchema,
  DecideSchema,
  FulfilSchema,
  OwnAskedSchema,
  OwnOfferSchema,
  OwnPreviewSchema,
  RedirectionSchema,
  RedirectionsSchema,
  RefuseSchema,
} from '#shared/protocol/redirections.ts';
import { WhatIfResultSchema, WhatIfSchema } from '#shared/protocol/what-if.ts';
import type { HttpDeps } from '../deps.ts';
import { unknownUnit } from '../errors.ts';

const ListQuery = Type.Object(
  {
    unit: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'Only what concerns this unit: its practices or hubs' }),
    ),
  },
  { additionalProperties: false },
);
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const PROBLEMS = {
  400: { description: 'The body is not as it must be', ...ProblemSchema },
  404: { description: 'There is no such redirection (`UNKNOWN_REDIRECTION`)', ...ProblemSchema },
  409: {
    description:
      'It is no longer what the decision was based on (`REDIRECTION_MOVED_ON`), some slots went (`SLOTS_GONE`, with `available`), ' +
      'the minute is over (`UNDO_OVER`), or its state does not allow it (`NOT_POSSIBLE_NOW`)',
    ...ProblemSchema,
  },
  422: { description: 'The shares are none of this offer (`BAD_SHARES`)', ...ProblemSchema },
  503: { description: 'It cannot be written down now (`NOT_KEPT`): nothing was decided', ...ProblemSchema },
};
const DONE = { 200: { description: 'As it is now', ...RedirectionSchema }, ...PROBLEMS };

/** Proposals, and what people decide on them. Every decision carries a key and may be sent again with it. */
export const redirectionRoutes =
  ({ redirections: desk, board }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['redirections'];
    app.get(
      '/api/redirections',
      {
        schema: {
          tags,
          summary: "Which hub slots to offer to which practices: today's proposals, best first, and what was decided.",
          querystring: ListQuery,
          response: {
            200: { description: 'The redirections', ...RedirectionsSchema },
            304: Type.Null({ description: 'Still what `If-None-Match` names' }),
            400: PROBLEMS[400],
            404: { description: 'There is no such unit', ...ProblemSchema },
          },
        },
        // The types vouch for the fields: hundreds of nullable ones would each be validated again.
        serializerCompiler: () => JSON.stringify,
      },
      async (request, reply) => {
        const { unit = null } = request.query;
        if (unit !== null && board.unit(unit) === undefined) throw unknownUnit();
        const etag = `W/"${board.epoch}-${desk.revision}-${desk.foundAt ?? 0}"`;
        reply.header('etag', etag).header('cache-control', 'no-cache');
        if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
        return reply.send(desk.list(unit));
      },
    );
    app.get(
      '/api/redirections/:id',
      { schema: { tags, summary: 'One redirection with every step.', params: Params, response: { ...DONE } } },
      async ({ params }) => desk.one(params.id),
    );
    app.post(
      '/api/redirections',
      {
        schema: {
          tags,
          summary: "A lead's own offer of a hub's free slots: held at once, all of them or none.",
          body: OwnOfferSchema,
          response: DONE,
        },
      },
      ({ body, actor }) => desk.offer(body, actor),
    );
    app.post(
      '/api/redirections/what-if',
      {
        schema: {
          tags,
          summary: 'The plan as it is beside the plan were things otherwise. Saves nothing and offers nothing.',
          body: WhatIfSchema,
          response: {
            200: { description: 'Both plans, and what differs', ...WhatIfResultSchema },
            400: PROBLEMS[400],
            422: { description: 'A change cannot be: which one, and why (`BAD_CHANGE`)', ...ProblemSchema },
            429: { description: 'Others are asking as well (`TOO_MANY_QUESTIONS`)', ...ProblemSchema },
          },
        },
      },
      ({ body }) => desk.whatIf(body),
    );
    app.post(
      '/api/redirections/preview',
      {
        schema: {
          tags,
          summary:
            "Who could have how many of a hub's free slots, and what a lead's own offer would do. Saves nothing.",
          body: OwnAskedSchema,
          response: {
            200: { description: 'As it would be', ...OwnPreviewSchema },
            400: PROBLEMS[400],
            422: PROBLEMS[422],
          },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async ({ body }) => desk.preview(body),
    );
    app.post(
      '/api/redirections/:id/accept',
      {
        schema: {
          tags,
          summary: 'Has the hub hold the slots, as proposed or with other counts a practice, and tells the practices.',
          params: Params,
          body: AcceptSchema,
          response: DONE,
        },
      },
      ({ params, body, actor }) => desk.accept(params.id, body, actor),
    );
    app.post(
      '/api/redirections/:id/refuse',
      {
        schema: {
          tags,
          summary: 'Refuses a proposal, with the reason.',
          params: Params,
          body: RefuseSchema,
          response: DONE,
        },
      },
      ({ params, body, actor }) => desk.refuse(params.id, body, actor),
    );
    app.post(
      '/api/redirections/:id/fulfil',
      {
        schema: {
          tags,
          summary: 'Says how many were booked, where the hub cannot be written to.',
          params: Params,
          body: FulfilSchema,
          response: DONE,
        },
      },
      ({ params, body, actor }) => desk.fulfil(params.id, body, actor),
    );
    app.post(
      '/api/redirections/:id/acknowledge',
      {
        schema: {
          tags,
          summary: 'Says for a practice that it has seen its share. It holds nothing.',
          params: Params,
          body: AcknowledgeSchema,
          response: DONE,
        },
      },
      ({ params, body, actor }) => desk.acknowledge(params.id, body, actor),
    );
    const PLAIN = {
      release: 'Gives back what is held and not booked.',
      keep: 'Holds it longer, once.',
      undo: 'Takes the last decision back, within a minute of it.',
    } as const;
    for (const verb of ['release', 'keep', 'undo'] as const) {
      app.post(
        `/api/redirections/:id/${verb}`,
        { schema: { tags, summary: PLAIN[verb], params: Params, body: DecideSchema, response: DONE } },
        ({ params, body, actor }) => desk[verb](params.id, body, actor),
      );
    }
  };
