import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import { connectWs, fold } from '../support/live-clients.ts';
import { launch, ready } from '../support/server-process.ts';
import { stubTelephony, tinySystem } from '../support/tiny-system.ts';
import { until } from '../support/until.ts';

const NO_DATABASE = 'postgres://nobody@127.0.0.1:9/none';
const getBoard = async (url: string) => (await (await request(`${url}/api/board`)).body.json()) as BoardBody;
const waiting = (board: BoardBody) => board.units.find((u) => u.id === 'A00001')?.metrics['calls.waiting']?.value;

async function tiny() {
  const feed = await stubTelephony();
  const { system, data } = tinySystem();
  const env = { HEADROOM_SYSTEM: system, HEADROOM_DATA: data, DATABASE_URL: NO_DATABASE, FEEDS_URL: feed.url };
  return { feed, system, data, env };
}

describe('the server process', () => {
  it('polls a feed, shows it live without a database, and leaves on SIGTERM with its clients told', async () => {
    const { feed, env } = await tiny();
    feed.say(7);
    const server = launch(env);
    const url = await ready(server);
    await until('the poll on the board', async () => waiting(await getBoard(url)) === 7);
    const client = await connectWs(url);
    client.ask({ type: 'subscribe', scope: 'A00001' });
    await client.next('snapshot');
    feed.say(9);
    await until('the change on the wire', () => {
      return fold(client.frames).units.find((u) => u.id === 'A00001')?.metrics['calls.waiting']?.value === 9;
    });
    const health = await request(`${url}/api/health/ready`);
    expect(health.statusCode).toBe(200);
    expect(JSON.stringify(await health.body.json())).toContain('database');
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await until('the client to be told', () => client.closed);
    expect(server.output()).not.toMatch(/shutdown\.(late|failed)/);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'goes on after %s where it was: same epoch, no hole in seq',
    async (signal) => {
      const { feed, env } = await tiny();
      feed.say(3);
      const first = launch(env);
      const before = await ready(first);
      await until('the poll on the board', async () => waiting(await getBoard(before)) === 3);
      const client = await connectWs(before);
      client.ask({ type: 'subscribe', scope: 'tiny' });
      await client.next('snapshot');
      first.child.kill(signal);
      await first.ended;
      const known = fold(client.frames);
      feed.say(5);
      const second = launch(env);
      const after = await ready(second);
      const back = await connectWs(after);
      back.ask({ type: 'subscribe', scope: 'tiny', epoch: known.epoch, since: known.seq });
      await until('the new value', async () => waiting(await getBoard(after)) === 5);
      await until(
        'it on the wire too',
        () =>
          back.frames.length > 0 &&
          fold(back.frames, '', known).units.some((u) => u.metrics['calls.waiting']?.value === 5),
      );
      expect(back.frames.some((f) => f.type === 'snapshot')).toBe(false);
    },
  );

  it('leaves when the supervisor is gone', async () => {
    const { env } = await tiny();
    const server = launch(env);
    await ready(server);
    server.child.disconnect();
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('sets the journal of another definition aside and begins a new epoch', async () => {
    const { env, system, data } = await tiny();
    const first = launch(env);
    const epoch = (await getBoard(await ready(first))).epoch;
    first.child.kill('SIGTERM');
    await first.ended;
    appendFileSync(join(system, 'sites.csv'), 'A00003,Third Practice,practice,north,500,53.47,-3,,,,,,2022-04-01,\n');
    const second = launch(env);
    const board = await getBoard(await ready(second));
    expect(board.units.map((u) => u.id)).toContain('A00003');
    expect(board.epoch).not.toBe(epoch);
    expect(readdirSync(data).filter((name) => name.startsWith('journal-until-'))).toHaveLength(1);
  });

  it('prints every fault of the environment, each with its variable', async () => {
    const server = launch({ HOST: '0.0.0.0', PORT: '99999', HEADROOM_LOG: 'loud' });
    expect((await server.ended).code).toBe(1);
    for (const name of ['HOST', 'PORT', 'HEADROOM_LOG', 'HEADROOM_DATA', 'HEADROOM_SYSTEM', 'DATABASE_URL']) {
      expect(server.output()).toContain(`${name} `);
    }
  });

  it('prints every fault of the definition with file and line, and leaves no journal behind', async () => {
    const { env, system, data } = await tiny();
    appendFileSync(join(system, 'sites.csv'), 'A00004,Lost,practice,nowhere,x,,,,,,,,,\n');
    const server = launch(env);
    expect((await server.ended).code).toBe(1);
    expect(server.output()).toMatch(/sites\.csv:4 /);
    expect(existsSync(join(data, 'journal'))).toBe(false);
  });

  it('says plainly that its port is taken', async () => {
    const { env } = await tiny();
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => {
      other.close();
    });
    const { port } = other.address() as AddressInfo;
    const server = launch({ ...env, PORT: String(port) });
    const [message] = (await once(server.child, 'message')) as [{ type: string; code: string; message: string }];
    expect(message).toMatchObject({ type: 'failed', code: 'EADDRINUSE' });
    expect(message.message).toContain('PORT');
    expect((await server.ended).code).toBe(1);
  });
});
