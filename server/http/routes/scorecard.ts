import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { weekAt, weekNamed, type Week } from '#shared/model/week.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { ScorecardSchema } from '#shared/protocol/scorecard.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput, unknownUnit } from '../errors.ts';
import { At, readAt } from '../past.ts';
import { scorecardCsv } from '../scorecard-csv.ts';

const Query = Type.Object(
  {
    week: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-W\\d{2}$',
        description: 'ISO week, Monday to Sunday in London, such as `2026-W03`; left out: the current one',
      }),
    ),
    at: Type.Optional({ ...At, description: 'Instead of `week`: the one that holds this time' }),
    unit: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'A system, place or neighbourhood: only it and its own',
      }),
    ),
    format: Type.Optional(Type.Enum(['json', 'csv'], { default: 'json' })),
  },
  { additionalProperties: false },
);

/** How redirections went, week by week. */
export const scorecardRoutes =
  ({ scorecards, board, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const weekOf = (asked: { week?: string; at?: string }): Week => {
      const now = clock.now();
      if (asked.week !== undefined && asked.at !== undefined) throw badInput('/query/at', 'must not stand beside week');
      const week = asked.week === undefined ? weekAt(asked.at ? readAt(asked.at) : now) : weekNamed(asked.week);
      if (week === null) throw badInput('/query/week', 'must be a week that there is');
      if (week.from > now) throw badInput(asked.week ? '/query/week' : '/query/at', 'has not begun');
      return week;
    };
    app.get(
      '/api/redirections/scorecard',
      {
        schema: {
          tags: ['redirections'],
          summary: 'How the redirections of one week went: a line for the system, each place and each neighbourhood.',
          description:
            'A redirection belongs to the week in which it was proposed. What nobody has told is null, never 0. The ' +
            'current week is answered from memory; older ones need the database.',
          querystring: Query,
          response: {
            200: {
              description: 'The lines; as a file with `format=csv`',
              content: {
                'application/json': { schema: ScorecardSchema },
                'text/csv': { schema: Type.String() },
              },
            },
            400: { description: 'There is no such week, or it has not begun (`BAD_INPUT`)', ...ProblemSchema },
            404: { description: 'No such place or neighbourhood (`UNKNOWN_UNIT`)', ...ProblemSchema },
            503: { description: 'That week cannot be read just now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
          },
        },
        // The types vouch for the fields: thousands of nullable ones would each be validated again.
        serializerCompiler: () => JSON.stringify,
      },
      async ({ query }, reply) => {
        const { unit = null, format = 'json' } = query;
        if (unit !== null && (board.unit(unit)?.kind ?? 'site') === 'site') throw unknownUnit();
        const week = weekOf(query);
        const card = await scorecards.of(week, unit);
        reply.header('cache-control', 'no-cache');
        if (format === 'json') return reply.send(card);
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="redirections-${week.id}.csv"`)
          .send(scorecardCsv(card) as never);
      },
    );
  };
