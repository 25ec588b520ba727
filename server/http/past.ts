import Type from 'typebox';
import type { EpochMs } from '#shared/model/time.ts';
import { ProblemSchema } from '#shared/protocol/api.ts';
import { readInstant } from './instant.ts';

/** `at` of a query. */
export const At = Type.String({
  format: 'date-time',
  description: 'RFC 3339; as it was then, by what was recorded. Absent: as it is now',
});

/** Throws BAD_INPUT for a time that there is not. */
export const readAt = (text: string): EpochMs => readInstant(text, '/query/at');

/** Answers of every route that can look at the past. */
export const PAST_PROBLEMS = {
  400: { description: 'Bad input (`BAD_INPUT`) with its path', ...ProblemSchema },
  404: {
    description: 'Nothing was recorded then (`NOT_RECORDED`, with the nearest recordings), or no such unit',
    ...ProblemSchema,
  },
  503: {
    description: 'The recording cannot be read now (`STORE_UNAVAILABLE`, `REPLAY_BUSY`, `REPLAY_LOST`)',
    ...ProblemSchema,
  },
};
