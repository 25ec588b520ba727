import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Literals } from '#shared/model/literals.ts';
import { FeedsSummarySchema, type FeedsSummary } from '#shared/protocol/feeds.ts';
import type { HttpDeps } from '../deps.ts';
import { createFeedHealth } from '../feed-health.ts';
import { createPastFeedHealth } from '../past-feed-health.ts';
import { At, PAST_PROBLEMS, readAt } from '../past.ts';

const Part = Type.Object(
  {
    part: Type.Optional({
      ...Literals(['all', 'counts'] as const),
      description: '`counts` leaves the lists empty: for a line on another screen',
    }),
    at: Type.Optional(At),
  },
  { additionalProperties: false },
);

const countsOnly = (summary: FeedsSummary): FeedsSummary => ({
  ...summary,
  field: [],
  causes: [],
  coverageBy: [],
  quarantine: { ...summary.quarantine, groups: [] },
});

export const feedSummaryRoutes =
  (deps: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const health = createFeedHealth(deps, () => performance.now());
    const then = createPastFeedHealth(deps);
    app.addHook('onClose', async () => health.stop());
    app.get(
      '/api/feeds/summary',
      {
        schema: {
          tags: ['live'],
          summary: 'Health of all feeds as the feeds screen says it: marks, causes, coverage, refused records.',
          querystring: Part,
          response: { 200: { description: 'The health of all feeds', ...FeedsSummarySchema }, ...PAST_PROBLEMS },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const { part, at } = request.query;
        const summary = at === undefined ? health.summary() : await then(readAt(at), request.signal);
        return part === 'counts' ? countsOnly(summary) : summary;
      },
    );
  };
