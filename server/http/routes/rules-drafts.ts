import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { RulesDraftSchema, RulesDraftsSchema, SaveDraftSchema } from '#shared/protocol/rules.ts';
import { isPlain } from '../../domain/rules/limits.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput } from '../errors.ts';
import { BAD, mustBeShallow, RULES_BYTES } from '../rules-bodies.ts';

const Params = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }) });
const UNKNOWN = { description: 'No such draft (`UNKNOWN_DRAFT`)', ...ProblemSchema };
const AWAY = { description: 'The database is away (`STORE_UNAVAILABLE`)', ...ProblemSchema };
const MOVED_ON = {
  description: 'Somebody else has saved it since (`DRAFT_MOVED_ON`), or there are too many (`TOO_MANY_DRAFTS`)',
  ...ProblemSchema,
};

export const rulesDraftRoutes =
  ({ rules: desk }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['rules'];
    app.get(
      '/api/rules/drafts',
      {
        schema: {
          tags,
          summary: 'Rules that do not count yet, newest first; all who may publish share them.',
          response: { 200: { description: 'The drafts', ...RulesDraftsSchema }, 503: AWAY },
        },
      },
      async () => ({ drafts: await desk.drafts() }),
    );
    app.put(
      '/api/rules/drafts/:id',
      {
        bodyLimit: RULES_BYTES,
        preValidation: mustBeShallow,
        schema: {
          tags,
          summary: 'Saves a draft over the revision that was edited; 0 begins one. It need not be free of faults.',
          params: Params,
          body: SaveDraftSchema,
          response: {
            200: { description: 'Saved', ...RulesDraftSchema },
            400: BAD,
            404: UNKNOWN,
            409: MOVED_ON,
            503: AWAY,
          },
        },
      },
      ({ params, body, actor }) => {
        const name = body.name.trim();
        if (name === '' || !isPlain(name)) throw badInput('/body/name', 'must be a name');
        if (!isPlain(body.basedOn)) throw badInput('/body/basedOn', 'must be the id of a version');
        return desk.saveDraft(params.id, { ...body, name }, actor);
      },
    );
    app.delete(
      '/api/rules/drafts/:id',
      {
        schema: {
          tags,
          summary: 'Removes a draft; with `revision` only as long as it is that one.',
          params: Params,
          querystring: Type.Object(
            { revision: Type.Optional(Type.Integer({ minimum: 1 })) },
            { additionalProperties: false },
          ),
          response: {
            204: { description: 'Removed', type: 'null' },
            400: BAD,
            404: UNKNOWN,
            409: MOVED_ON,
            503: AWAY,
          },
        },
      },
      async ({ params, query }, reply) => {
        await desk.removeDraft(params.id, query.revision ?? null);
        return reply.code(204).send(null);
      },
    );
  };
