import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { notFound, renderError } from './errors.ts';
import { contentPolicy, WORKER_POLICY } from './security.ts';

/** Paths that are never a page: what is missing there is missing. What a query holds says nothing of that. */
const NOT_PAGES = /^\/(api|socket\.io|metrics|_app)(\/|$)|\.[a-z0-9]+$/i;
const pathOf = (url: string) => url.split('?', 1)[0] ?? url;
const FOREVER = 'public, max-age=31536000, immutable';

interface Page {
  readonly stamp: string;
  readonly html: string;
  readonly etag: string;
  readonly policy: string;
}

/** The one page of the build, read again when the build changes: a running server must not hand out a page whose files are gone. */
function createPage(folder: string): () => Page | null {
  let page: Page | null = null;
  return () => {
    const path = join(folder, 'index.html');
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return null;
    const stamp = `${found.mtimeMs}/${found.size}/${found.ino}`;
    if (page?.stamp === stamp) return page;
    const html = readFileSync(path, 'utf8');
    const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
    page = { stamp, html, etag, policy: contentPolicy(html) };
    return page;
  };
}

/** The built pages, with the one page for every address that is a screen. Without a build only the API is served. */
export async function addStaticWeb(app: FastifyInstance, folder: string): Promise<void> {
  const page = createPage(folder);
  const exists = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (page() === null) app.log.warn({ type: 'web.missing', folder }, 'the web pages are not built');

  if (exists) {
    await app.register(staticFiles, {
      root: folder,
      index: false,
      preCompressed: true,
      cacheControl: false,
      schemaHide: true,
      // Files only; whatever else is asked for may be a screen.
      allowedPath: (path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true,
      setHeaders(reply, path) {
        reply.header('cache-control', path.includes(`${sep}immutable${sep}`) ? FOREVER : 'no-cache');
        if (path.includes(`${sep}service-worker.js`)) reply.header('content-security-policy', WORKER_POLICY);
        if (path.endsWith('.html')) reply.header('content-security-policy', page()?.policy ?? '');
      },
    });
  }

  app.setNotFoundHandler((request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const shown = isRead && !NOT_PAGES.test(pathOf(request.url)) ? page() : null;
    if (shown === null) return renderError(notFound(), request, reply);
    const { html, etag, policy } = shown;
    reply.headers({ 'cache-control': 'no-cache', etag, 'content-security-policy': policy });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.code(200).type('text/html; charset=utf-8').send(html);
  });
}
