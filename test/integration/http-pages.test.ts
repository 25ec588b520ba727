import { createHash } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';

const board = () => createMemoryBoard(smallDefinition());
const json = async (url: string) => (await request(url)).body.json() as Promise<Record<string, unknown>>;

describe('who may ask', () => {
  const REFUSED: readonly (readonly [string, Record<string, string>, string])[] = [
    ['another host name', { host: 'evil.example' }, 'HOST_REFUSED'],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }, 'HOST_REFUSED'],
    ['an address of the network', { host: '192.168.1.20:8080' }, 'HOST_REFUSED'],
    ['a host that is none', { host: 'a@b' }, 'HOST_REFUSED'],
    ['a page of another site', { origin: 'https://evil.example' }, 'ORIGIN_REFUSED'],
    ['a page of another port', { origin: 'http://localhost:1' }, 'ORIGIN_REFUSED'],
    ['a sandboxed page', { origin: 'null' }, 'ORIGIN_REFUSED'],
    ['a file', { origin: 'file://' }, 'ORIGIN_REFUSED'],
  ];
  const PATHS = ['/api/board', '/metrics', '/', '/api/nothing', '/api/docs', '/socket.io/?EIO=4&transport=polling'];

  it.each(REFUSED)('refuses %s on every address', async (_what, headers, code) => {
    const server = await startServer(board());
    for (const path of PATHS) {
      const answer = await request(`${server.url}${path}`, { headers });
      expect([path, answer.statusCode]).toEqual([path, 403]);
      expect(await answer.body.json()).toMatchObject({ code });
    }
  });

  it('lets in a page of its own, by either name of loopback, and programs', async () => {
    const server = await startServer(board());
    const own = [`localhost:${server.port}`, `127.0.0.1:${server.port}`, `[::1]:${server.port}`];
    for (const host of own) {
      const answer = await request(`${server.url}/api/board`, { headers: { host, origin: `http://${host}` } });
      expect([host, answer.statusCode]).toEqual([host, 200]);
      await answer.body.dump();
    }
    expect((await request(`${server.url}/api/board`)).statusCode).toBe(200);
  });

  it('lets in the names that the operator allows, behind a proxy too', async () => {
    const server = await startServer(board(), { access: { host: '127.0.0.1', hosts: ['board.example.nhs.uk'] } });
    const headers = { host: `127.0.0.1:${server.port}`, origin: 'https://board.example.nhs.uk' };
    expect((await request(`${server.url}/api/board`, { headers })).statusCode).toBe(200);
    const direct = { host: 'board.example.nhs.uk', origin: 'https://board.example.nhs.uk' };
    expect((await request(`${server.url}/api/board`, { headers: direct })).statusCode).toBe(200);
  });

  it('answers on both address families', async () => {
    const server = await startServer(board());
    for (const url of server.urls) expect((await json(`${url}/api/board`))['system']).toBe('small');
    expect(server.urls).toEqual([`http://127.0.0.1:${server.port}`, `http://[::1]:${server.port}`]);
  });
});

describe('pages', () => {
  const PAGE =
    '<!doctype html><html><head><style>b{}</style><script src="/x.js"></script></head><body><script>go()</script></body></html>';
  function buildFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-web-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, '_app', 'immutable'), { recursive: true });
    writeFileSync(join(folder, 'any.html'), PAGE);
    writeFileSync(join(folder, '_app', 'immutable', 'a.js'), 'export {}');
    writeFileSync(join(folder, 'theme.js'), 'void 0');
    return folder;
  }

  it('answers every screen with the one page, whose only inline code is named by hash', async () => {
    const server = await startServer(board(), { webFolder: buildFolder() });
    for (const path of [
      '/',
      '/units/P1',
      '/wall/system?scene=1',
      '/map?view=2.5,0.1',
      '/any.html',
      '/units/..%2f..%2fetc',
    ]) {
      const answer = await request(`${server.url}${path}`);
      expect([path, await answer.body.text()]).toEqual([path, PAGE]);
      expect(answer.headers['cache-control']).toBe('no-cache');
      const policy = String(answer.headers['content-security-policy']);
      const hash = createHash('sha256').update('go()').digest('base64');
      expect(policy.match(/script-src [^;]*/)?.[0]).toBe(`script-src 'self' 'sha256-${hash}'`);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  it('answers each screen with the page that asks for its files, and what is no screen with the page of none', async () => {
    const folder = buildFolder();
    const page = (name: string) => PAGE.replace('/x.js', `/${name}.js`);
    mkdirSync(join(folder, 'units'));
    for (const name of ['index', 'map', 'units/-']) writeFileSync(join(folder, `${name}.html`), page(name));
    const server = await startServer(board(), { webFolder: folder });
    const shown = async (path: string) => (await request(`${server.url}${path}`)).body.text();
    expect(await shown('/?at=2026-01-12')).toBe(page('index'));
    expect(await shown('/map')).toBe(page('map'));
    expect(await shown('/map/?view=1')).toBe(page('map'));
    expect(await shown('/units/N84001')).toBe(page('units/-'));
    expect(await shown('/units')).toBe(PAGE);
    expect(await shown('/units/N84001/more')).toBe(PAGE);
    expect(await shown('/maps')).toBe(PAGE);
  });

  it('lets hashed files be kept for ever and nothing else', async () => {
    const server = await startServer(board(), { webFolder: buildFolder() });
    const kept = async (path: string) => {
      const answer = await request(`${server.url}${path}`);
      await answer.body.dump();
      return answer.headers['cache-control'];
    };
    expect(await kept('/_app/immutable/a.js')).toBe('public, max-age=31536000, immutable');
    expect(await kept('/theme.js')).toBe('no-cache');
    expect(await kept('/api/board')).toMatch(/no-/);
    expect(await kept('/api/system')).toBe('no-store');
  });
});

describe('a new build of the pages', () => {
  it('is served by the running server, page and files together', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-web-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const page = (name: string) => `<html><body><script>${name}()</script></body></html>`;
    writeFileSync(join(folder, 'any.html'), page('first'));
    const server = await startServer(board(), { webFolder: folder });
    const shown = async () => (await request(`${server.url}/units/P1`)).body.text();
    expect(await shown()).toBe(page('first'));
    writeFileSync(join(folder, 'any.html'), page('another'));
    writeFileSync(join(folder, 'new.js'), 'void 1');
    expect(await shown()).toBe(page('another'));
    const policy = String((await request(`${server.url}/`)).headers['content-security-policy']);
    expect(policy).toContain(createHash('sha256').update('another()').digest('base64'));
    expect(await (await request(`${server.url}/new.js`)).body.text()).toBe('void 1');
  });
});
