import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { WEBSOCKET_PATH } from '#shared/protocol/live.ts';
import type { Actor } from '../domain/ports.ts';
import type { Hub } from './hub.ts';
import { understandText } from './requests.ts';
import type { Session } from './session.ts';
import { HARD_LIMIT_FACTOR } from './socket-io.ts';

/** RFC 6455: the server goes away; come back later. */
const GOING_AWAY = 1001;
/** RFC 6455: a policy is violated; here: the screen was revoked. */
const NOT_ALLOWED = 1008;
/** RFC 6455: try again later; here: what was sent could not be delivered in time. */
const TRY_AGAIN = 1013;
const PING_MS = 25_000;

/** The programs' channel: the same frames as JSON text. `entrance` is where the one dispatcher hands in its upgrades. */
export async function addWebSocketChannel(app: FastifyInstance, hub: Hub, entrance: EventEmitter): Promise<void> {
  await app.register(websocket, {
    options: {
      // Only `on`, `emit` and `removeListener` are used of it.
      server: entrance as never,
      perMessageDeflate: false,
      maxPayload: hub.limits.requestBytes * HARD_LIMIT_FACTOR,
    },
    errorHandler: (_error, socket) => socket.terminate(),
  });
  app.get(WEBSOCKET_PATH, { websocket: true }, (socket, request) => serve(socket, hub, request.actor));
}

function serve(socket: WebSocket, hub: Hub, actor: Actor): void {
  let waiting = 0;
  let answered = true;
  const session: Session = hub.connect({
    actor,
    waiting: () => waiting,
    send(text) {
      const bytes = text.length;
      waiting += bytes;
      socket.send(text, () => {
        waiting -= bytes;
        session.drained();
      });
    },
    end(reason) {
      if (reason === 'shutdown') return socket.close(GOING_AWAY, 'the server is restarting');
      if (reason === 'revoked') return socket.close(NOT_ALLOWED, 'revoked');
      // A close frame would wait behind everything that is stuck.
      socket.close(TRY_AGAIN, 'too slow');
      socket.terminate();
    },
  });
  const pinger = setInterval(() => {
    if (!answered && waiting === 0) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_MS);
  socket.on('pong', () => (answered = true));
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : data.toString();
    session.receive(understandText(text, hub.limits.requestBytes));
  });
  socket.on('close', () => {
    clearInterval(pinger);
    hub.disconnect(session);
  });
}
