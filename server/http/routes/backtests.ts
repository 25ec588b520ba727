import Type from 'typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { BacktestSchema, BacktestsSchema, StartBacktestSchema } from '#shared/protocol/backtest.ts';
import { BacktestProblem } from '../../domain/backtest/ports.ts';
import type { HttpDeps } from '../deps.ts';
import { badInput, HttpProblem } from '../errors.ts';

/** As large as rules may be. */
const BODY_BYTES = 256 * 1024;
const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const UNKNOWN = { description: 'No such back-test (`UNKNOWN_BACKTEST`): only the newest are kept', ...ProblemSchema };
const unknown = () => new HttpProblem(404, 'UNKNOWN_BACKTEST', 'No back-test that is kept has that id');

function readTime(text: string, path: string): EpochMs {
  try {
    return fromInstant(text);
  } catch {
    throw badInput(path, 'must be an RFC 3339 time');
  }
}

/** Refusals as the protocol has them. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof BacktestProblem)) return error;
  const { code, message, faults } = error;
  switch (code) {
    case 'BAD_SPAN':
      return badInput('/body', message);
    case 'RULES_FAULTY':
      return new HttpProblem(422, code, message, [...faults], { cause: error });
    case 'UNKNOWN_RULES':
      return new HttpProblem(404, code, message, [], { cause: error });
    case 'TOO_MANY_BACKTESTS':
      return new HttpProblem(429, code, message, [], { cause: error });
  }
}

export const backtestRoutes =
  ({ backtests }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['rules'];
    app.post(
      '/api/backtests',
      {
        bodyLimit: BODY_BYTES,
        schema: {
          tags,
          summary: 'Tries rules on the past: which levels would have been when, beside those of another version.',
          description:
            'Runs in the background, one at a time. What lies in the future of `to` is left out; 93 days at most.',
          body: StartBacktestSchema,
          response: {
            202: { description: 'Begun, or waiting for its turn', ...BacktestSchema },
            400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
            404: { description: 'No such version to compare with (`UNKNOWN_RULES`)', ...ProblemSchema },
            422: { description: 'The rules have faults (`RULES_FAULTY`), each with its path', ...ProblemSchema },
            429: { description: 'As many wait as may (`TOO_MANY_BACKTESTS`)', ...ProblemSchema },
            503: { description: 'The history cannot be read now (`STORE_UNAVAILABLE`)', ...ProblemSchema },
          },
        },
      },
      async ({ body, actor }, reply) => {
        const { rules, against = null } = body;
        const [from, to] = [readTime(body.from, '/body/from'), readTime(body.to, '/body/to')];
        try {
          const begun = await backtests.start({ rules, from, to, against }, actor);
          return await reply.code(202).send(begun);
        } catch (error) {
          throw problemOf(error);
        }
      },
    );
    app.get(
      '/api/backtests',
      {
        schema: {
          tags,
          summary: 'Back-tests under way and the newest of those that are over, without their results.',
          response: { 200: { description: 'Newest first', ...BacktestsSchema } },
        },
      },
      // The schema leaves their results out.
      async () => ({ backtests: [...backtests.list()] }),
    );
    app.get(
      '/api/backtests/:id',
      {
        schema: {
          tags,
          summary: 'One back-test: how far it is, and what it came to.',
          params: IdParams,
          response: { 200: { description: 'The back-test', ...BacktestSchema }, 404: UNKNOWN },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async ({ params }) => {
        const found = backtests.get(params.id);
        if (found === null) throw unknown();
        return found as never;
      },
    );
    app.delete(
      '/api/backtests/:id',
      {
        schema: {
          tags,
          summary: 'Cancels a back-test that waits or runs; one that is over stays as it is.',
          params: IdParams,
          response: { 200: { description: 'As it is now', ...BacktestSchema }, 404: UNKNOWN },
        },
        serializerCompiler: () => JSON.stringify,
      },
      async ({ params }) => {
        const found = backtests.cancel(params.id);
        if (found === null) throw unknown();
        return found as never;
      },
    );
  };
