import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import {
  CheckRulesSchema,
  PublishRulesSchema,
  RollBackRulesSchema,
  RulesBodySchema,
  RulesBookSchema,
  RulesCheckedSchema,
  RulesVersionSchema,
} from '#shared/protocol/rules.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput } from '../errors.ts';
import { BAD, mustBeShallow, publicationAway, RULES_BYTES } from '../rules-bodies.ts';

const UNKNOWN = { description: 'No such version is kept (`UNKNOWN_RULES`)', ...ProblemSchema };
const AWAY = { description: 'The database is away (`STORE_UNAVAILABLE`)', ...ProblemSchema };
const REFUSED = {
  400: BAD,
  409: {
    description: 'Something else is in force by now (`RULES_MOVED_ON`), or just this is (`RULES_UNCHANGED`)',
    ...ProblemSchema,
  },
  422: { description: 'They have faults, each with its path (`RULES_FAULTY`); nothing was done', ...ProblemSchema },
  503: {
    description:
      'The database is away (`STORE_UNAVAILABLE`), or the board could not go over to them yet (`RULES_NOT_YET_IN_FORCE`)',
    ...ProblemSchema,
  },
};

/** A version's id as one part of a path: `4-0b5c…` for `4/0b5c…`. */
const VersionPath = Type.String({ pattern: '^\\d{1,9}-[0-9a-f]{1,64}$' });
const idOf = (path: string) => path.replace('-', '/');

function reasonOf(reason: string): string {
  const text = reason.trim();
  if (text.length < 3) throw badInput('/body/reason', 'must say why');
  return text;
}

export const rulesRoutes =
  ({ rules: desk }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['rules'];
    app.get(
      '/api/rules',
      {
        schema: {
          tags,
          summary: 'The rules in force and the versions before them.',
          response: { 200: { description: 'The rules', ...RulesBookSchema } },
        },
      },
      () => desk.book(),
    );
    app.get(
      '/api/rules/versions/:id',
      {
        schema: {
          tags,
          summary: 'One version of the rules, and what it changes against another: `4-0b5c…` for version `4/0b5c…`.',
          params: Type.Object({ id: VersionPath }),
          querystring: Type.Object({ against: Type.Optional(VersionPath) }, { additionalProperties: false }),
          response: { 200: { description: 'The version', ...RulesBodySchema }, 400: BAD, 404: UNKNOWN, 503: AWAY },
        },
      },
      ({ params, query }) => desk.version(idOf(params.id), query.against === undefined ? null : idOf(query.against)),
    );
    app.post(
      '/api/rules/check',
      {
        bodyLimit: RULES_BYTES,
        preValidation: mustBeShallow,
        config: { question: true },
        schema: {
          tags,
          summary: 'What is wrong with rules, and what they change against those in force. Nothing is kept of it.',
          body: CheckRulesSchema,
          response: { 200: { description: 'The check', ...RulesCheckedSchema }, 400: BAD },
        },
      },
      async ({ body }) => desk.check(body.rules),
    );
    app.post(
      '/api/rules/publish',
      {
        bodyLimit: RULES_BYTES,
        preValidation: mustBeShallow,
        schema: {
          tags,
          summary: 'Puts rules into force. Answers once the board judges by them.',
          body: PublishRulesSchema,
          response: { 200: { description: 'In force', ...RulesVersionSchema }, ...REFUSED },
        },
      },
      ({ body, actor }) => desk.publish({ ...body, reason: reasonOf(body.reason) }, actor).catch(publicationAway),
    );
    app.post(
      '/api/rules/roll-back',
      {
        schema: {
          tags,
          summary: 'Puts what an earlier version said into force again, as a new version.',
          body: RollBackRulesSchema,
          response: { 200: { description: 'In force', ...RulesVersionSchema }, 404: UNKNOWN, ...REFUSED },
        },
      },
      ({ body, actor }) => desk.rollBack({ ...body, reason: reasonOf(body.reason) }, actor).catch(publicationAway),
    );
  };
