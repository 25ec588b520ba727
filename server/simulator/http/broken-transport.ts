import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** How long a hung or dripping answer is held at most, and how much a huge one sends. */
const HOLD_MS = 120_000;
const DRIP_EVERY_MS = 200;
const HUGE_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.from(`${'{"filler":"'.padEnd(65_530, 'x')}"},`);
/** One member of a bomb: 8 MiB of blanks in some 8 kB. */
const BLANKS_BYTES = 8 * 1024 * 1024;
const BOMB_MEMBERS = 256;

/** Says nothing. */
export function hang(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), HOLD_MS);
  response.on('close', () => clearTimeout(timer));
}

/** A byte now and then: never silent for long, never done. */
export function drip(response: ServerResponse, type: string, body: string): void {
  const bytes = Buffer.from(body, 'utf8');
  let sent = 0;
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
  const timer = setInterval(() => {
    if (sent * DRIP_EVERY_MS > HOLD_MS || sent >= bytes.length) response.destroy();
    else response.write(bytes.subarray(sent, (sent += 1)));
  }, DRIP_EVERY_MS);
  response.on('close', () => clearInterval(timer));
}

/** Without end, as fast as the client takes it. */
export function flood(response: ServerResponse, type: string): void {
  response.writeHead(200, { 'Content-Type': type });
  response.write('[');
  pour(response, CHUNK, Math.ceil(HUGE_BYTES / CHUNK.length));
}

/** Says it is compressed, and is not whole: the second half of the stream is other bytes. */
export function badGzip(response: ServerResponse, type: string, body: string): void {
  const bytes = gzipSync(body);
  for (let i = bytes.length >> 1; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ 0x5a;
  response.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'gzip', 'Content-Length': bytes.length });
  response.end(bytes);
}

let blanks: Buffer | null = null;

/** A few kilobytes that unpack to gigabytes. */
export function gzipBomb(response: ServerResponse, type: string): void {
  blanks ??= gzipSync(Buffer.alloc(BLANKS_BYTES, ' '));
  response.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'gzip' });
  pour(response, blanks, BOMB_MEMBERS);
}

/** Sends the chunk `times` at the client's pace, until it has had enough. */
function pour(response: ServerResponse, chunk: Buffer, times: number): void {
  let sent = 0;
  const more = () => {
    while (sent < times && !response.destroyed) {
      sent += 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
