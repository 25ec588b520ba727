import Type, { type Static } from 'typebox';
import { FeedStatusSchema, UnitSchema } from '../model/unit.ts';
import { Literals } from '../model/literals.ts';
import { FrameClockSchema } from './live.ts';

const OrNull = Type.Union([Type.Number(), Type.Null()]);

const StretchOrNull = Type.Union([
  Type.Object({ from: Type.String({ format: 'date-time' }), to: Type.String({ format: 'date-time' }) }),
  Type.Null(),
]);

/** RFC 9457 problem document with a stable `code`; `errors` names the place of each fault in bad input. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  /** With NOT_RECORDED: the recordings before and after the time that was asked for. */
  nearest: Type.Optional(Type.Object({ before: StretchOrNull, after: StretchOrNull })),
  /** With SLOTS_GONE: slots that are left. */
  available: Type.Optional(Type.Integer({ minimum: 0 })),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
});
export type Problem = Static<typeof ProblemSchema>;

/** `GET /api/board`: the whole live state; `seq` and `epoch` are a valid position for a subscription. */
export const BoardSchema = Type.Object({
  protocol: Type.Integer(),
  epoch: Type.String(),
  seq: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  system: Type.String(),
  simulated: Type.Boolean(),
  clock: FrameClockSchema,
  units: Type.Array(UnitSchema),
  feeds: Type.Array(FeedStatusSchema),
});
export type BoardBody = Static<typeof BoardSchema>;

/** `GET /api/units/{id}/series`: points are [epoch ms, value | null]; a gap is null, never interpolated. */
export const SeriesSchema = Type.Object({
  unit: Type.String(),
  metric: Type.String(),
  measure: Type.String(),
  /** Bucket width in milliseconds; buckets align to London midnight. */
  step: Type.Integer(),
  points: Type.Array(Type.Tuple([Type.Number(), Type.Union([Type.Number(), Type.Null()])])),
  /** What the points were read from. */
  source: Literals(['readings', 'five-minutes', 'hours', 'days']),
  /** Asked for with `band`: start, least and greatest value in a bucket, the one it began with included. */
  range: Type.Optional(Type.Array(Type.Tuple([Type.Number(), OrNull, OrNull]))),
  /** Start and mean by how long each value stood. */
  mean: Type.Optional(Type.Array(Type.Tuple([Type.Number(), OrNull]))),
  /** Start, share of the time in which a value stood and was recorded, number of readings. */
  coverage: Type.Optional(Type.Array(Type.Tuple([Type.Number(), Type.Number(), Type.Integer()]))),
  /** Own normal over the same buckets and to the end of the day, where one is known; else empty. */
  usual: Type.Array(Type.Tuple([Type.Number(), Type.Union([Type.Number(), Type.Null()])])),
  usualLabel: Type.String(),
  simulated: Type.Boolean(),
});
export type SeriesBody = Static<typeof SeriesSchema>;

/** `GET /api/changes`: what changed, newest first. */
export const ChangeSchema = Type.Object({
  at: Type.String({ format: 'date-time' }),
  unit: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  from: Type.Union([Type.Integer({ minimum: 1, maximum: 4 }), Type.Null()]),
  to: Type.Union([Type.Integer({ minimum: 1, maximum: 4 }), Type.Null()]),
  text: Type.String(),
  rules: Type.String(),
});
export type Change = Static<typeof ChangeSchema>;
export const ChangesSchema = Type.Object({ changes: Type.Array(ChangeSchema) });

/** `GET /api/system`: what the system definition says about itself. */
export const SystemInfoSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  figures: Type.Array(Type.Object({ text: Type.String(), year: Type.Integer(), source: Type.String() })),
  definition: Type.String(),
  rules: Type.Object({
    version: Type.Integer(),
    reason: Type.String(),
    hash: Type.String(),
    levels: Type.Array(Type.Number()),
  }),
  simulated: Type.Boolean(),
  scenario: Type.Union([Type.String(), Type.Null()]),
  attribution: Type.Array(Type.String()),
});
export type SystemInfo = Static<typeof SystemInfoSchema>;

export const HealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('down')]),
  reasons: Type.Array(Type.String()),
});
export type Health = Static<typeof HealthSchema>;
