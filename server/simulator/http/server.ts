import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Simulation } from '../simulation.ts';
import { makeCalls } from '../warm-up.ts';
import { fhirError, jsonAnswer, send } from './exchange.ts';
import { answerWithFault } from './faults.ts';
import { createFeeds } from './feeds.ts';

/** Longer than any feed's period at ordinary speeds, so that pollers keep their connections. */
const KEEP_ALIVE_MS = 75_000;

/** The suppliers' side of the demonstration over HTTP. Never listens by itself. */
export function createSimulatorServer(simulation: Simulation, onFault: (message: string) => void): Server {
  const feeds = createFeeds(simulation);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const moment = simulation.now();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return send(request, response, fhirError('SEND_METHOD_NOT_ALLOWED', 'only GET is served'), moment.at);
    }
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    if (url.pathname === '/health') {
      return send(request, response, jsonAnswer({ status: 'ok', at: new Date(moment.at).toISOString() }), moment.at);
    }
    const route = feeds.route(request, url);
    if (!route) return send(request, response, jsonAnswer({ error: 'NOT_FOUND' }, 404), moment.at);
    await makeCalls(moment.world, route.needs, moment.day);
    // A day that had to be made first took its time: the answer is of now.
    const now = simulation.now();
    const outage = simulation.outage(now, route.supplier, route.site);
    const answer = route.answer(now);
    if (outage) answerWithFault(request, response, outage, answer, now);
    else send(request, response, answer, now.at);
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      onFault(`${request.method ?? ''} ${request.url ?? ''}: ${reason}`);
      if (response.headersSent) response.destroy();
      else send(request, response, fhirError('REC_SERVER_ERROR', 'the simulator failed'), simulation.now().at);
    });
  });
  return server;
}
