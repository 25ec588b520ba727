import { failed, header, understand } from './answer.ts';
import { createDeadlines } from './deadlines.ts';
import { exchange, type RawAnswer } from './exchange.ts';
import { FAULTS, type Fault } from './faults.ts';
import { createKeptBodies, type KeptBodies } from './kept-bodies.ts';
import type { Answer, Question, TlsIdentity } from './question.ts';
import { createTargets, type Target } from './targets.ts';

export type { Answer, Head, Question, TlsIdentity, Validators } from './question.ts';

const MAX_REDIRECTS = 3;
const KEPT_BYTES = 64 * 1024 * 1024;

export interface Http {
  /** Always settles with an answer, within the question's time limit. */
  get(question: Question): Promise<Answer>;
  /** A client certificate is no longer used: its connections end once what they carry is through. */
  retire(tls: TlsIdentity): void;
  /** Whoever remembers the body of an answer's validators says so here, and when another takes its place. */
  readonly kept: Pick<KeptBodies, 'replace' | 'size'>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Loopback and private addresses may be polled. */
  readonly allowPrivate: boolean;
  /** Bytes of bodies that may be kept to compare with, of all feeds together. */
  readonly keptBytes?: number;
}

/** The client of every poll: one keep-alive pool an origin. */
export function createHttp({ allowPrivate, keptBytes = KEPT_BYTES }: HttpOptions): Http {
  const targets = createTargets(allowPrivate);
  const deadlines = createDeadlines();
  const kept = createKeptBodies(keptBytes);

  /** One request of a question, and those that its redirects lead to; all of them within one deadline. */
  const ask = (question: Question, target: Target, deadline: number, hops: number, done: Done): void => {
    if (!target.origin.allowed) return done(failed(FAULTS.blocked));
    const { maxBytes, signal, method = 'GET', body = null } = question;
    const taken = (raw: RawAnswer | Fault): void => {
      if ('state' in raw) return done(failed(raw));
      const location = isRedirect(raw.status, method) ? header(raw.headers, 'location') : '';
      if (location === '') return done(understand(raw, question, target.href, kept));
      const next = targets.next(location, target);
      if (next?.origin.origin !== target.origin.origin) return done(failed(FAULTS.elsewhere));
      if (hops >= MAX_REDIRECTS) return done(failed(FAULTS.loop));
      ask(question, next, deadline, hops + 1, done);
    };
    const { origin, path } = target;
    const pool = origin.pool(question.tls ?? null);
    const headers = headersOf(question, method);
    const { secure } = origin;
    exchange({ pool, secure, path, method, headers, body, deadline, maxBytes, signal }, deadlines, taken);
  };

  return {
    get(question) {
      const target = targets.of(question.url);
      if (!target) return Promise.resolve(failed(FAULTS.badRequest));
      const deadline = performance.now() + question.timeoutMs;
      // One promise a poll: what comes is read where it comes in.
      return new Promise((resolve) => ask(question, target, deadline, 0, resolve));
    },
    retire: targets.retire,
    kept,
    async close() {
      await targets.close();
      deadlines.close();
    },
  };
}

type Done = (answer: Answer | Promise<Answer>) => void;

/** A question with a body is sent on only where the status says that it may be, body and all. */
function isRedirect(status: number, method: 'GET' | 'POST'): boolean {
  if (status < 301 || status > 308) return false;
  return status === 307 || status === 308 || (method === 'GET' && status <= 303);
}

function headersOf({ headers, known, body }: Question, method: 'GET' | 'POST'): Record<string, string> {
  const sent: Record<string, string> = { 'accept-encoding': 'gzip, deflate, br', ...headers };
  if (body !== undefined) sent['content-type'] ??= 'application/json';
  if (method !== 'GET' || !known) return sent;
  if (known.etag !== null) sent['if-none-match'] = known.etag;
  else if (known.lastModified !== null) sent['if-modified-since'] = known.lastModified;
  return sent;
}
