import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes a server whose requests and upgrades reach everything this app serves. */
    makeServer: (handler: RequestListener) => Server;
  }
}

export interface Listening {
  /** The one address to show to people. */
  readonly url: string;
  readonly urls: readonly string[];
}

const SIBLING: Readonly<Record<string, string>> = { '127.0.0.1': '::1', '::1': '127.0.0.1' };
const shown = (host: string) => (host.includes(':') ? `[${host}]` : host);

/**
 * Listens on `host`, and where that is loopback on the other address family too: `localhost` is either, and a
 * browser picks. Port 0 takes a free one. Rejects when the first address is taken.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  logger: FastifyBaseLogger,
): Promise<Listening> {
  // Fastify's own handling of "localhost" opens a server that our dispatcher would not see.
  const first = host === 'localhost' ? '127.0.0.1' : host;
  await app.listen({ host: first, port });
  const bound = (app.server.address() as AddressInfo).port;
  const urls = [`http://${shown(first)}:${bound}`];
  const other = SIBLING[first];
  if (other !== undefined) {
    const fault = await listenBeside(app, other, bound);
    if (fault === null) urls.push(`http://${shown(other)}:${bound}`);
    else logger.warn({ type: 'http.one-family', host: other, port: bound, code: fault }, 'only one address family');
  }
  const everywhere = first === '0.0.0.0' || first === '::';
  return { url: everywhere ? `http://localhost:${bound}` : (urls[0] ?? ''), urls };
}

/** Null when it listens, else the code of what was in the way. Closes with the app. */
async function listenBeside(app: FastifyInstance, host: string, port: number): Promise<string | null> {
  const server = app.makeServer((request, response) => app.routing(request, response));
  const { promise, resolve } = Promise.withResolvers<string | null>();
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'));
  server.listen({ host, port, ipv6Only: true }, () => resolve(null));
  const fault = await promise;
  if (fault !== null) return fault;
  app.server.once('close', () => {
    server.close();
    server.closeAllConnections();
  });
  return null;
}
