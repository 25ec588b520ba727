import Type, { type Static } from 'typebox';
import { Literals } from '../model/literals.ts';
import { NORMAL_SOURCES } from '../model/normal-source.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** What stands behind a usual value. `days`: days of that kind that were learned from (of one site; 0 for the others). */
export const NormalAboutSchema = Type.Object({
  source: Literals(NORMAL_SOURCES),
  days: Type.Integer({ minimum: 0 }),
  /** Plain words: "usual of 8 Mondays", "expected from 24 practices of like size", "expected from published months". */
  label: Type.String(),
});
export type NormalAbout = Static<typeof NormalAboutSchema>;

/** `GET /api/units/{id}/normal?metric=&day=`: what is usual through one day, in quarter hours, with its ordinary range. */
export const NormalDaySchema = Type.Object({
  unit: Type.String(),
  metric: Type.String(),
  measure: Type.String(),
  /** `2026-11-23`, and the kind of day it is judged as: "Monday", "Bank holiday", "Day after a bank holiday". */
  day: Type.String(),
  kind: Type.String(),
  about: Nullable(NormalAboutSchema),
  /**
   * [epoch ms of the start, usual, low, high]: low and high enclose half of the days behind it (own days and peers; null
   * for groups and published months). Counts since midnight: the total so far at the quarter's end.
   */
  quarters: Type.Array(
    Type.Tuple([Type.Number(), Nullable(Type.Number()), Nullable(Type.Number()), Nullable(Type.Number())]),
  ),
});
export type NormalDay = Static<typeof NormalDaySchema>;
