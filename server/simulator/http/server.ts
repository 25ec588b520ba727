import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AdapterName } from '#shared/model/definition.ts';
import type { Simulation } from '../simulation.ts';
import { makeCalls, makeTotals } from '../warm-up.ts';
import { dayOf } from '../world/day.ts';
import { createCredentials, type Secrets } from './credentials.ts';
import { fhirError, jsonAnswer, send, type Answer } from './exchange.ts';
import { createFaults } from './faults.ts';
import { createFeeds } from './feeds.ts';
import { createQuotas } from './quota.ts';
import type { FeedRoute } from './route.ts';

/** Longer than any feed's period at ordinary speeds, so that pollers keep their connections. */
const KEEP_ALIVE_MS = 75_000;
const LARGEST_QUERY = 256 * 1024;
/** Gateways of these say when to come back. */
const SAYS_WHEN: ReadonlySet<AdapterName> = new Set(['bars-slots', 'gp-connect-slots', 'fhir-appointments']);

/** The suppliers' side of the demonstration over HTTP. `secrets`: what they know the server by. Never listens by itself. */
export function createSimulatorServer(
  simulation: Simulation,
  onFault: (message: string) => void,
  secrets: Secrets = {},
): Server {
  const { definition } = simulation;
  const feeds = createFeeds(simulation);
  const faults = createFaults(simulation);
  const credentials = createCredentials(definition, secrets);
  const gateways = new Set(definition.feeds.flatMap((feed) => (SAYS_WHEN.has(feed.adapter) ? [feed.supplier] : [])));
  const quotas = createQuotas(
    definition.suppliers ?? [],
    (id) => gateways.has(id),
    () => performance.now(),
  );

  /** What stands at the door: the quota, and who asks. */
  const refusal = (request: IncomingMessage, { supplier, refuse }: FeedRoute): Answer | null => {
    const over = quotas.take(supplier);
    if (over) return withHeader(refuse(429), 'Retry-After', over.retryAfterSeconds);
    const challenge = credentials.challenge(supplier, request.headers);
    return challenge === null ? null : withHeader(refuse(401), 'WWW-Authenticate', challenge);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const moment = simulation.now();
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return refuseMethod(request, response, moment.at);
    const body = method === 'POST' ? await read(request) : '';
    if (body === null) return send(request, response, jsonAnswer({ error: 'TOO_LARGE' }, 413), moment.at);
    if (url.pathname === '/health') {
      return send(request, response, jsonAnswer({ status: 'ok', at: new Date(moment.at).toISOString() }), moment.at);
    }
    const route = feeds.route(request, { method, url, body });
    if (!route && method === 'POST') return refuseMethod(request, response, moment.at);
    if (!route) return send(request, response, jsonAnswer({ error: 'NOT_FOUND' }, 404), moment.at);
    const refused = refusal(request, route);
    if (refused) return send(request, response, refused, moment.at);
    await makeCalls(moment.world, route.needs, moment.day);
    await makeTotals(moment.world, route.needsTotals, dayOf(moment.day.start - 1));
    // A day that had to be made first took its time: the answer is of now.
    const now = simulation.now();
    const outage = simulation.outage(now, route.supplier, route.adapter, route.site);
    if (outage) faults.answer(request, response, outage, route, now);
    else send(request, response, route.answer(now), now.at);
  };
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      onFault(`${request.method ?? ''} ${request.url ?? ''}: ${reason}`);
      if (response.headersSent) response.destroy();
      else send(request, response, fhirError('REC_SERVER_ERROR', 'the simulator failed'), simulation.now().at);
    });
  });
}

const refuseMethod = (request: IncomingMessage, response: ServerResponse, at: number) =>
  send(request, response, fhirError('SEND_METHOD_NOT_ALLOWED', 'only GET is served here'), at);

const withHeader = (answer: Answer, name: string, value: string | number | null): Answer =>
  value === null ? answer : { ...answer, headers: { ...answer.headers, [name]: String(value) } };

/** The body of a query, or null where it is longer than any query is. */
async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_QUERY) chunks.push(chunk);
  }
  return size > LARGEST_QUERY ? null : Buffer.concat(chunks).toString('utf8');
}
