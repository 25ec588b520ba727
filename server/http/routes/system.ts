import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SystemInfoSchema } from '#shared/protocol/api.ts';
import type { HttpDeps } from '../deps.ts';

export const systemRoutes =
  ({ board, clock, scenario, rulesHash }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/system',
      {
        schema: {
          tags: ['live'],
          summary: 'What the system definition says about itself, and the rules that levels are judged by.',
          response: { 200: { description: 'The system', ...SystemInfoSchema } },
        },
      },
      async () => {
        const { id, name, description, figures, version, rules, simulated, attribution } = board.definition;
        return {
          id,
          name,
          description,
          figures,
          definition: version,
          rules: { version: rules.version, reason: rules.reason, hash: rulesHash(rules), levels: rules.levels },
          simulated: simulated || clock.simulated,
          scenario,
          attribution,
        };
      },
    );
  };
