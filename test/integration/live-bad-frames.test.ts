import { describe, expect, it } from 'vitest';
import { smallDefinition } from '../support/definition.ts';
import { connectSocketIo, connectWs, type TestClient } from '../support/live-clients.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const subscribe = (more: object) => ({ type: 'subscribe', scope: 'small', ...more });
const nest = (depth: number): unknown => (depth === 0 ? 1 : { more: nest(depth - 1) });

/** Requests that are JSON but not ours: both channels must answer each with this code. */
const BAD: readonly (readonly [what: string, request: unknown, code: string])[] = [
  ['nothing', null, 'BAD_FRAME'],
  ['a number', 42, 'BAD_FRAME'],
  ['true', true, 'BAD_FRAME'],
  ['a word', 'subscribe', 'BAD_FRAME'],
  ['JSON within JSON', JSON.stringify(subscribe({})), 'BAD_FRAME'],
  ['a list', [subscribe({})], 'BAD_FRAME'],
  ['an empty list', [], 'BAD_FRAME'],
  ['an empty object', {}, 'BAD_FRAME'],
  ['no type', { scope: 'small' }, 'BAD_FRAME'],
  ['another type', { type: 'publish', scope: 'small' }, 'BAD_FRAME'],
  ['a type of another case', { type: 'Subscribe', scope: 'small' }, 'BAD_FRAME'],
  ['a type that every object has', { type: 'constructor' }, 'BAD_FRAME'],
  ['a type that is a list', { type: ['subscribe'], scope: 'small' }, 'BAD_FRAME'],
  ['a frame of the server', { type: 'snapshot', units: [] }, 'BAD_FRAME'],
  ['no scope', { type: 'subscribe' }, 'BAD_FRAME'],
  ['a null scope', subscribe({ scope: null }), 'BAD_FRAME'],
  ['an empty scope', subscribe({ scope: '' }), 'BAD_FRAME'],
  ['a scope that is a number', subscribe({ scope: 1 }), 'BAD_FRAME'],
  ['a scope that is an object', subscribe({ scope: { id: 'small' } }), 'BAD_FRAME'],
  ['a scope past its length', subscribe({ scope: 'x'.repeat(65) }), 'BAD_FRAME'],
  ['a scope of nobody', subscribe({ scope: 'P99' }), 'UNKNOWN_SCOPE'],
  ['a scope of another case', subscribe({ scope: 'SMALL' }), 'UNKNOWN_SCOPE'],
  ['a scope that every object has', subscribe({ scope: '__proto__' }), 'UNKNOWN_SCOPE'],
  ['a scope like a pattern', subscribe({ scope: '*' }), 'UNKNOWN_SCOPE'],
  ['another view', subscribe({ view: 'everything' }), 'BAD_FRAME'],
  ['a null view', subscribe({ view: null }), 'BAD_FRAME'],
  ['a key past its length', subscribe({ key: 'x'.repeat(33) }), 'BAD_FRAME'],
  ['a key that is a number', subscribe({ key: 7 }), 'BAD_FRAME'],
  ['a negative since', subscribe({ since: -1 }), 'BAD_FRAME'],
  ['half a since', subscribe({ since: 1.5 }), 'BAD_FRAME'],
  ['a since in words', subscribe({ since: '5' }), 'BAD_FRAME'],
  ['a null since', subscribe({ since: null }), 'BAD_FRAME'],
  ['an epoch that is a number', subscribe({ epoch: 1 }), 'BAD_FRAME'],
  ['an epoch past its length', subscribe({ epoch: 'x'.repeat(65) }), 'BAD_FRAME'],
  ['a field nobody knows', subscribe({ replay: true }), 'BAD_FRAME'],
  ['an unsubscribe with a scope', { type: 'unsubscribe', scope: 'small' }, 'BAD_FRAME'],
  ['an unsubscribe by number', { type: 'unsubscribe', key: 1 }, 'BAD_FRAME'],
  ['something deep', subscribe({ more: nest(100) }), 'BAD_FRAME'],
  ['something large', subscribe({ more: 'x'.repeat(8000) }), 'TOO_LARGE'],
];

/** What only the plain channel can carry. */
const BAD_TEXT: readonly (readonly [what: string, data: string | Buffer, code: string])[] = [
  ['no text', '', 'BAD_FRAME'],
  ['words', 'hello', 'BAD_FRAME'],
  ['half a JSON', '{"type":"subscribe","scope":', 'BAD_FRAME'],
  ['two JSONs', '{"type":"subscribe","scope":"small"}{}', 'BAD_FRAME'],
  ['JSON with a comment', '{"type":"subscribe","scope":"small"} // please', 'BAD_FRAME'],
  ['bytes', Buffer.from(JSON.stringify(subscribe({}))), 'BAD_FRAME'],
  ['zero bytes', Buffer.alloc(3), 'BAD_FRAME'],
  ['a large text that is no JSON', 'x'.repeat(5000), 'TOO_LARGE'],
];

async function survives(client: TestClient): Promise<void> {
  const before = client.frames.length;
  client.ask(subscribe({ scope: 'P1' }));
  await client.next('snapshot', before);
  expect(client.closed).toBe(false);
}

const board = () => createMemoryBoard(smallDefinition());

describe.each([
  ['plain WebSocket', (url: string) => connectWs(url) as Promise<TestClient>],
  ['Socket.IO', (url: string) => connectSocketIo(url, { transports: ['websocket'] }) as Promise<TestClient>],
])('%s', (_name, connect) => {
  it('answers every bad request with one error frame and its code, and lives on', async () => {
    const server = await startServer(board());
    const client = await connect(server.url);
    for (const [what, bad, code] of BAD) {
      const before = client.frames.length;
      client.ask(bad);
      const error = await client.next('error', before);
      expect([what, error.code]).toEqual([what, code]);
      expect(error.message, what).not.toMatch(/x{9}|\bat \w+ \(/);
    }
    expect(client.frames).toHaveLength(BAD.length);
    await survives(client);
  });

  it('refuses a fifth subscription and keeps the four', async () => {
    const live = board();
    const server = await startServer(live);
    const client = await connect(server.url);
    for (const key of ['1', '2', '3', '4', '5']) client.ask(subscribe({ key }));
    expect((await client.next('error')).code).toBe('TOO_MANY_SUBSCRIPTIONS');
    client.ask(subscribe({ key: '4', scope: 'N1' }));
    live.change([{ id: 'P1', level: 2 }]);
    await until('a patch for each of the four', () => client.frames.filter((f) => f.type === 'patch').length === 4);
  });
});

describe('the plain channel', () => {
  it.each(BAD_TEXT)('answers %s with an error frame and lives on', async (_what, data, code) => {
    const server = await startServer(board());
    const client = await connectWs(server.url);
    client.raw(data);
    expect((await client.next('error')).code).toBe(code);
    await survives(client);
  });

  it('hangs up on a flood of bytes, and serves the others', async () => {
    const server = await startServer(board());
    const flood = await connectWs(server.url);
    const other = await connectWs(server.url);
    flood.socket.on('error', () => undefined);
    flood.raw('x'.repeat(200_000));
    await until('the flood to be ended', () => flood.closed);
    await survives(other);
  });
});
