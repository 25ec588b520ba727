import { fromInstant } from '#shared/model/time.ts';
import type { ErrorFrame, ReplayRequest, SubscribeRequest } from '#shared/protocol/live.ts';
import { codeOf } from '../domain/error-code.ts';
import { NotRecorded, type Replay, type Replays } from '../domain/replay/player.ts';
import type { FrameSource } from './frames.ts';
import type { LiveLimits } from './limits.ts';
import { createRooms, type Rooms } from './rooms.ts';

/** One replay of one connection. */
export interface Stream {
  readonly id: string;
  readonly replay: Replay;
  readonly rooms: Rooms;
  /** Subscriptions by key that wait for a moment at which there is something to show them. */
  readonly waiting: Map<string, SubscribeRequest>;
  /** Why they wait, and when that was last said; real time. */
  fault: { readonly code: ErrorFrame['code']; readonly message: string; saidAt: number } | null;
}

export interface StreamsDeps {
  readonly replays: Replays | null;
  readonly limits: LiveLimits;
  readonly monotonic: () => number;
  readonly base: Pick<FrameSource, 'build' | 'open'>;
  fail(code: ErrorFrame['code'], message: string, stream: string): void;
  /** The stream has gone elsewhere: everybody needs the whole. */
  jumped(stream: Stream): void;
}

/** The replays of one connection, from their first request to their end or that of the connection. */
export interface Streams {
  readonly size: number;
  get(id: string): Stream | undefined;
  all(): Iterable<Stream>;
  /** Opens a replay, or steers one. */
  request(request: ReplayRequest): void;
  /** Ends it; undefined where there is none. */
  end(id: string): Stream | undefined;
}

const UNREADABLE = 'the recording cannot be read just now';
const BUSY = 'too many moments of the past are being asked for; try again soon';

export function createStreams(deps: StreamsDeps): Streams {
  const { replays, limits, monotonic, fail } = deps;
  const streams = new Map<string, Stream>();

  function open(id: string): Stream | null {
    if (replays === null) {
      fail('REPLAY_UNAVAILABLE', 'replays are not served here', id);
      return null;
    }
    const room = streams.size < limits.replays;
    const replay = room ? replays.open() : null;
    if (replay === null) {
      const who = room ? 'this server' : 'a connection';
      fail('TOO_MANY_REPLAYS', `${who} has no room for another replay; end one first`, id);
      return null;
    }
    const trouble = () => replay.trouble();
    const source = { ...deps.base, board: replay, clock: replay.clock, trouble, stream: id };
    const rooms = createRooms(source, (scope, view) => replay.view(scope, view), limits);
    rooms.start();
    const stream: Stream = { id, replay, rooms, waiting: new Map(), fault: null };
    replay.onJump(() => {
      stream.fault = null;
      deps.jumped(stream);
    });
    streams.set(id, stream);
    return stream;
  }

  async function steer(stream: Stream, wish: Parameters<Replay['steer']>[0]): Promise<void> {
    try {
      await stream.replay.steer(wish);
    } catch (error) {
      if (streams.get(stream.id) !== stream) return;
      const known = error instanceof NotRecorded;
      const code = known ? 'NOT_RECORDED' : 'REPLAY_UNAVAILABLE';
      const busy = codeOf(error) === 'REPLAY_BUSY';
      const message = known ? error.message : busy ? BUSY : UNREADABLE;
      stream.fault = { code, message, saidAt: monotonic() };
      fail(code, message, stream.id);
    }
  }

  return {
    get size() {
      return streams.size;
    },
    get: (id) => streams.get(id),
    all: () => streams.values(),
    request({ stream: id, at, speed }) {
      const time = at === undefined ? undefined : readTime(at);
      if (time === null) return fail('BAD_FRAME', '/at must be an RFC 3339 time', id);
      const known = streams.get(id);
      if (known === undefined && time === undefined) return fail('BAD_FRAME', '/at is needed to open a replay', id);
      const stream = known ?? open(id);
      if (stream === null) return;
      void steer(stream, { ...(time === undefined ? {} : { at: time }), ...(speed === undefined ? {} : { speed }) });
    },
    end(id) {
      const stream = streams.get(id);
      if (stream === undefined) return undefined;
      streams.delete(id);
      stream.rooms.stop();
      stream.replay.end();
      return stream;
    },
  };
}

function readTime(text: string): number | null {
  try {
    return fromInstant(text);
  } catch {
    return null;
  }
}
