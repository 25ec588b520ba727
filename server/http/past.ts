import Type from 'typebox';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { badInput } from './errors.ts';

/** `at` of a query. */
export const At = Type.String({
  format: 'date-time',
  description: 'RFC 3339; as it was then, by what was recorded. Absent: as it is now',
});

/** Throws BAD_INPUT for a time that there is not. */
export function readAt(text: string): EpochMs {
  try {
    return fromInstant(text);
  } catch {
    throw badInput('/query/at', 'must be an RFC 3339 time');
  }
}

/** Answers of every route that can look at the past. */
export const PAST_PROBLEMS = {
  400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
  404: {
    description: 'Nothing was recorded then (`NOT_RECORDED`, with the nearest recordings), or no such unit',
    ...ProblemSchema,
  },
  503: { description: 'The recording cannot be read now (`STORE_UNAVAILABLE`, `REPLAY_BUSY`)', ...ProblemSchema },
};
