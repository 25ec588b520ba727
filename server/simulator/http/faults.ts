import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FeedOutage } from '../world/effects.ts';
import type { Moment } from '../simulation.ts';
import { fhirError, send, type Answer } from './exchange.ts';

/** How long a hung answer is held at most, and how much a huge one sends. */
const HANG_MS = 120_000;
const HUGE_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.from(`${'{"filler":"'.padEnd(65_530, 'x')}"},`);

const HTML =
  '<!doctype html><html><head><title>Service maintenance</title></head><body><h1>We will be back soon</h1></body></html>';

/** Answers as a broken supplier would. */
export function answerWithFault(
  request: IncomingMessage,
  response: ServerResponse,
  outage: FeedOutage,
  whole: Answer,
  moment: Moment,
): void {
  switch (outage.mode) {
    case 'status':
      return send(request, response, statusAnswer(outage, whole), moment.at);
    case 'hang':
      return hang(response);
    case 'html':
      return send(request, response, { status: 200, type: 'text/html; charset=utf-8', body: () => HTML }, moment.at);
    case 'half-json': {
      const body = whole.body();
      const { status, type } = whole;
      return send(request, response, { status, type, body: () => body.slice(0, body.length / 2) }, moment.at);
    }
    case 'huge':
      return flood(response, whole.type);
    case 'reset':
      request.socket.resetAndDestroy();
      return;
  }
}

function statusAnswer(outage: FeedOutage, whole: Answer): Answer {
  const status = outage.status ?? 503;
  const headers: Record<string, string> =
    outage.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(outage.retryAfterSeconds) };
  if (!whole.type.startsWith('application/fhir')) {
    return { status, type: whole.type, headers, body: () => JSON.stringify({ error: 'UNAVAILABLE' }) };
  }
  const code = status === 429 ? 'SEND_TOO_MANY_REQUESTS' : status === 408 ? 'REC_TIMEOUT' : 'REC_UNAVAILABLE';
  return { ...fhirError(code, 'the receiver is not available'), status, headers };
}

function hang(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), HANG_MS);
  response.on('close', () => clearTimeout(timer));
}

/** Sends at the client's pace, until it has had enough. */
function flood(response: ServerResponse, type: string): void {
  response.writeHead(200, { 'Content-Type': type });
  let sent = 0;
  const more = () => {
    while (sent < HUGE_BYTES && !response.destroyed) {
      sent += CHUNK.length;
      if (!response.write(CHUNK)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  response.write('[');
  more();
}
