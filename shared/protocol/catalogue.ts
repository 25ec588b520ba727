import Type, { type Static } from 'typebox';
import { SiteKindSchema } from '../model/site-kind.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** `GET /api/catalogue`: what every number means, and what of it is this system's own. */
export const CatalogueSchema = Type.Object({
  /** Rises when a definition changes: two versions never join in one series silently. */
  version: Type.Integer(),
  metrics: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String(),
      measure: Type.String({ description: 'Unit of measure' }),
      shape: Type.String({ description: 'gauge, window (last 15 minutes), since-midnight or daily' }),
      definition: Nullable(Type.String({ description: 'National definition: CBT001, IUC ADC A01, GPAD …' })),
      expectedEveryMs: Nullable(Type.Number({ description: 'Longest time between two reports; null when derived' })),
      siteKinds: Type.Array(SiteKindSchema),
      group: Type.String({ description: 'How a group’s value is made of its parts’' }),
      /** Reported only where one of the site's feeds can bring it. */
      optional: Type.Boolean(),
      /** Worked out from other metrics, never sent by a feed. */
      derived: Type.Boolean(),
    }),
  ),
  suppliers: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      fields: Type.Record(Type.String(), Type.String(), {
        description: 'National field by sums and differences of the supplier’s own; others mean what is national',
      }),
    }),
  ),
  slotTypes: Nullable(
    Type.Object({
      reviewed: Type.String({ description: 'Date on which somebody last looked through it' }),
      ageDays: Type.Integer({ description: 'Since then; a stale mapping misreports' }),
      types: Type.Array(Type.Object({ name: Type.String(), category: Type.String(), patientFacing: Type.Boolean() })),
    }),
  ),
});
export type Catalogue = Static<typeof CatalogueSchema>;
