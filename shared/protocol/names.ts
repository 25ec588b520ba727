export const PROTOCOL = 1;
export const SOCKET_IO_PATH = '/socket.io';
export const WEBSOCKET_PATH = '/api/live';
/** One event name each way on Socket.IO; the frames are those of the plain WebSocket. */
export const SOCKET_EVENTS = { frame: 'frame', request: 'request' } as const;
export const HEARTBEAT_MS = 10_000;
