import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HealthSchema, type Health } from '#shared/protocol/api.ts';
import type { Condition } from '../../domain/ports.ts';
import type { HttpDeps } from '../deps.ts';

/** Parts without which nothing true can be shown. Without the others the live board still stands. */
const NEEDED: readonly Condition['part'][] = ['journal', 'poller', 'clock'];

/** Ready is not the same as perfect: a degraded part is said, and only a needed part that is down stops readiness. */
export function readiness(conditions: readonly Condition[]): Health {
  const unwell = conditions.filter((c) => c.status !== 'ok');
  const reasons = unwell.map((c) => `${c.part}: ${c.reason}`);
  if (unwell.some((c) => c.status === 'down' && NEEDED.includes(c.part))) return { status: 'down', reasons };
  return { status: unwell.length > 0 ? 'degraded' : 'ok', reasons };
}

export const healthRoutes =
  ({ conditions }: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/api/health/live',
      {
        schema: {
          tags: ['operation'],
          summary: 'Whether the process answers.',
          response: { 200: { description: 'It does', ...HealthSchema } },
        },
      },
      async () => ({ status: 'ok' as const, reasons: [] }),
    );
    app.get(
      '/api/health/ready',
      {
        schema: {
          tags: ['operation'],
          summary: 'Whether what is shown can be trusted, with the reasons when not.',
          response: {
            200: { description: 'Ready; `degraded` names parts that are unwell', ...HealthSchema },
            503: { description: 'Not ready, with reasons', ...HealthSchema },
          },
        },
      },
      async (_request, reply) => {
        const health = readiness(conditions());
        return reply.code(health.status === 'down' ? 503 : 200).send(health);
      },
    );
  };
