import { Pool } from 'undici';
import { guardedLookup, permitsHost } from './address.ts';
import type { TlsIdentity } from './question.ts';

const KEEP_ALIVE_MS = 10 * 60_000;
/** Origins that are remembered; a definition has a few hundred at most. */
const MAX_ORIGINS = 2000;
/** Addresses that are remembered; those with a time in them never come again. */
const MAX_ADDRESSES = 16_384;

/** Another side that requests go to, with its connections. */
export interface Origin {
  /** As the URL standard writes it. */
  readonly origin: string;
  /** False where it is written as an address that may not be polled; a name is judged when it has been looked up. */
  readonly allowed: boolean;
  /** Over TLS. */
  readonly secure: boolean;
  pool(tls: TlsIdentity | null): Pool;
}

export interface Target {
  readonly origin: Origin;
  /** Path and query. */
  readonly path: string;
  readonly href: string;
}

export interface Targets {
  /** Null for what is no http(s) address, or holds a user name. */
  of(address: string): Target | null;
  /** Where `location` leads from there. */
  next(location: string, from: Target): Target | null;
  /** Ends the connections that were made with a client certificate, once what they carry is through. */
  retire(tls: TlsIdentity): void;
  close(): Promise<void>;
}

const ORIGIN = /^https?:\/\/[^/?#\\]+/i;
/** Paths that the URL standard leaves as they are: most, and reading an address in full costs more than asking it. */
const PLAIN = /^\/[\w/?=&%.~:,+@!$()*;|-]*(?<!\?)$/;
const DOTS = /\/(?:\.|%2e)/i;

/** The other sides that may be asked: one keep-alive pool an origin and client certificate. */
export function createTargets(allowPrivate: boolean): Targets {
  const known = new Map<string, Origin>();
  const addresses = new Map<string, Target | null>();
  const pools = new Map<string, Pool>();
  const ending = new Set<Pool>();
  const lookup = guardedLookup(allowPrivate);

  const poolOf = (origin: string, tls: TlsIdentity | null): Pool => {
    const key = tls ? `${tls.id} ${origin}` : origin;
    const existing = pools.get(key);
    if (existing) return existing;
    const identity = tls && { cert: tls.certificate, key: tls.key, ...(tls.ca === null ? {} : { ca: tls.ca }) };
    // How many connections there may be is the lanes' business; here a limit would let a hung feed hold up another.
    const pool = new Pool(origin, {
      connections: null,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: { timeout: 10_000, lookup, ...identity },
    });
    pools.set(key, pool);
    return pool;
  };

  const originOf = (text: string, url: URL): Origin => {
    const existing = known.get(text);
    if (existing) return existing;
    const { origin } = url;
    const made: Origin = {
      origin,
      allowed: permitsHost(url.hostname, allowPrivate),
      secure: url.protocol === 'https:',
      pool: (tls) => poolOf(origin, tls),
    };
    if (known.size >= MAX_ORIGINS) known.clear();
    known.set(text, made);
    return made;
  };

  const read = (address: string, base?: string): Target | null => {
    const url = URL.parse(address, base);
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
    const origin = originOf(base === undefined ? (ORIGIN.exec(address)?.[0] ?? url.origin) : url.origin, url);
    return { origin, path: url.pathname + url.search, href: url.href };
  };

  const quickly = (address: string): Target | null => {
    const text = ORIGIN.exec(address)?.[0];
    const origin = text === undefined ? undefined : known.get(text);
    if (!text || !origin) return read(address);
    const path = address.slice(text.length);
    return PLAIN.test(path) && !DOTS.test(path) ? { origin, path, href: origin.origin + path } : read(address);
  };

  return {
    of(address) {
      const target = addresses.get(address);
      if (target !== undefined) return target;
      if (addresses.size >= MAX_ADDRESSES) addresses.clear();
      const found = quickly(address);
      addresses.set(address, found);
      return found;
    },
    next: (location, from) => read(location, from.href),
    retire(tls) {
      for (const [key, pool] of pools) {
        if (!key.startsWith(`${tls.id} `)) continue;
        pools.delete(key);
        ending.add(pool);
        const gone = (): void => void ending.delete(pool);
        pool.close().then(gone, gone);
      }
    },
    async close() {
      const open = [...pools.values(), ...ending];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}
