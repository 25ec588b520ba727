import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CATALOGUE_VERSION, expectedEveryMs, METRIC_NAMES, metricSpec } from '#shared/model/metrics.ts';
import { localDate } from '#shared/model/time.ts';
import { CatalogueSchema, type Catalogue } from '#shared/protocol/catalogue.ts';
import type { HttpDeps } from '../deps.ts';

const METRICS: Catalogue['metrics'] = METRIC_NAMES.map((name) => {
  const { label, measure, shape, definition, siteKinds, group, optional, derived } = metricSpec(name);
  return {
    name,
    label,
    measure,
    shape,
    definition: definition ?? null,
    expectedEveryMs: expectedEveryMs(name),
    siteKinds: [...siteKinds],
    group,
    optional: optional ?? false,
    derived,
  };
});

const daysBetween = (from: string, to: string): number => Temporal.PlainDate.from(from).until(to).days;

export const catalogueRoutes =
  ({ board, clock }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/catalogue',
      {
        schema: {
          tags: ['operation'],
          summary: 'What every metric means, how suppliers’ fields differ, and how slot types are mapped.',
          response: { 200: { description: 'The catalogue', ...CatalogueSchema } },
        },
      },
      async () => {
        const { suppliers = [], slotTypes } = board.definition;
        const mapped = slotTypes && {
          reviewed: slotTypes.reviewed,
          ageDays: daysBetween(slotTypes.reviewed, localDate(clock.now())),
          types: slotTypes.types,
        };
        return {
          version: CATALOGUE_VERSION,
          metrics: METRICS,
          suppliers: suppliers.map(({ id, name, fields }) => ({ id, name, fields })),
          slotTypes: mapped ?? null,
        };
      },
    );
  };
