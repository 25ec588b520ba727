import { createServer, STATUS_CODES, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { SOCKET_IO_PATH } from '#shared/protocol/live.ts';

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export interface FrontDeps {
  /** Socket.IO's own server: gets the requests and upgrades of its path. */
  readonly socketIo: EventEmitter;
  /** @fastify/websocket's own emitter: gets every other upgrade. */
  readonly webSocket: EventEmitter;
  /** The rule on Origin and Host; null lets the request in. */
  readonly guard: (request: IncomingMessage) => Refusal | null;
}

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;

const isSocketIo = (url = '') =>
  url === SOCKET_IO_PATH || url.startsWith(`${SOCKET_IO_PATH}/`) || url.startsWith(`${SOCKET_IO_PATH}?`);

/**
 * Makes HTTP servers whose requests and upgrades all go through one dispatcher by path. Socket.IO and
 * @fastify/websocket each hang up the other's upgrades when both listen on one server; here neither does, and a
 * second server (the other address family) reaches both channels as the first.
 */
export function createFront({ socketIo, webSocket, guard }: FrontDeps): (handler: RequestListener) => Server {
  return (handler) => {
    const server = createServer({
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    });
    server.on('request', (request, response) => {
      if (!isSocketIo(request.url)) return handler(request, response);
      const refusal = guard(request);
      if (refusal === null) return socketIo.emit('request', request, response);
      const body = problemText(refusal);
      response.writeHead(refusal.status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
      return response.end(body);
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Node takes its own error listener away before this event.
      socket.on('error', () => socket.destroy());
      const refusal = guard(request);
      if (refusal !== null) return refuse(socket, refusal);
      return (isSocketIo(request.url) ? socketIo : webSocket).emit('upgrade', request, socket, head);
    });
    server.on('clientError', (_error, socket) => {
      if (socket.writable) refuse(socket, { status: 400, code: 'BAD_REQUEST', detail: 'not an HTTP request' });
      else socket.destroy();
    });
    return server;
  };
}

function problemText({ status, code, detail }: Refusal): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail });
}

function refuse(socket: Duplex, refusal: Refusal): void {
  const body = problemText(refusal);
  const status = `${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Error'}`;
  const headers = `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}
