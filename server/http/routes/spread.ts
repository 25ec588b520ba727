import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import {
  SpreadNeighboursSchema,
  SpreadSchema,
  type Spread,
  type SpreadNeighbour,
  type SpreadNeighbours,
} from '#shared/protocol/spread.ts';
import { compareNeighbour, compareTwo, rank, sayNeighbours, type Compared } from '../../domain/spread/spread.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput, unknownUnit } from '../errors.ts';
import { createSpreadSeries, neighboursOf } from '../spread-series.ts';

const DEFAULT_WEEKS = 6;
const UnitId = (description: string) => Type.String({ minLength: 1, maxLength: 64, description });

const SpreadQuerySchema = Type.Object(
  {
    a: UnitId('A unit'),
    b: Type.Optional(UnitId('Another one; without it, all neighbours of the first are looked at')),
    weeks: Type.Optional(
      Type.Integer({ minimum: 3, maximum: 13, default: DEFAULT_WEEKS, description: 'Whole weeks up to today' }),
    ),
  },
  { additionalProperties: false },
);

export const spreadRoutes =
  ({ board, history, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const series = createSpreadSeries(history);
    const nameOf = (id: string) => board.unit(id)?.name ?? id;
    const simulated = () => board.definition.simulated || clock.simulated;

    async function two(a: string, b: string, weeks: number): Promise<Spread> {
      const now = clock.now();
      const compared = async (id: string): Promise<Compared> => ({
        id,
        name: nameOf(id),
        sides: await series.of(id, now, weeks),
      });
      const [one, other] = await Promise.all([compared(a), compared(b)]);
      return { a, b, weeks, ...compareTwo(one, other, weeks), simulated: simulated() };
    }

    async function neighbours(a: string, weeks: number): Promise<SpreadNeighbours> {
      const now = clock.now();
      const { ids, of } = neighboursOf(board, a);
      const self: Compared = { id: a, name: nameOf(a), sides: await series.of(a, now, weeks) };
      const found: SpreadNeighbour[] = [];
      await series.each(ids, now, weeks, (id, sides) => {
        const neighbour = compareNeighbour(self, { id, name: nameOf(id), sides }, ids.length, weeks);
        if (neighbour !== null) found.push(neighbour);
      });
      const sentence = sayNeighbours(self.name, found, ids.length);
      return { a, weeks, neighbours: rank(found), compared: ids.length, of, sentence, simulated: simulated() };
    }

    app.get(
      '/api/spread',
      {
        schema: {
          tags: ['history'],
          summary: 'How pressure spreads: which of two units rises first, or who leads and follows one unit.',
          description:
            "Correlation of what departs from each unit's own usual, over lags of hours and of days. A lead is only named " +
            'where it stands out of what chance reaches once in twenty, and lies clearly above the correlation at no lag.',
          querystring: SpreadQuerySchema,
          response: {
            200: {
              description: 'Two units compared, or the neighbours of one',
              ...Type.Union([SpreadSchema, SpreadNeighboursSchema]),
            },
            400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
            404: { description: 'No such unit (`UNKNOWN_UNIT`)', ...ProblemSchema },
            503: { description: 'The history cannot be read now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
          },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const { a, b, weeks = DEFAULT_WEEKS } = request.query;
        if (board.unit(a) === undefined || (b !== undefined && board.unit(b) === undefined)) throw unknownUnit();
        if (a === b) throw badInput('/query/b', 'must be another unit than a');
        return b === undefined ? neighbours(a, weeks) : two(a, b, weeks);
      },
    );
  };
