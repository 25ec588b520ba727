import type { FastifyRequest } from 'fastify';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { codeOf } from '../domain/error-code.ts';
import { badInput, HttpProblem } from './errors.ts';

/** Rules with every indicator there could be come to a third of it. */
export const RULES_BYTES = 256 * 1024;
const DEEPEST = 12;

export const BAD = { description: 'Not as described (`BAD_INPUT`)', ...ProblemSchema };

/** Rules may be anything until they are checked, but not so deep that writing them down again would fail. */
export async function mustBeShallow({ body }: FastifyRequest): Promise<void> {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw badInput('/body/rules', 'is nested too deeply');
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
}

/** Says of an absent database what it means to whoever publishes. */
export function publicationAway(error: unknown): never {
  if (codeOf(error) !== 'STORE_UNAVAILABLE') throw error;
  const words = 'The database does not answer: rules can only come into force once they are on record';
  throw new HttpProblem(503, 'STORE_UNAVAILABLE', words, [], { cause: error });
}
