import { hash } from 'node:crypto';
import { decode, parseError, readCsv, readJson } from './body.ts';
import { ERROR_BODY, type RawAnswer } from './exchange.ts';
import { FAULTS, faultOfStatus, type Fault } from './faults.ts';
import { issueIn, isOperationOutcome } from './issues.ts';
import type { KeptBodies } from './kept-bodies.ts';
import type { Answer, Failed, Head, Question } from './question.ts';
import { firstTime, sameButForTime } from './time-only.ts';

const NO_KEYS: readonly string[] = [];

/** No answer, or none that anything more is known of. */
export function failed(fault: Fault, head: Head | null = null, raw: Buffer | null = null, bytes = 0): Failed {
  return { kind: 'fault', head, raw, fault, bytes, retryAfterMs: null, scope: 'target' };
}

/** What an answer says. At once, but for one that has to be decompressed first. Never throws, never rejects. */
export function understand(
  raw: RawAnswer,
  question: Question,
  url: string,
  kept: KeptBodies,
): Answer | Promise<Answer> {
  const head = headOf(raw);
  const bytes = raw.body.length;
  const ok = raw.status === 200;
  if (raw.status === 304 && question.known) return { kind: 'unchanged', head, bytes, confirmed: true, time: null };
  const known = ok ? (question.known?.digest ?? null) : null;
  if (known !== null && known === digestOf(raw.body))
    return { kind: 'unchanged', head, bytes, confirmed: false, time: null };
  const next = (body: Buffer | Fault): Answer => {
    if (!ok) return refused(raw.status, head, 'state' in body ? null : body, bytes);
    return 'state' in body ? failed(body, head, null, bytes) : read(raw, body, head, question, url, kept);
  };
  /** A body too long for a string, say: its feed's trouble, and nobody else's. */
  const guarded = (body: Buffer | Fault): Answer => {
    try {
      return next(body);
    } catch {
      return failed(FAULTS.unreadable, head, null, bytes);
    }
  };
  const body = decode(raw.body, header(raw.headers, 'content-encoding'), ok ? question.maxBytes : ERROR_BODY);
  return body instanceof Promise ? body.then(guarded) : guarded(body);
}

function read(raw: RawAnswer, body: Buffer, head: Head, question: Question, url: string, kept: KeptBodies): Answer {
  const { known, timeKeys = NO_KEYS } = question;
  const bytes = raw.body.length;
  const last = known?.body ?? null;
  if (last && sameButForTime(last, body, timeKeys))
    return { kind: 'unchanged', head, bytes, confirmed: false, time: firstTime(body, timeKeys) };
  const type = header(raw.headers, 'content-type');
  const understood = question.format === 'csv' ? readCsv(type, body) : readJson(type, body);
  if (!understood.ok) return failed(understood.fault, head, body, bytes);
  const { payload } = understood;
  // Some proxies report an error with a 200.
  if (isOperationOutcome(payload)) return reported(payload, head, body, bytes);
  const etag = header(raw.headers, 'etag') || null;
  // Also where there is an ETag: many servers make theirs of the whole body, its time included.
  const own = timeKeys.length > 0 ? kept.fit(body, last) : null;
  const digest = etag === null && own === null ? digestOf(raw.body) : null;
  const validators = { etag, lastModified: header(raw.headers, 'last-modified') || null, digest, body: own };
  return { kind: 'fresh', head, raw: body, payload, bytes, url, validators };
}

// Only told apart from the last one, not guarded against forgery: SHA-1 is half the cost of SHA-256 here.
const digestOf = (body: Buffer): string => hash('sha1', body, 'base64');

function reported(payload: unknown, head: Head, body: Buffer, bytes: number): Answer {
  const issue = issueIn(payload);
  return issue ? refused(head.status, head, body, bytes) : failed(FAULTS.report, head, body, bytes);
}

function refused(status: number, head: Head, body: Buffer | null, bytes: number): Answer {
  const issue = body && issueIn(parseError(body));
  const wait = retryAfter(head);
  const fault = faultOfStatus(status, issue, wait);
  const waits = status === 429 || status === 503 || fault.state === 'throttled' || fault.state === 'unavailable';
  const scope = issue?.scope ?? 'supplier';
  return { kind: 'fault', head, raw: body, fault, bytes, retryAfterMs: waits ? wait : null, scope };
}

/** Milliseconds to wait; a date is measured against the answer's own `Date`, whose clock is the one that wrote it. */
function retryAfter({ headers, dateMs }: Head): number | null {
  const value = header(headers, 'retry-after').trim();
  if (value === '') return null;
  if (/^\d{1,7}$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value) - (dateMs ?? NaN);
  return Number.isFinite(until) && until > 0 ? until : null;
}

export function header(headers: RawAnswer['headers'], name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}

/** The last `Date` that was read: within a second a supplier's answers all carry the same. */
const lastDate = { text: '', ms: NaN };

function headOf({ status, headers }: RawAnswer): Head {
  const date = header(headers, 'date');
  if (date !== lastDate.text) {
    lastDate.text = date;
    lastDate.ms = Date.parse(date);
  }
  const age = headers['age'] === undefined ? 0 : Number(header(headers, 'age'));
  return {
    status,
    headers,
    dateMs: Number.isFinite(lastDate.ms) ? lastDate.ms : null,
    ageMs: Number.isFinite(age) && age > 0 ? age * 1000 : 0,
  };
}
