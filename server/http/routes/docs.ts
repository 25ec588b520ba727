import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { docsPage, type OpenApiDocument } from '../docs-page.ts';
import { contentPolicy } from '../security.ts';

/** The description of the API, for machines and for people. */
export const docsRoutes = (): FastifyPluginAsyncTypebox => async (app) => {
  app.get(
    '/api/openapi.json',
    { schema: { tags: ['operation'], summary: 'This description, as OpenAPI 3.1.' } },
    async (_request, reply) => reply.send(app.swagger()),
  );
  app.get(
    '/api/docs',
    { schema: { tags: ['operation'], summary: 'This description, as a page.' } },
    async (_request, reply) => {
      const html = docsPage(app.swagger() as OpenApiDocument);
      reply.header('content-security-policy', contentPolicy(html));
      return reply.type('text/html; charset=utf-8').send(html);
    },
  );
};
