import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import {
  SOCKET_EVENTS,
  SOCKET_IO_PATH,
  WEBSOCKET_PATH,
  type HeartbeatFrame,
  type LiveFrame,
  type PatchFrame,
  type SnapshotFrame,
} from '#shared/protocol/live.ts';
import { until } from './until.ts';

/** A live client that keeps every frame it got. */
export interface TestClient {
  readonly frames: LiveFrame[];
  ask(request: unknown): void;
  next<T extends LiveFrame['type']>(type: T, after?: number): Promise<Extract<LiveFrame, { type: T }>>;
  close(): void;
  readonly closed: boolean;
}

const waitFor =
  (frames: LiveFrame[]) =>
  async <T extends LiveFrame['type']>(type: T, after = 0): Promise<Extract<LiveFrame, { type: T }>> => {
    const find = () => frames.slice(after).find((f): f is Extract<LiveFrame, { type: T }> => f.type === type);
    await until(`a ${type} frame; there are ${frames.map((f) => f.type).join(' ')}`, () => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error('unreachable');
    return found;
  };

export interface WsTestClient extends TestClient {
  readonly socket: WebSocket;
  /** Text or bytes as they are. */
  raw(data: string | Buffer): void;
}

/** A program's client: the `ws` package and nothing of ours. */
export async function connectWs(url: string, options: WebSocket.ClientOptions = {}): Promise<WsTestClient> {
  const frames: LiveFrame[] = [];
  const socket = new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH, options);
  onTestFinished(() => socket.terminate());
  let closed = false;
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())));
  socket.on('close', () => (closed = true));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('open', () => resolve(undefined));
  socket.once('error', reject);
  await promise;
  return {
    frames,
    socket,
    raw: (data) => socket.send(data),
    ask: (request) => socket.send(JSON.stringify(request)),
    next: waitFor(frames),
    close: () => socket.close(),
    get closed() {
      return closed;
    },
  };
}

/** The Socket.IO client as it comes, without reconnecting unless asked. */
export async function connectSocketIo(
  url: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Promise<TestClient & { readonly socket: ReturnType<typeof io> }> {
  const frames: LiveFrame[] = [];
  const socket = io(url, { path: SOCKET_IO_PATH, reconnection: false, forceNew: true, ...options });
  onTestFinished(() => {
    socket.close();
  });
  let closed = false;
  socket.on(SOCKET_EVENTS.frame, (frame: LiveFrame) => frames.push(frame));
  socket.on('disconnect', () => (closed = true));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('connect', () => resolve(undefined));
  socket.once('connect_error', reject);
  await promise;
  return {
    frames,
    socket,
    ask: (request) => socket.emit(SOCKET_EVENTS.request, request),
    next: waitFor(frames),
    close: () => socket.close(),
    get closed() {
      return closed;
    },
  };
}

export interface Folded {
  readonly epoch: string;
  readonly seq: number;
  readonly units: Unit[];
  readonly feeds: FeedStatus[];
}

type Sequenced = SnapshotFrame | PatchFrame | HeartbeatFrame;
const merge = (unit: Unit, patch: PatchFrame['units'][number]): Unit => {
  const metrics = patch.metrics === undefined ? unit.metrics : { ...unit.metrics, ...patch.metrics };
  return { ...unit, ...patch, metrics };
};

/**
 * The state that the frames of one subscription lead to, by the words of the protocol alone. Throws at a hole in the
 * sequence: a patch must follow what came before by one.
 */
export function fold(frames: readonly LiveFrame[], key = '', start?: Folded): Folded {
  let state: Folded | null = start ?? null;
  let parts: SnapshotFrame[] = [];
  for (const frame of frames.filter((f): f is Sequenced => f.type !== 'error' && f.key === key)) {
    if (frame.type === 'snapshot') {
      if (frame.part.index !== parts.length) throw new Error(`part ${frame.part.index} after ${parts.length} parts`);
      parts.push(frame);
      if (parts.length < frame.part.of) continue;
      const units = parts.flatMap((p) => p.units);
      state = { epoch: frame.epoch, seq: frame.seq, units, feeds: parts.flatMap((p) => p.feeds) };
      parts = [];
      continue;
    }
    if (state === null) throw new Error(`a ${frame.type} before any snapshot`);
    const expected: number = frame.type === 'patch' ? state.seq + 1 : state.seq;
    if (frame.seq !== expected) throw new Error(`${frame.type} ${frame.seq} where ${expected} was due`);
    if (frame.type === 'heartbeat') continue;
    const units = new Map(frame.units.map((u) => [u.id, u]));
    const feeds = new Map(frame.feeds.map((f) => [f.id, f]));
    const patched = state.units.filter((u) => !frame.removed.includes(u.id)).map((u) => merge(u, units.get(u.id) ?? u));
    state = { ...state, seq: frame.seq, units: patched, feeds: state.feeds.map((f) => ({ ...f, ...feeds.get(f.id) })) };
  }
  if (state === null) throw new Error('no snapshot');
  return state;
}
