import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
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

/** What a page's address may be made of; nothing in it leads out of the folder. */
const ADDRESS = /^(?:\/[\w-]+)*$/;

/**
 * Each screen has its own page, which differs in the files that it asks for at once: `/map` is `map.html`, every unit
 * `units/-.html`, whatever is no screen `any.html`. A page is read again when the build changes: a running server must
 * not hand out one whose files are gone.
 */
function createPages(folder: string): (path: string) => Page | null {
  const pages = new Map<string, Page>();
  const read = (name: string): Page | null => {
    const path = join(folder, `${name}.html`);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return null;
    const stamp = `${found.mtimeMs}/${found.size}/${found.ino}`;
    const known = pages.get(name);
    if (known?.stamp === stamp) return known;
    const html = readFileSync(path, 'utf8');
    const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
    const page = { stamp, html, etag, policy: contentPolicy(html) };
    pages.set(name, page);
    return page;
  };
  return (path) => {
    const plain = path.replace(/\/$/, '');
    if (!ADDRESS.test(plain)) return read('any');
    const name = plain.slice(1) || 'index';
    return read(name) ?? read(posix.join(posix.dirname(name), '-')) ?? read('any');
  };
}

/** The built pages, with one for every address that is a screen. Without a build only the API is served. */
export async function addStaticWeb(app: FastifyInstance, folder: string): Promise<void> {
  const pageOf = createPages(folder);
  const exists = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (pageOf('/') === null) app.log.warn({ type: 'web.missing', folder }, 'the web pages are not built');

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
        if (path.endsWith('.html')) reply.header('content-security-policy', contentPolicy(readFileSync(path, 'utf8')));
      },
    });
  }

  app.setNotFoundHandler((request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const shown = isRead && !NOT_PAGES.test(pathOf(request.url)) ? pageOf(pathOf(request.url)) : null;
    if (shown === null) return renderError(notFound(), request, reply);
    const { html, etag, policy } = shown;
    reply.headers({ 'cache-control': 'no-cache', etag, 'content-security-policy': policy });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.code(200).type('text/html; charset=utf-8').send(html);
  });
}
