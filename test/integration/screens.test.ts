import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { io } from 'socket.io-client';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Collected, Pairing, Screen, ScreenOrders, ScreenSeen, ScreenSettings } from '#shared/protocol/screens.ts';
import { SCREEN_HEADER } from '#shared/protocol/names.ts';
import { ScreensDesk } from '../../server/identity/screens/desk.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { manualClock, startServer, type RunningServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const SETTINGS: ScreenSettings = {
  name: 'Operations centre',
  unit: 'small',
  scenes: [
    { kind: 'system', seconds: 20 },
    { kind: 'worst-five', seconds: 12 },
  ],
  paused: false,
  night: null,
};
const SEEN: ScreenSeen = {
  build: 'test',
  scene: 'system',
  frameAt: '2026-01-12T08:00:00Z',
  width: 1920,
  height: 1080,
  visible: true,
};

const quiet = pino({ level: 'silent' });
/** A desk over a file of its own, whose real time a test moves. */
function madeDesk(path: string | null = null) {
  let realMs = 0;
  const desk = new ScreensDesk({ path, clock: manualClock(), build: 'test', logger: quiet, monotonic: () => realMs });
  return { desk, pass: (ms: number) => void (realMs += ms) };
}

interface Answered<T> {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: T & { readonly code: string; readonly detail: string };
}

async function ask<T>(
  server: RunningServer,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered<T>> {
  const answer = await request(`${server.url}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: (await answer.body.json()) as never };
}

/** A wall that shows a code, is approved and holds its cookie. */
async function paired(server: RunningServer, settings = SETTINGS) {
  const { body: pairing } = await ask<Pairing>(server, 'POST', '/api/screens/codes');
  const { body: screen } = await ask<Screen>(server, 'POST', '/api/screens', { code: pairing.code, settings });
  const collected = await ask<Collected>(server, 'POST', '/api/screens/codes/collect', { secret: pairing.secret });
  const cookie = String(collected.headers['set-cookie']);
  const wall = { cookie: cookie.split(';')[0] ?? '', [SCREEN_HEADER]: screen.id };
  return { screen, pairing, collected, cookie, wall, path: `/api/screens/${screen.id}` };
}

const serve = (given: Parameters<typeof startServer>[1] = {}) =>
  startServer(createMemoryBoard(smallDefinition()), given);

describe('pairing a wall', () => {
  it('gives a code that reads nothing, and the cookie once a controller has approved it', async () => {
    const server = await serve();
    const { body: pairing } = await ask<Pairing>(server, 'POST', '/api/screens/codes');
    expect(pairing.code).toMatch(/^[34679CDFGHJKMNPRTVWXY]{6}$/);
    const collect = () => ask<Collected>(server, 'POST', '/api/screens/codes/collect', { secret: pairing.secret });
    const waiting = await collect();
    expect([waiting.body.state, waiting.headers['set-cookie']]).toEqual(['waiting', undefined]);
    const { body: screen } = await ask<Screen>(server, 'POST', '/api/screens', {
      code: pairing.code,
      settings: SETTINGS,
    });
    expect(screen).toMatchObject({ settings: SETTINGS, revision: 1, state: 'never', pairedBy: 'local-operator' });
    const approved = await collect();
    expect(approved.body).toMatchObject({ state: 'approved', screen: screen.id });
    expect(approved.headers['set-cookie']).toMatch(
      /^headroom-screen-\w{8}=[\w-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Strict$/,
    );
    const again = await ask(server, 'POST', '/api/screens', {
      code: pairing.code,
      settings: { ...SETTINGS, name: 'B' },
    });
    expect([again.status, again.body.code]).toEqual([404, 'UNKNOWN_CODE']);
  });

  it('collects again after an answer that was lost, until the wall has reported', async () => {
    const server = await serve();
    const { pairing, wall, path } = await paired(server);
    const collect = () => ask<Collected>(server, 'POST', '/api/screens/codes/collect', { secret: pairing.secret });
    const second = await collect();
    expect(second.body.state).toBe('approved');
    const cookie = String(second.headers['set-cookie']).split(';')[0] ?? '';
    expect((await ask(server, 'POST', `${path}/seen`, SEEN, wall)).status).toBe(401);
    expect((await ask(server, 'POST', `${path}/seen`, SEEN, { ...wall, cookie })).status).toBe(200);
    expect((await collect()).body.state).toBe('expired');
  });

  it('has codes expire after ten minutes of real time', () => {
    const { desk, pass } = madeDesk();
    const { code, secret } = desk.open('a');
    pass(10 * 60_000 - 1);
    expect(desk.collect(secret).state).toBe('waiting');
    pass(1);
    expect(desk.collect(secret).state).toBe('expired');
    expect(() => desk.approve({ code, settings: SETTINGS }, 'me', 'b')).toThrow(/No screen shows that code/);
  });

  it('lets nobody guess codes, from one address or from many, and lets right ones in again after a while', () => {
    const { desk, pass } = madeDesk();
    const { code } = desk.open('wall');
    const wrong = code === '333333' ? '444444' : '333333';
    const guess = (address: string, given = wrong) => {
      try {
        return desk.approve({ code: given, settings: SETTINGS }, 'me', address).state;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const tries = Array.from({ length: 12 }, () => guess('one'));
    expect(tries).toEqual([...Array<string>(10).fill('UNKNOWN_CODE'), 'TOO_MANY_TRIES', 'TOO_MANY_TRIES']);
    const many = Array.from({ length: 100 }, (_, n) => guess(`address-${n}`));
    expect(many.filter((code) => code === 'UNKNOWN_CODE')).toHaveLength(50);
    expect(guess('somebody else', code)).toBe('TOO_MANY_TRIES');
    pass(60_000);
    expect(guess('one', code)).toBe('never');
  });

  it('opens fifty codes at most, and says when to ask again', async () => {
    const { desk, pass } = madeDesk();
    const server = await serve({ screens: desk });
    for (let wall = 0; wall < 20; wall += 1) desk.open('127.0.0.1');
    const many = await ask(server, 'POST', '/api/screens/codes');
    expect([many.status, many.body.code, many.headers['retry-after']]).toEqual([429, 'TOO_MANY_CODES', '6']);
    for (let wall = 0; wall < 30; wall += 1) desk.open(`address-${wall}`);
    pass(60_000);
    const full = await ask(server, 'POST', '/api/screens/codes');
    expect([full.status, full.body.code, full.headers['retry-after']]).toEqual([503, 'SCREENS_FULL', '540']);
  });
});

describe('settings of a wall', () => {
  let server: RunningServer;
  let close: () => Promise<void>;
  beforeAll(async () => {
    server = await startServer(createMemoryBoard(smallDefinition()), {}, (end) => (close = end));
  });
  afterAll(() => close());

  it.each([
    ['a unit that is not there', { unit: 'nowhere' }, '/body/settings/unit'],
    ['no name', { name: '  ' }, '/body/settings/name'],
    ['no scene', { scenes: [] }, '/body/settings/scenes'],
    ['a message without words', { scenes: [{ kind: 'message', seconds: 10 }] }, '/body/settings/scenes/0/text'],
    ['words where none belong', { scenes: [{ kind: 'map', seconds: 10, text: 'Hello' }] }, '/body/settings/scenes/0'],
    ['a night that never ends', { night: { from: '20:00', to: '20:00', dim: 0.4 } }, '/body/settings/night'],
    ['a scene that flickers', { scenes: [{ kind: 'map', seconds: 1 }] }, '/body/settings/scenes/0/seconds'],
  ])('refuses %s', async (_what, given, place) => {
    const { body: pairing } = await ask<Pairing>(server, 'POST', '/api/screens/codes');
    const settings = { ...SETTINGS, ...given };
    const { status, body } = await ask(server, 'POST', '/api/screens', { code: pairing.code, settings });
    expect([status, body.code]).toEqual([400, 'BAD_INPUT']);
    expect((body as unknown as { errors: { path: string }[] }).errors[0]?.path).toBe(place);
  });
});

describe('a paired wall', () => {
  it('reads and reports itself, and can command nothing', async () => {
    const server = await serve();
    const { screen, wall, path } = await paired(server);
    expect((await ask(server, 'GET', '/api/board', undefined, wall)).status).toBe(200);
    const { body: orders } = await ask<ScreenOrders>(server, 'POST', `${path}/seen`, SEEN, wall);
    expect(orders).toMatchObject({ settings: SETTINGS, revision: 1, steps: { count: 0 } });
    const { body: list } = await ask<{ screens: Screen[] }>(server, 'GET', '/api/screens');
    expect(list.screens).toMatchObject([{ id: screen.id, state: 'live', old: false, seen: SEEN }]);
    const before = server.audit.length;
    const commands = [
      ask(server, 'POST', `${path}/revoke`, undefined, wall),
      ask(server, 'PUT', path, { revision: 1, settings: SETTINGS }, wall),
      ask(server, 'POST', '/api/feeds/poll', { feeds: ['x'] }, wall),
      ask(server, 'POST', '/api/rules/publish', {}, wall),
    ];
    for (const { status, body } of await Promise.all(commands))
      expect([status, body.code]).toEqual([403, 'SCREEN_READS_ONLY']);
    expect(server.audit).toHaveLength(before);
  });

  it('is itself only where it says so and has the cookie: a person at the same browser stays that person', async () => {
    const server = await serve();
    const first = await paired(server);
    const second = await paired(server, { ...SETTINGS, name: 'Lobby' });
    const both = `${first.wall.cookie}; ${second.wall.cookie}`;
    expect((await ask(server, 'POST', `${first.path}/step`, { by: 1 }, { cookie: both })).status).toBe(200);
    const asSecond = { cookie: both, [SCREEN_HEADER]: second.screen.id };
    const other = await ask(server, 'POST', `${first.path}/seen`, SEEN, asSecond);
    expect([other.status, other.body.code]).toEqual([403, 'NOT_THIS_SCREEN']);
    const unnamed = await ask(server, 'POST', `${first.path}/seen`, SEEN, { cookie: both });
    expect([unnamed.status, unnamed.body.code]).toEqual([403, 'NOT_THIS_SCREEN']);
    for (const cookie of ['', second.wall.cookie, `${first.wall.cookie}x`]) {
      const { status, body } = await ask(server, 'GET', '/api/board', undefined, { ...first.wall, cookie });
      expect([status, body.code]).toEqual([401, 'SCREEN_UNKNOWN']);
    }
  });

  it('is silent 15 s after it spoke last, and old when its page is of another build', () => {
    const { desk, pass } = madeDesk();
    const { code } = desk.open('a');
    const { id } = desk.approve({ code, settings: SETTINGS }, 'me', 'a');
    desk.seen(id, { ...SEEN, build: 'older' });
    pass(15_000);
    expect(desk.get(id)).toMatchObject({ state: 'live', old: true, seen: { agoMs: 15_000 } });
    pass(1);
    expect(desk.get(id).state).toBe('silent');
  });

  it('hears new orders while it waits for them, and steps that it was told to take', async () => {
    const server = await serve();
    const { wall, path } = await paired(server);
    const waiting = ask<ScreenOrders>(server, 'POST', `${path}/seen?revision=1&steps=0`, SEEN, wall);
    await until('it has spoken', async () => (await ask<Screen>(server, 'GET', path)).body.state === 'live');
    const settings = { ...SETTINGS, paused: true };
    expect((await ask(server, 'PUT', path, { revision: 1, settings })).status).toBe(200);
    expect((await waiting).body).toMatchObject({ settings, revision: 2 });
    await ask(server, 'POST', `${path}/step`, { by: 1 });
    const stepped = await ask<ScreenOrders>(server, 'POST', `${path}/seen?revision=2&steps=0`, SEEN, wall);
    expect(stepped.body.steps.count).toBe(1);
  });

  it('refuses a change that was made on an older revision, and a name that is taken', async () => {
    const server = await serve();
    const { path } = await paired(server);
    await paired(server, { ...SETTINGS, name: 'Lobby' });
    await ask(server, 'PUT', path, { revision: 1, settings: { ...SETTINGS, paused: true } });
    const late = await ask(server, 'PUT', path, { revision: 1, settings: { ...SETTINGS, name: 'Mine' } });
    expect([late.status, late.body.code]).toEqual([409, 'SCREEN_MOVED_ON']);
    expect(late.body.detail).toContain('revision 2');
    const taken = await ask(server, 'PUT', path, { revision: 2, settings: { ...SETTINGS, name: 'Lobby' } });
    expect([taken.status, taken.body.code]).toEqual([409, 'SCREEN_NAME_TAKEN']);
    expect((await ask<Screen>(server, 'GET', path)).body).toMatchObject({
      settings: { name: SETTINGS.name, paused: true },
    });
  });

  it('loses what it may read the moment it is revoked, on the socket too, and gets it back when that is undone', async () => {
    const server = await serve();
    const { screen, wall, path } = await paired(server);
    const connect = () =>
      io(server.url, { query: { screen: screen.id }, extraHeaders: { cookie: wall.cookie }, reconnection: false });
    const socket = connect();
    onTestFinished(() => void socket.disconnect());
    await until('it is connected', () => socket.connected);
    const waiting = ask(server, 'POST', `${path}/seen?revision=1&steps=0`, SEEN, wall);
    await until('it has spoken', async () => (await ask<Screen>(server, 'GET', path)).body.state === 'live');
    expect((await ask<Screen>(server, 'POST', `${path}/revoke`)).body.state).toBe('revoked');
    expect((await waiting).body.code).toBe('SCREEN_REVOKED');
    await until('the socket is closed', () => !socket.connected);
    const read = await ask(server, 'GET', '/api/board', undefined, wall);
    expect([read.status, read.body.code]).toEqual([403, 'SCREEN_REVOKED']);
    const refused = connect();
    onTestFinished(() => void refused.disconnect());
    const failed = Promise.withResolvers<boolean>();
    refused.on('connect_error', () => failed.resolve(true)).on('connect', () => failed.resolve(false));
    expect(await failed.promise).toBe(true);
    expect((await ask(server, 'PUT', path, { revision: 1, settings: SETTINGS })).body.code).toBe('SCREEN_NOT_IN_USE');
    await ask(server, 'POST', `${path}/restore`);
    expect((await ask(server, 'POST', `${path}/seen`, SEEN, wall)).status).toBe(200);
  });

  it('is forgotten ten minutes after it was revoked', () => {
    const { desk, pass } = madeDesk();
    const { code } = desk.open('a');
    const { id } = desk.approve({ code, settings: SETTINGS }, 'me', 'a');
    desk.revoke(id);
    pass(10 * 60_000 - 1);
    expect(desk.list()).toHaveLength(1);
    pass(1);
    expect(desk.list()).toHaveLength(0);
    expect(() => desk.restore(id)).toThrow(/No paired screen/);
  });

  it('is counted in the measures', async () => {
    const server = await serve();
    const { wall, path } = await paired(server);
    await paired(server, { ...SETTINGS, name: 'Lobby' });
    await ask(server, 'POST', `${path}/seen`, SEEN, wall);
    const text = await (await request(`${server.url}/metrics`)).body.text();
    expect(text).toContain('headroom_screens{state="live"} 1');
    expect(text).toContain('headroom_screens{state="never"} 1');
  });
});

describe('the list of paired walls', () => {
  function place() {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-screens-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return { folder, path: join(folder, 'screens.json') };
  }

  it('outlives the server, and holds neither token nor secret', async () => {
    const { path } = place();
    const first = await serve({ screens: madeDesk(path).desk });
    const { screen, wall, pairing, path: address } = await paired(first);
    await first.close();
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(wall.cookie.split('=')[1]);
    expect(text).not.toContain(pairing.secret);
    const second = await serve({ screens: madeDesk(path).desk });
    const { body } = await ask<ScreenOrders>(second, 'POST', `${address}/seen`, SEEN, wall);
    expect(body.settings.name).toBe(screen.settings.name);
  });

  it('has a wall that was approved before a restart collect its cookie after it', () => {
    const { path } = place();
    const before = madeDesk(path).desk;
    const { code, secret } = before.open('a');
    const { id } = before.approve({ code, settings: SETTINGS }, 'me', 'a');
    const after = madeDesk(path);
    const { token, ...collected } = after.desk.collect(secret);
    expect(collected).toMatchObject({ state: 'approved', screen: id });
    expect(after.desk.prove(id, token ?? '')).toBe('good');
    after.pass(10 * 60_000);
    expect(after.desk.collect(secret).state).toBe('expired');
  });

  it('is set aside and said when it cannot be read, until a wall is paired anew', () => {
    const { path } = place();
    writeFileSync(path, '{"version":1,"screens":[{"id":7}]}');
    const { desk } = madeDesk(path);
    expect(desk.list()).toEqual([]);
    expect(desk.condition()).toMatchObject({ part: 'screens', status: 'degraded' });
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toContain('"id":7');
    const { code } = desk.open('a');
    desk.approve({ code, settings: SETTINGS }, 'me', 'a');
    expect(desk.condition().status).toBe('ok');
  });

  it('changes nothing that it cannot write, and hears walls all the same', () => {
    const { folder, path } = place();
    const { desk } = madeDesk(path);
    const { code } = desk.open('a');
    const { id } = desk.approve({ code, settings: SETTINGS }, 'me', 'a');
    rmSync(folder, { recursive: true });
    expect(() => desk.revoke(id)).toThrow(/cannot be written/);
    desk.seen(id, SEEN);
    expect(desk.get(id)).toMatchObject({ state: 'live', revokedAt: null });
  });
});
