import WebSocket from 'ws';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { WEBSOCKET_PATH } from '#shared/protocol/live.ts';

/** A replay that stands still, and is sent from moment to moment. */
export async function openReplay(url: string, scope: string, view: 'full' | 'overview', at: EpochMs) {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH);
  let there = Promise.withResolvers<undefined>();
  socket.on('message', (data: Buffer) => {
    const head = data.subarray(0, 1000).toString();
    if (head.startsWith('{"type":"error"')) return there.reject(new Error(head));
    const part = /"part":\{"index":(\d+),"of":(\d+)\}/.exec(head);
    if (part !== null && Number(part[1]) + 1 === Number(part[2])) there.resolve(undefined);
  });
  const opened = Promise.withResolvers<undefined>();
  socket.once('error', opened.reject);
  socket.once('open', () => opened.resolve(undefined));
  await opened.promise;
  const seek = async (to: EpochMs) => {
    there = Promise.withResolvers();
    socket.send(JSON.stringify({ type: 'replay', stream: 'bench', at: toInstant(to), speed: 0 }));
    await there.promise;
  };
  const first = seek(at);
  socket.send(JSON.stringify({ type: 'subscribe', scope, view, stream: 'bench' }));
  await first;
  return { seek, close: () => socket.terminate() };
}
