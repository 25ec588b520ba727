import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toInstant } from '#shared/model/time.ts';
import { FeedStatusSchema } from '#shared/model/unit.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { KeptAnswerSchema, QuarantineRecordsSchema } from '#shared/protocol/feeds.ts';
import type { QuarantineRecord } from '../../domain/ports.ts';
import type { HttpDeps } from '../deps.ts';
import { noAnswer, unknownFeed, unknownFeeds, unknownGroup } from '../errors.ts';

const FeedsSchema = Type.Object({ at: Type.String({ format: 'date-time' }), feeds: Type.Array(FeedStatusSchema) });

const FeedParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100, description: 'Feed instance: `<feed>` or `<feed>:<ODS>`' }),
});
const RejectedSchema = Type.Object({
  feed: Type.String(),
  rejected: Type.Array(
    Type.Object({
      place: Type.String({ description: 'JSON pointer into the payload' }),
      reason: Type.String({ description: 'Why; never what stood there' }),
    }),
  ),
  /** The same refusals with the redacted copies of their records. */
  records: QuarantineRecordsSchema.properties.records,
});
const MOST_RECORDS = 200;
const Wanted = Type.Object(
  {
    group: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Key of a group of the summary' })),
    feed: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Feed, or feed instance' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_RECORDS, default: 50 })),
  },
  { additionalProperties: false },
);

const sayRecord = ({ id, feed, at, place, field, reason, record, state }: QuarantineRecord) => ({
  id,
  feed,
  at: toInstant(at),
  place,
  field,
  reason,
  record,
  state,
});

export const feedRoutes =
  ({ board, quarantine, control }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/feeds',
      {
        schema: {
          tags: ['live'],
          summary: 'Health of every feed instance: what came last, when, and in plain words what is wrong.',
          response: { 200: { description: 'All feed instances', ...FeedsSchema } },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async () => ({ at: toInstant(board.at), feeds: [...board.feeds()] }),
    );
    app.get(
      '/api/feeds/quarantine',
      {
        schema: {
          tags: ['live'],
          summary: 'Refused records, newest first, in copies in which only what is allowed by name can be read.',
          querystring: Wanted,
          response: {
            200: { description: 'The records', ...QuarantineRecordsSchema },
            404: { description: 'No such feed (`UNKNOWN_FEED`) or group (`UNKNOWN_GROUP`)', ...ProblemSchema },
          },
        },
      },
      async (request) => {
        const { group, feed, limit = 50 } = request.query;
        if (feed !== undefined && !control.knows(feed)) throw unknownFeeds([feed]);
        const wanted = { ...(group === undefined ? {} : { group }), ...(feed === undefined ? {} : { feed }) };
        const records = quarantine.records({ ...wanted, limit });
        const known = group === undefined || records.length > 0 || quarantine.groups().some(({ key }) => key === group);
        if (!known) throw unknownGroup();
        return { records: records.map(sayRecord) };
      },
    );
    app.get(
      '/api/feeds/:id/rejected',
      {
        schema: {
          tags: ['live'],
          summary: 'What answers of one feed instance held that could not be taken, and why: newest first.',
          params: FeedParams,
          response: {
            200: { description: 'The refused records', ...RejectedSchema },
            404: { description: 'No such feed instance (`UNKNOWN_FEED`)', ...ProblemSchema },
          },
        },
      },
      async (request) => {
        const { id } = request.params;
        if (!board.feeds().some((feed) => feed.id === id)) throw unknownFeed();
        const records = quarantine.records({ feed: id, limit: MOST_RECORDS }).filter(({ feed }) => feed === id);
        const rejected = records.map(({ place, reason }) => ({ place, reason }));
        return { feed: id, rejected, records: records.map(sayRecord) };
      },
    );
    app.get(
      '/api/feeds/:id/answer',
      {
        schema: {
          tags: ['live'],
          summary: 'The last kept answer of one feed instance, redacted: for somebody who wants to see what came.',
          params: FeedParams,
          response: {
            200: { description: 'The answer', ...KeptAnswerSchema },
            404: { description: 'No such feed (`UNKNOWN_FEED`), or none is kept (`NO_ANSWER`)', ...ProblemSchema },
          },
        },
      },
      async (request) => {
        const { id } = request.params;
        if (!control.knows(id)) throw unknownFeeds([id]);
        const kept = control.answer(id);
        if (kept === null) throw noAnswer();
        return { ...kept, headers: { ...kept.headers }, at: toInstant(kept.at) };
      },
    );
  };
