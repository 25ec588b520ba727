import { createServer, type IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { SOCKET_EVENTS, SOCKET_IO_PATH } from '#shared/protocol/live.ts';
import type { Actor } from '../domain/ports.ts';
import type { Hub } from './hub.ts';
import { understand, type Understood } from './requests.ts';
import type { Session } from './session.ts';

export interface LiveChannelDeps {
  readonly hub: Hub;
  readonly identify: (request: IncomingMessage) => Actor;
}

/** A request may be this much larger than its limit and still be answered by an error frame instead of a hang-up. */
export const HARD_LIMIT_FACTOR = 16;

/**
 * The dashboard's channel. Socket.IO gets a server of its own that never listens: the one dispatcher hands it the
 * requests and upgrades of its path, from every address family.
 */
export function createSocketIoChannel({ hub, identify }: LiveChannelDeps) {
  const entrance = createServer();
  const io = new Server(entrance, {
    path: SOCKET_IO_PATH,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: hub.limits.requestBytes * HARD_LIMIT_FACTOR,
    destroyUpgrade: false,
    connectTimeout: 10_000,
  });
  io.on('connection', (socket) => serve(socket, hub, identify(socket.request)));
  return {
    entrance,
    close: async () => {
      await io.close();
    },
  };
}

function serve(socket: Socket, hub: Hub, actor: Actor): void {
  const { conn } = socket;
  let waiting = 0;
  const session: Session = hub.connect({
    actor,
    waiting: () => waiting,
    send(text) {
      // The event packet is put around the room's text by hand: socket.emit would serialise the frame for each client.
      const packet = `2["${SOCKET_EVENTS.frame}",${text}]`;
      waiting += packet.length;
      conn.write(packet, { compress: false }, () => {
        waiting -= packet.length;
        session.drained();
      });
    },
    // Closing the transport, not the namespace: a client that is told to disconnect would not come back by itself.
    end: () => conn.close(true),
  });
  socket.on(SOCKET_EVENTS.request, (...args: unknown[]) => session.receive(understandArgs(args, hub)));
  socket.on('disconnect', () => hub.disconnect(session));
}

function understandArgs(args: readonly unknown[], hub: Hub): Understood {
  const [request, ...rest] = args.filter((a) => typeof a !== 'function');
  if (rest.length > 0) return { ok: false, code: 'BAD_FRAME', message: 'a request is one JSON object' };
  if (Buffer.byteLength(JSON.stringify(request) ?? '') > hub.limits.requestBytes) {
    return { ok: false, code: 'TOO_LARGE', message: `a request has at most ${hub.limits.requestBytes} bytes` };
  }
  return understand(request);
}
