import Type, { type Static } from 'typebox';
import { BoardSchema } from './api.ts';

const Instant = Type.String({ format: 'date-time' });

/** `GET /api/replay?at=`: the board as it was, with its own `at` (that of the last revision at or before the time asked for). */
export const ReplayBoardSchema = Type.Intersect([
  BoardSchema,
  Type.Object({
    replay: Type.Literal(true),
    /** The time that was asked for. */
    asked: Instant,
    /** `<version>/<hash>` of the rules it was judged by. */
    rules: Type.String(),
  }),
]);
export type ReplayBoardBody = Static<typeof ReplayBoardSchema>;

/** `GET /api/replay/extent`: what can be replayed. Between the stretches nobody was recording. */
export const ReplayExtentSchema = Type.Object({
  from: Type.Union([Instant, Type.Null()]),
  to: Type.Union([Instant, Type.Null()]),
  stretches: Type.Array(Type.Object({ from: Instant, to: Instant })),
});
export type ReplayExtent = Static<typeof ReplayExtentSchema>;
