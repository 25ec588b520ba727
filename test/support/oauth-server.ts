import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Adapter, type AdapterPayload, type ClientMetadata } from 'oidc-provider';

/** A real OAuth 2 server on a free port of loopback. Its clients may change while it runs. */
export interface OAuthServer {
  readonly tokenUrl: string;
  /** Adds a client, or puts another in its place. */
  register(client: ClientMetadata): void;
  /** Whether a bearer token is one of its own and still good, and of which client. */
  clientOf(authorization: string | undefined): Promise<string | null>;
  /** Makes every token given so far worthless. */
  revokeAll(): Promise<void>;
  /** Token requests so far. */
  asked(): number;
  close(): Promise<void>;
}

export interface OAuthServerOptions {
  /** Seconds a token lasts. */
  readonly lifetime?: number;
  /** Called before each token request is answered: for tests that hold one up. */
  readonly before?: (request: IncomingMessage) => Promise<void>;
}

export async function startOAuthServer({ lifetime = 600, before }: OAuthServerOptions = {}): Promise<OAuthServer> {
  const stores = new Map<string, Map<string, AdapterPayload>>();
  const storeOf = (name: string) => {
    const store = stores.get(name) ?? new Map<string, AdapterPayload>();
    stores.set(name, store);
    return store;
  };
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    adapter: (name: string): Adapter => adapterOf(storeOf(name)),
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    enabledJWA: { clientAuthSigningAlgValues: ['RS512', 'RS256', 'PS256', 'ES256'] },
    scopes: ['queues:read', 'queues:write'],
    jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
    ttl: { ClientCredentials: lifetime },
  });
  let asked = 0;
  const answer = provider.callback();
  server.on('request', (request, response) => {
    asked++;
    void (before?.(request) ?? Promise.resolve()).then(() => answer(request, response));
  });
  return {
    tokenUrl: `${issuer}/token`,
    register: (client) => void storeOf('Client').set(client.client_id, client as AdapterPayload),
    async clientOf(authorization) {
      const token = await provider.ClientCredentials.find(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
      return token?.isValid ? (token.clientId ?? null) : null;
    },
    revokeAll: () => Promise.resolve(storeOf('ClientCredentials').clear()),
    asked: () => asked,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function adapterOf(store: Map<string, AdapterPayload>): Adapter {
  const nothing = () => Promise.resolve(undefined);
  return {
    upsert: (id, payload) => Promise.resolve(void store.set(id, payload)),
    find: (id) => Promise.resolve(store.get(id)),
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    destroy: (id) => Promise.resolve(void store.delete(id)),
    revokeByGrantId: nothing,
  };
}
