import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

const ABOUT = `Live capacity and demand of one primary-care system. Times are RFC 3339 in UTC on the product's clock,
which in a demonstration is not the real one; a value that is null carries its reason in \`absence\`.
Failures are problem documents (RFC 9457) with a stable \`code\`. For changes as they happen, subscribe at
\`/socket.io\` (Socket.IO) or \`/api/live\` (WebSocket).`;

/** Collects every route from here on into an OpenAPI 3.1 document. */
export async function addOpenApi(app: FastifyInstance, build: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Headroom',
        version: build,
        description: ABOUT.replaceAll('\n', ' '),
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'live', description: 'The state now' },
        { name: 'history', description: 'What was' },
        { name: 'screens', description: 'Walls: paired by a code, read-only, revocable' },
        { name: 'operation', description: 'Is it well?' },
      ],
    },
  });
}
