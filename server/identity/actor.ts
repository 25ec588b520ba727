import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '../domain/ports.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
}

/** While only loopback is served (or the server is open in words) everybody is this one person, with every tier. */
export const LOCAL_OPERATOR: Actor = Object.freeze({ id: 'local-operator', role: 'local-operator', tier: 'all' });

/** Who sends this request. The one place that sign-in will replace. */
export type Identify = (request: IncomingMessage) => Actor;
export const identifyLocal: Identify = () => LOCAL_OPERATOR;

/** Puts the actor on every request before any route sees it. */
export function addActor(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest('actor', null as unknown as Actor);
  app.addHook('onRequest', async (request: FastifyRequest) => {
    request.actor = identify(request.raw);
  });
}
