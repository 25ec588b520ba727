import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import {
  ApproveSchema,
  ChangeScreenSchema,
  ScreenSchema,
  ScreensSchema,
  StepScreenSchema,
} from '#shared/protocol/screens.ts';
import type { HttpDeps } from '../deps.ts';
import { BAD, checkedSettings, NOT_KEPT, SCREEN_PARAMS } from '../screens-bodies.ts';

const UNKNOWN = { description: 'No such screen (`UNKNOWN_SCREEN`)', ...ProblemSchema };
const REVOKED = { description: 'Revoked (`SCREEN_NOT_IN_USE`)', ...ProblemSchema };
const SCREEN = { description: 'The screen as it is now', ...ScreenSchema };

/** What controllers do with walls. */
export const screenRoutes =
  ({ screens, board, build }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['screens'];
    app.get(
      '/api/screens',
      {
        schema: {
          tags,
          summary: 'Every paired screen: what it is to show, what it shows, whether it is alive.',
          response: { 200: { description: 'The screens', ...ScreensSchema } },
        },
      },
      async () => ({ screens: [...screens.list()], build }),
    );
    app.get(
      '/api/screens/:id',
      {
        schema: {
          tags,
          summary: 'One paired screen.',
          params: SCREEN_PARAMS,
          response: { 200: SCREEN, 400: BAD, 404: UNKNOWN },
        },
      },
      async ({ params }) => screens.get(params.id),
    );
    app.post(
      '/api/screens',
      {
        schema: {
          tags,
          summary: 'Approves the screen that shows this code; it can then read, and do nothing else.',
          body: ApproveSchema,
          response: {
            200: SCREEN,
            400: BAD,
            404: { description: 'No screen shows that code (`UNKNOWN_CODE`)', ...ProblemSchema },
            409: { description: 'Another screen has that name (`SCREEN_NAME_TAKEN`)', ...ProblemSchema },
            429: { description: 'Too many wrong codes (`TOO_MANY_TRIES`), see `Retry-After`', ...ProblemSchema },
            503: NOT_KEPT,
          },
        },
      },
      async ({ body, actor, ip }) => {
        const settings = checkedSettings(body.settings, board);
        return screens.approve({ code: body.code, settings }, actor.id, ip);
      },
    );
    app.put(
      '/api/screens/:id',
      {
        schema: {
          tags,
          summary: 'Changes what a screen shows, over the revision that was seen.',
          params: SCREEN_PARAMS,
          body: ChangeScreenSchema,
          response: {
            200: SCREEN,
            400: BAD,
            404: UNKNOWN,
            409: {
              description:
                'Changed since (`SCREEN_MOVED_ON`), revoked (`SCREEN_NOT_IN_USE`), or the name is taken (`SCREEN_NAME_TAKEN`)',
              ...ProblemSchema,
            },
            503: NOT_KEPT,
          },
        },
      },
      async ({ params, body }) =>
        screens.change(params.id, { revision: body.revision, settings: checkedSettings(body.settings, board) }),
    );
    app.post(
      '/api/screens/:id/step',
      {
        schema: {
          tags,
          summary: 'Has a screen show its next scene, or the one before.',
          params: SCREEN_PARAMS,
          body: StepScreenSchema,
          response: { 200: SCREEN, 400: BAD, 404: UNKNOWN, 409: REVOKED },
        },
      },
      async ({ params, body }) => screens.step(params.id, body.by),
    );
    app.post(
      '/api/screens/:id/revoke',
      {
        schema: {
          tags,
          summary: 'Ends what a screen may read, at once; it can be undone for ten minutes.',
          params: SCREEN_PARAMS,
          response: { 200: SCREEN, 400: BAD, 404: UNKNOWN, 503: NOT_KEPT },
        },
      },
      async ({ params }) => screens.revoke(params.id),
    );
    app.post(
      '/api/screens/:id/restore',
      {
        schema: {
          tags,
          summary: 'Undoes a revocation.',
          params: SCREEN_PARAMS,
          response: {
            200: SCREEN,
            400: BAD,
            404: UNKNOWN,
            409: { description: 'Another screen has that name meanwhile (`SCREEN_NAME_TAKEN`)', ...ProblemSchema },
            503: NOT_KEPT,
          },
        },
      },
      async ({ params }) => screens.restore(params.id),
    );
  };
