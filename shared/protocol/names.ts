export const PROTOCOL = 1;
export const SOCKET_IO_PATH = '/socket.io';
export const WEBSOCKET_PATH = '/api/live';
/** One event name each way on Socket.IO; the frames are those of the plain WebSocket. */
export const SOCKET_EVENTS = { frame: 'frame', request: 'request' } as const;
export const HEARTBEAT_MS = 10_000;

/** By which a wall's page says which paired screen it is: a header, and on the live channels a query parameter. */
export const SCREEN_HEADER = 'x-headroom-screen';
export const SCREEN_QUERY = 'screen';
/** Whether this is the id of a paired screen; no unit has an id like that. */
export const isScreenId = (text: string): boolean => /^screen-[0-9a-z]{8}$/.test(text);
