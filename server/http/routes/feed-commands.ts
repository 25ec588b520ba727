import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { MINUTE } from '#shared/model/time.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import {
  CommandDoneSchema,
  PauseFeedsSchema,
  PollNowSchema,
  ReadAgainDoneSchema,
  ReadAgainSchema,
  ResumeFeedsSchema,
} from '#shared/protocol/feeds.ts';
import type { BoardView, FeedControl } from '../../domain/ports.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput, unknownFeeds, unknownGroup } from '../errors.ts';

/** Real time in which the board shows what was commanded; it says so every tick. */
const SHOWN_MS = 1000;

const UNKNOWN = { description: 'No such feed (`UNKNOWN_FEED`); nothing was done for any', ...ProblemSchema };
const BAD = { description: 'Not as described (`BAD_INPUT`)', ...ProblemSchema };

/** All or none: an id that is no feed's stops the whole command. */
function mustKnow(control: FeedControl, ids: readonly string[]): void {
  const unknown = [...new Set(ids)].filter((id) => !control.knows(id));
  if (unknown.length > 0) throw unknownFeeds(unknown);
}

/** Does it, and answers once the board shows that feeds are paused or no longer are. */
async function untilShown(board: BoardView, command: () => number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const leave = board.onCommit(({ feeds }) => {
    if (feeds.some(({ paused }) => paused !== undefined)) resolve(undefined);
  });
  const timer = setTimeout(() => resolve(undefined), SHOWN_MS);
  try {
    const count = command();
    if (count > 0) await promise;
    return count;
  } finally {
    leave();
    clearTimeout(timer);
  }
}

export const feedCommandRoutes =
  ({ board, clock, control }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['live'];
    app.post(
      '/api/feeds/poll',
      {
        schema: {
          tags,
          summary:
            'Asks feeds again as soon as quotas allow; `keep` keeps the redacted answer. Paused ones are not asked.',
          body: PollNowSchema,
          response: { 200: { description: 'Asked for', ...CommandDoneSchema }, 400: BAD, 404: UNKNOWN },
        },
      },
      async ({ body }) => {
        mustKnow(control, body.feeds);
        return { feeds: control.pollNow(body.feeds, body.keep ?? false) };
      },
    );
    app.post(
      '/api/feeds/pause',
      {
        schema: {
          tags,
          summary: 'Stops asking feeds, with a reason that every screen shows: for some minutes, or until resumed.',
          body: PauseFeedsSchema,
          response: { 200: { description: 'Paused', ...CommandDoneSchema }, 400: BAD, 404: UNKNOWN },
        },
      },
      async ({ body, actor }) => {
        mustKnow(control, body.feeds);
        const until = body.minutes === undefined ? null : clock.now() + body.minutes * MINUTE;
        const reason = body.reason.trim();
        if (reason.length < 3) throw badInput('/body/reason', 'must say why');
        const pause = { by: actor.id, reason, until };
        return { feeds: await untilShown(board, () => control.pause(body.feeds, pause)) };
      },
    );
    app.post(
      '/api/feeds/resume',
      {
        schema: {
          tags,
          summary: 'Asks paused feeds again.',
          body: ResumeFeedsSchema,
          response: { 200: { description: 'Resumed', ...CommandDoneSchema }, 400: BAD, 404: UNKNOWN },
        },
      },
      async ({ body, actor }) => {
        mustKnow(control, body.feeds);
        return { feeds: await untilShown(board, () => control.resume(body.feeds, actor.id)) };
      },
    );
    app.post(
      '/api/feeds/read-again',
      {
        schema: {
          tags,
          summary: 'Reads the kept records of one group again, with the mapping as it is now.',
          body: ReadAgainSchema,
          response: {
            200: { description: 'What came of it', ...ReadAgainDoneSchema },
            400: BAD,
            404: { description: 'No such group (`UNKNOWN_GROUP`)', ...ProblemSchema },
          },
        },
      },
      async ({ body }) => {
        try {
          return { ...(await control.readAgain(body.group)) };
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'UNKNOWN_GROUP') throw unknownGroup();
          throw error;
        }
      },
    );
  };
