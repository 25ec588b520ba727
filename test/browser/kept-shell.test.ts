import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

/** The control room with the worker at work and all that it keeps in its place. */
async function settled(webFolder = WEB) {
  const board = createMemoryBoard(smallDefinition());
  board.change([{ id: 'P1', level: 4, score: 91, coverage: 1, name: 'Mill Lane' }]);
  const server = await startServer(board, { webFolder });
  const { page, errors } = await openPage(browser(), server.url, { serviceWorkers: 'allow' });
  onTestFinished(() => page.context().close());
  await page.getByText('Mill Lane').first().waitFor();
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await until('the worker answers for the page', () => page.evaluate<boolean>('!!navigator.serviceWorker.controller'));
  return { page, errors, server };
}

const keptPaths = (page: Page) =>
  page.evaluate<string[]>(`(async () => {
    const all = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname);
    return all;
  })()`);

describe('what a browser keeps of the product', () => {
  it('is the shell alone: it opens without a server, says that it is not live, shows nothing old, and comes back by itself', async () => {
    const { page, errors } = await settled();
    const kept = await keptPaths(page);
    expect(kept).toContain('/');
    expect(
      kept.filter((path) => !/^\/($|_app\/immutable\/|theme\.js|favicon\.svg|manifest\.webmanifest)/.test(path)),
    ).toEqual([]);

    await page.context().setOffline(true);
    await page.goto(page.url());
    const bar = page.getByRole('alert');
    await bar.waitFor();
    expect(await bar.innerText()).toMatch(
      /^Not live: no data since 8am, Monday 23 November\. The server does not answer\./,
    );
    expect(await page.getByText('Mill Lane').count()).toBe(0);
    expect(await page.getByRole('img', { name: /^Level [1-4]/ }).count()).toBe(0);

    await page.context().setOffline(false);
    await page.getByText('Mill Lane').first().waitFor();
    await until('the page is the one of the server', () =>
      // It comes back by a reload of its own, which ends whatever is being asked of the page then.
      page.evaluate<boolean>('!document.documentElement.hasAttribute("data-kept")').catch(() => false),
    );
    expect(errors).toEqual([]);
  });

  it('never holds a page back: the first reload after an upgrade is the new build, and what was kept of the old one goes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-web-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(WEB, folder, { recursive: true });
    const { page } = await settled(folder);
    const before = await page.evaluate<string[]>('caches.keys()');

    change(folder, 'index.html', '<head>', '<head><meta name="upgraded" content="yes" />');
    change(folder, 'service-worker.js', 'headroom-shell-', 'headroom-shell-next-');
    const isNew = () => page.evaluate<boolean>('!!document.querySelector("meta[name=upgraded]")');
    await page.reload();
    expect(await isNew()).toBe(true);
    await until('only the new build is kept', async () => {
      const names = await page.evaluate<string[]>('caches.keys()');
      return names.length === 1 && !before.includes(names[0] ?? '');
    });
    await page.context().setOffline(true);
    await page.reload();
    expect(await isNew()).toBe(true);
  });

  it('can be installed: name, icons of every size, its own display', async () => {
    const { server } = await settled();
    const get = (path: string) => fetchFrom(server.url, path);
    const manifest = JSON.parse((await get('/manifest.webmanifest')).body) as {
      display: string;
      icons: { src: string; purpose: string; sizes: string }[];
      shortcuts: { url: string }[];
    };
    expect(manifest.display).toBe('standalone');
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual(
      expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']),
    );
    for (const { src } of manifest.icons) expect((await get(src)).status).toBe(200);
    const worker = await get('/service-worker.js');
    expect(worker.headers['cache-control']).toBe('no-cache');
    expect(worker.headers['content-security-policy']).toContain("connect-src 'self'");
  });
});

function change(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  for (const packed of ['.br', '.gz']) rmSync(`${path}${packed}`, { force: true });
}

async function fetchFrom(base: string, path: string) {
  const { statusCode, headers, body } = await request(`${base}${path}`);
  return { status: statusCode, headers, body: await body.text() };
}
