import { hash } from 'node:crypto';
import { Pool } from 'undici';
import { guardedLookup, permitsHost } from './address.ts';
import { decode, parseJson, typeFault } from './body.ts';
import { exchange, type RawAnswer } from './exchange.ts';
import { FAULTS, faultOfStatus, issueCode, type Fault } from './faults.ts';

const MAX_REDIRECTS = 3;
const KEEP_ALIVE_MS = 10 * 60_000;

/** What the last good answer of an address said of itself. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Of the body; null where there is an ETag, which says the same without the cost. */
  readonly digest: string | null;
}

/** Client certificate of a poll (mutual TLS), as PEM. `id` changes when any of it does: it keys the connections. */
export interface TlsIdentity {
  readonly id: string;
  readonly certificate: string;
  readonly key: string;
  readonly ca: string | null;
}

export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
  /** What the body must be; JSON where absent. CSV is handed on as text. */
  readonly format?: 'json' | 'csv';
  readonly tls?: TlsIdentity | null;
  /** Keys of the payload's own time: a body that differs from the last one only there is unchanged. */
  readonly timeKeys?: readonly string[];
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Null: nothing is known of this address yet. */
  readonly known: Validators | null;
}

/** What an answer said besides its body. */
export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The other side's clock (`Date`), epoch ms; null where it said none. */
  readonly dateMs: number | null;
  /** Milliseconds that the answer lay in a cache (`Age`); 0 where it said none. */
  readonly ageMs: number;
}

export type Answer =
  | {
      readonly kind: 'fresh';
      readonly head: Head;
      /** The body as it came, decompressed: for a redacted copy on request; not to be kept. */
      readonly raw: Buffer;
      readonly payload: unknown;
      readonly bytes: number;
      readonly url: string;
      readonly validators: Validators;
    }
  /** 304, or the very same bytes: nothing was parsed. `confirmed` says that the other side said so itself (304). */
  | {
      readonly kind: 'unchanged';
      readonly head: Head;
      readonly bytes: number;
      readonly confirmed: boolean;
      /** The payload's new own time, where that alone has changed. */
      readonly time: string | null;
    }
  | {
      readonly kind: 'fault';
      /** Null where no answer came. */
      readonly head: Head | null;
      readonly raw: Buffer | null;
      readonly fault: Fault;
      readonly bytes: number;
      readonly retryAfterMs: number | null;
      /** Whose the fault is: the supplier's as a whole, or this one target's behind it. */
      readonly scope: 'supplier' | 'target';
    };

export interface Http {
  get(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

/** The client of every poll: one keep-alive pool an origin. `allowPrivate`: loopback and private addresses may be polled. */
export function createHttp({ allowPrivate }: { readonly allowPrivate: boolean }): Http {
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    const existing = pools.get(origin);
    if (existing) return existing;
    // How many connections there may be is the lanes' business; here a limit would let a hung feed hold up another.
    const pool = new Pool(origin, {
      connections: null,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: { timeout: 10_000, lookup: guardedLookup(allowPrivate) },
    });
    pools.set(origin, pool);
    return pool;
  };

  async function get(question: Question): Promise<Answer> {
    const from = parseUrl(question.url);
    if (!from) return failed(FAULTS.badRequest);
    const began = performance.now();
    let url = from;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      if (!permitsHost(url.hostname, allowPrivate)) return failed(FAULTS.blocked);
      const raw = await exchange({
        pool: poolOf(url.origin),
        path: url.pathname + url.search,
        headers: requestHeaders(question),
        timeoutMs: Math.max(1, question.timeoutMs - (performance.now() - began)),
        maxBytes: question.maxBytes,
        signal: question.signal,
      });
      if ('state' in raw) return failed(raw);
      const location = isRedirect(raw.status) ? header(raw, 'location') : '';
      if (location === '') return understand(raw, question, url.href);
      const next = parseUrl(location, url);
      if (next?.origin !== from.origin) return failed(FAULTS.elsewhere);
      url = next;
    }
    return failed(FAULTS.loop);
  }

  return {
    get,
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

function parseUrl(text: string, base?: URL): URL | null {
  const url = URL.parse(text, base);
  return url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null;
}

function requestHeaders({ headers, known }: Question): Record<string, string> {
  const sent: Record<string, string> = { 'accept-encoding': 'gzip, deflate, br', ...headers };
  if (known?.etag) sent['if-none-match'] = known.etag;
  else if (known?.lastModified) sent['if-modified-since'] = known.lastModified;
  return sent;
}

function header(raw: RawAnswer, name: string): string {
  const value = raw.headers[name];
  return (Array.isArray(value) ? value.join(', ') : value) ?? '';
}

function headOf(raw: RawAnswer): Head {
  const date = Date.parse(header(raw, 'date'));
  const age = Number(header(raw, 'age'));
  return {
    status: raw.status,
    headers: raw.headers,
    dateMs: Number.isFinite(date) ? date : null,
    ageMs: Number.isFinite(age) && age > 0 ? age * 1000 : 0,
  };
}

function failed(fault: Fault, bytes = 0): Answer {
  return { kind: 'fault', head: null, raw: null, fault, bytes, retryAfterMs: null, scope: 'target' };
}

async function understand(raw: RawAnswer, question: Question, url: string): Promise<Answer> {
  const bytes = raw.body.length;
  if (raw.status === 304 && question.known)
    return { kind: 'unchanged', head: headOf(raw), bytes, confirmed: true, time: null };
  if (raw.status !== 200) return refused(raw);
  const etag = header(raw, 'etag') || null;
  // Only told apart from the last one, not guarded against forgery: SHA-1 is half the cost of SHA-256 here.
  const digest = etag === null ? hash('sha1', raw.body, 'base64') : null;
  if (digest !== null && digest === question.known?.digest)
    return { kind: 'unchanged', head: headOf(raw), bytes, confirmed: false, time: null };
  const body = await decode(raw.body, header(raw, 'content-encoding'), question.maxBytes);
  if ('state' in body) return failed(body, bytes);
  const wrong = typeFault(header(raw, 'content-type'), body);
  if (wrong) return failed(wrong, bytes);
  const parsed = parseJson(body);
  if (!parsed) return failed(FAULTS.malformed, bytes);
  const validators = { etag, lastModified: header(raw, 'last-modified') || null, digest };
  return { kind: 'fresh', head: headOf(raw), raw: body, payload: parsed.value, bytes, url, validators };
}

async function refused(raw: RawAnswer): Promise<Answer> {
  const body = await decode(raw.body, header(raw, 'content-encoding'), 64 * 1024);
  const issue = 'state' in body ? null : issueCode(parseJson(body)?.value);
  // `REC_*` comes from the one service behind a supplier's proxy; without it the quota or outage is the supplier's own.
  const scope = issue?.startsWith('REC_') === true ? 'target' : 'supplier';
  const wait = raw.status === 429 || raw.status === 503 ? retryAfter(raw) : null;
  const fault = faultOfStatus(raw.status, issue);
  const kept = 'state' in body ? null : body;
  return { kind: 'fault', head: headOf(raw), raw: kept, fault, bytes: raw.body.length, retryAfterMs: wait, scope };
}

/** Milliseconds to wait; a date is measured against the answer's own `Date`, whose clock is the one that wrote it. */
function retryAfter(raw: RawAnswer): number | null {
  const value = header(raw, 'retry-after').trim();
  if (/^\d{1,7}$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value) - Date.parse(header(raw, 'date'));
  return Number.isFinite(until) && until > 0 ? until : null;
}
