import type { FastifyInstance } from 'fastify';
import { isRead } from '../identity/audit.ts';
import { HttpProblem } from './errors.ts';

/** A wall reads, and reports itself; whatever decides something is refused before anything of it is looked at. */
export function addScreenLimits(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.actor.role !== 'screen' || request.is404 || isRead(request)) return;
    throw new HttpProblem(403, 'SCREEN_READS_ONLY', 'A paired screen can only read');
  });
}
