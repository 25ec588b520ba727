import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { notFound, renderError } from './errors.ts';
import { contentPolicy } from './security.ts';

/** Addresses that are never a page: what is missing there is missing. */
const NOT_PAGES = /^\/(api|socket\.io|metrics|_app)(\/|\?|$)|\.[a-z0-9]+(\?|$)/i;
const FOREVER = 'public, max-age=31536000, immutable';

/** The built pages, with the one page for every address that is a screen. Without a build only the API is served. */
export async function addStaticWeb(app: FastifyInstance, folder: string): Promise<void> {
  const file = [join(folder, 'index.html'), join(folder, '200.html')].find((path) => existsSync(path));
  const html = file === undefined ? null : readFileSync(file, 'utf8');
  const policy = contentPolicy(html ?? '');
  const etag = `"${createHash('sha256')
    .update(html ?? '')
    .digest('base64url')
    .slice(0, 22)}"`;

  if (html !== null) {
    await app.register(staticFiles, {
      root: folder,
      index: false,
      // One route a file, as found now: no listing, no folder, nothing that appears later.
      wildcard: false,
      globIgnore: ['**/*.br', '**/*.gz'],
      preCompressed: true,
      cacheControl: false,
      schemaHide: true,
      setHeaders(reply, path) {
        reply.header('cache-control', path.includes(`${sep}immutable${sep}`) ? FOREVER : 'no-cache');
        if (path.endsWith('.html')) reply.header('content-security-policy', policy);
      },
    });
  } else {
    app.log.warn({ type: 'web.missing', folder }, 'the web pages are not built; only the API is served');
  }

  app.setNotFoundHandler((request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (html === null || !isRead || NOT_PAGES.test(request.url)) return renderError(notFound(), request, reply);
    reply.headers({ 'cache-control': 'no-cache', etag, 'content-security-policy': policy });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.code(200).type('text/html; charset=utf-8').send(html);
  });
}
