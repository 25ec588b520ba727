import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** `GET /api/units/{id}/published`: months are `2026-02`, days `2026-02-28`. */
export const PublishedSchema = Type.Object({
  unit: Type.String(),
  organisation: Nullable(
    Type.Object({
      name: Type.String(),
      kind: Type.String(),
      parent: Nullable(Type.String()),
      status: Nullable(Type.String()),
      opened: Nullable(Type.String()),
      closed: Nullable(Type.String()),
    }),
  ),
  memberships: Type.Array(
    Type.Object({
      network: Type.String(),
      name: Nullable(Type.String()),
      from: Type.String(),
      to: Nullable(Type.String()),
    }),
  ),
  figures: Type.Array(
    Type.Object({
      dataset: Type.String(),
      item: Type.String(),
      month: Type.String(),
      value: Type.Number(),
      days: Nullable(Type.Integer()),
      file: Type.String(),
    }),
  ),
});
export type PublishedBody = Static<typeof PublishedSchema>;
