import { SCREEN_QUERY, SOCKET_EVENTS, SOCKET_IO_PATH } from '$shared/protocol/names';
import { io } from 'socket.io-client';
import { thisScreen } from '../api/of-screen.ts';
import { parseFrame, reconnectDelay, type Line, type LineEvents } from './line.ts';

const CONNECT_TIMEOUT_MS = 8000;

/** The only file that knows Socket.IO. Reconnects by itself, with full jitter, until closed. */
export function openSocket(events: LineEvents): Line {
  const screen = thisScreen();
  const socket = io({
    path: SOCKET_IO_PATH,
    ...(screen === null ? {} : { query: { [SCREEN_QUERY]: screen } }),
    transports: ['websocket', 'polling'],
    // Behind a proxy that refuses WebSocket the second transport is tried at once.
    tryAllTransports: true,
    timeout: CONNECT_TIMEOUT_MS,
    // Its own back-off doubles around a middle and never waits less than half of it: not full jitter.
    reconnection: false,
  });
  let attempt = 0;
  let triedMs = performance.now();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  /** `spentMs`: what the last attempt took of the wait, so that two never begin more than 8 s apart. */
  const later = (spentMs = 0) => {
    if (closed || retry !== undefined) return;
    retry = setTimeout(
      () => {
        retry = undefined;
        attempt += 1;
        triedMs = performance.now();
        socket.connect();
      },
      Math.max(0, reconnectDelay(attempt, Math.random()) - spentMs),
    );
  };

  socket.on('connect', () => {
    attempt = 0;
    events.opened();
  });
  socket.on(SOCKET_EVENTS.frame, (data: unknown) => {
    const frame = parseFrame(data);
    if (frame) events.frame(frame);
  });
  socket.on('connect_error', () => later(performance.now() - triedMs));
  socket.on('disconnect', () => {
    events.closed();
    later();
  });

  return {
    send: (request) => socket.emit(SOCKET_EVENTS.request, request),
    renew: () => {
      socket.disconnect();
      later();
    },
    close: () => {
      closed = true;
      clearTimeout(retry);
      socket.disconnect();
      socket.off();
    },
  };
}
