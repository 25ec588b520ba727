import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import {
  CollectedSchema,
  CollectSchema,
  PairingSchema,
  ScreenOrdersSchema,
  ScreenSeenSchema,
} from '#shared/protocol/screens.ts';
import { screenCookie, tokenOf } from '../../identity/screens/named.ts';
import type { HttpDeps } from '../deps.ts';
import { HttpProblem } from '../errors.ts';
import { BAD, NOT_KEPT, SCREEN_PARAMS } from '../screens-bodies.ts';

/** A wall that has its orders waits this long for other ones; less than the 5 s in which it has to speak again. */
const WAIT_MS = 4000;
/** Real time after which the cookie of a wall in use is renewed. */
const RENEW_MS = 24 * 3600_000;

/** What walls themselves ask for: a code, whether it was approved, and what to show. */
export const pairingRoutes =
  ({ screens }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['screens'];
    const renewed = new Map<string, number>();
    app.post(
      '/api/screens/codes',
      {
        config: { report: true },
        schema: {
          tags,
          summary: 'A code for a screen that is not paired: shown on it, and typed by a controller.',
          response: {
            200: { description: 'The code, for ten minutes', ...PairingSchema },
            429: { description: 'Too many codes (`TOO_MANY_CODES`), see `Retry-After`', ...ProblemSchema },
            503: { description: 'Too many screens wait (`SCREENS_FULL`), see `Retry-After`', ...ProblemSchema },
          },
        },
      },
      async ({ ip }) => screens.open(ip),
    );
    app.post(
      '/api/screens/codes/collect',
      {
        config: { report: true },
        schema: {
          tags,
          summary: 'Whether the code was approved; once it was, the answer sets the cookie of the screen.',
          body: CollectSchema,
          response: { 200: { description: 'How it stands', ...CollectedSchema }, 400: BAD, 503: NOT_KEPT },
        },
      },
      async ({ body, headers }, reply) => {
        const { token, ...collected } = screens.collect(body.secret);
        const { screen } = collected;
        if (screen !== null && token !== null) reply.header('set-cookie', screenCookie(screen, token, headers.origin));
        return collected;
      },
    );
    app.post(
      '/api/screens/:id/seen',
      {
        config: { report: true },
        schema: {
          tags,
          summary:
            'A screen says what it shows, every 5 s, and hears what it is to show; with the orders that it has, as soon as there are others.',
          params: SCREEN_PARAMS,
          querystring: Type.Object(
            { revision: Type.Optional(Type.Integer()), steps: Type.Optional(Type.Integer()) },
            { additionalProperties: false },
          ),
          body: ScreenSeenSchema,
          response: {
            200: { description: 'What is to be shown', ...ScreenOrdersSchema },
            400: BAD,
            401: { description: 'This browser is not that screen (`SCREEN_UNKNOWN`)', ...ProblemSchema },
            403: {
              description: 'Revoked (`SCREEN_REVOKED`), or not said by that screen (`NOT_THIS_SCREEN`)',
              ...ProblemSchema,
            },
            503: NOT_KEPT,
          },
        },
      },
      async ({ actor, params: { id }, query: { revision, steps }, body, headers, raw }, reply) => {
        if (actor.role !== 'screen' || actor.id !== id)
          throw new HttpProblem(403, 'NOT_THIS_SCREEN', 'Only the screen itself says what it shows');
        screens.seen(id, body);
        if (revision !== undefined && steps !== undefined && !screens.areNew(id, revision, steps))
          await screens.untilOrdered(id, WAIT_MS);
        if (screens.get(id).revokedAt !== null)
          throw new HttpProblem(403, 'SCREEN_REVOKED', 'This screen has been revoked');
        const now = performance.now();
        if (now - (renewed.get(id) ?? -Infinity) >= RENEW_MS) {
          renewed.set(id, now);
          reply.header('set-cookie', screenCookie(id, tokenOf(raw, id), headers.origin));
        }
        return screens.orders(id);
      },
    );
  };
