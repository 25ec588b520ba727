import { randomUUID } from 'node:crypto';
import { fillTemplate, type FeedInstance } from '../domain/feed-instances.ts';
import type { Clock, PollOutcome } from '../domain/ports.ts';
import type { Adapter, Read, Rejection } from './adapters/adapter.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Answer, Http, Validators } from './http.ts';
import type { Logger } from './logger.ts';
import { fillHeaders, fillSecrets, type Secrets } from './secrets.ts';

const MAX_PAGES = 50;
/** A poll of several pages may take this many times the feed's time limit in all. */
const PAGES_TIME = 3;

/** What is known of an instance between its polls. In memory only. */
export interface Known {
  readonly memory: unknown;
  /** Of the last good single-page answer, and the address it came from. */
  readonly answer: { readonly url: string; readonly validators: Validators } | null;
  readonly good: Pick<PollOutcome, 'state' | 'fault' | 'observedAt' | 'rejected' | 'readings'> | null;
  /** Whether the payload said its own time: then an unchanged answer does not make it younger (decision 17). */
  readonly timed: boolean;
}

export interface Polled {
  readonly outcome: PollOutcome;
  /** Replaces what was known; unchanged after a fault, so that a failed poll forgets nothing. */
  readonly known: Known;
  readonly rejections: readonly Rejection[];
  readonly retryAfterMs: number | null;
  readonly scope: 'supplier' | 'target';
}

export interface PollDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly secret: Secrets;
  readonly logger: Logger;
  /** Code of the organisation that asks. */
  readonly requester: string;
}

interface Turn {
  readonly deps: PollDeps;
  readonly instance: FeedInstance;
  readonly adapter: Adapter<unknown>;
  readonly known: Known;
  readonly signal: AbortSignal;
  readonly askedAt: number;
  readonly began: number;
}

interface Prepared {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** One poll of one instance: ask, follow its pages, read, and say what came of it. Never rejects. */
export async function poll(
  deps: PollDeps,
  instance: FeedInstance,
  adapter: Adapter<unknown>,
  known: Known,
  signal: AbortSignal,
): Promise<Polled> {
  const turn: Turn = { deps, instance, adapter, known, signal, askedAt: deps.clock.now(), began: performance.now() };
  const prepared = guarded(turn, () => prepare(turn));
  if ('state' in prepared) return failed(turn, prepared, 0);
  const previous = known.answer?.url === prepared.url ? known.answer.validators : null;
  const first = await ask(turn, prepared, prepared.url, previous);
  if (first.kind === 'fault') return failed(turn, first.fault, first.bytes, first);
  if (first.kind === 'unchanged') return unchanged(turn, first);
  return readPages(turn, prepared, first);
}

function prepare({ deps, instance, adapter, known, askedAt }: Turn): Prepared | Fault {
  const asked = adapter.request({ instance, now: askedAt, requester: deps.requester }, known.memory);
  const url = fillSecrets(asked.url, deps.secret);
  if (!url.ok) return { state: 'blocked', fault: `${url.missing}, named in the address of this feed, is not set` };
  const [site] = instance.sites;
  const templates = Object.entries(instance.feed.headers).map(
    ([name, text]) => [name, site ? fillTemplate(text, site) : text] as const,
  );
  const own = fillHeaders(Object.fromEntries(templates), instance.feed.auth, deps.secret);
  if (!own.ok) return { state: 'unauthorised', fault: `${own.missing}, named in the sign-in of this feed, is not set` };
  return { url: url.text, headers: { ...asked.headers, ...own.headers } };
}

function ask(turn: Turn, { headers }: Prepared, url: string, known: Validators | null): Promise<Answer> {
  const { feed } = turn.instance;
  return turn.deps.http.get({
    url,
    headers: { ...headers, 'x-request-id': randomUUID(), 'x-correlation-id': randomUUID() },
    timeoutMs: feed.timeoutMs,
    maxBytes: feed.maxBytes,
    signal: turn.signal,
    known,
  });
}

async function readPages(turn: Turn, prepared: Prepared, first: Extract<Answer, { kind: 'fresh' }>): Promise<Polled> {
  const { instance } = turn;
  const seen = new Set<string>([first.url]);
  const rejections: Rejection[] = [];
  let answer = first;
  let memory = turn.known.memory;
  let bytes = 0;
  let refused = 0;
  for (let page = 0; ; page++) {
    bytes += answer.bytes;
    const read = await readPage(turn, answer.payload, page, memory);
    if ('state' in read) return failed(turn, read, bytes);
    refused += read.rejectedCount;
    if (rejections.length < 50) rejections.push(...read.rejected);
    memory = read.memory;
    if (read.next === null)
      return taken(turn, {
        read,
        memory,
        bytes,
        refused,
        rejections,
        answer: page === 0 ? { url: prepared.url, validators: first.validators } : null,
      });
    const next = URL.parse(read.next, answer.url);
    if (next?.origin !== new URL(first.url).origin) return failed(turn, FAULTS.nextElsewhere, bytes);
    if (seen.has(next.href) || page + 1 >= MAX_PAGES) return failed(turn, FAULTS.tooManyPages, bytes);
    if (performance.now() - turn.began > instance.feed.timeoutMs * PAGES_TIME)
      return failed(turn, FAULTS.timeout, bytes);
    seen.add(next.href);
    const following = await ask(turn, prepared, next.href, null);
    if (following.kind === 'fault') return failed(turn, following.fault, bytes + following.bytes, following);
    if (following.kind === 'unchanged') return failed(turn, FAULTS.unreadable, bytes);
    answer = following;
  }
}

async function readPage(turn: Turn, payload: unknown, page: number, memory: unknown): Promise<Read<unknown> | Fault> {
  const { deps, instance, adapter, askedAt } = turn;
  try {
    const read = await adapter.read(payload, { instance, askedAt, now: deps.clock.now(), page }, memory);
    return read.ok ? read : { state: read.state, fault: read.fault };
  } catch (error) {
    return unreadable(turn, error);
  }
}

/** An adapter's own error is its feed's fault and nobody else's. */
function guarded<T>(turn: Turn, work: () => T): T | Fault {
  try {
    return work();
  } catch (error) {
    return unreadable(turn, error);
  }
}

function unreadable({ deps, instance, adapter }: Turn, error: unknown): Fault {
  {
    // The message of an engine's error may quote the payload; its name cannot.
    const name = error instanceof Error ? error.name : typeof error;
    const fields = { type: 'feed-adapter-failed', feed: instance.id, adapter: adapter.name, error: name };
    deps.logger.error(fields, 'adapter failed');
    return FAULTS.unreadable;
  }
}

interface Taken {
  readonly read: Read<unknown>;
  readonly memory: unknown;
  readonly bytes: number;
  readonly refused: number;
  readonly rejections: readonly Rejection[];
  /** Null where it took several pages: there is no one answer to compare the next with. */
  readonly answer: Known['answer'];
}

function taken(turn: Turn, { read, memory, bytes, refused, rejections, answer }: Taken): Polled {
  const at = turn.deps.clock.now();
  const good = {
    state: refused === 0 ? ('ok' as const) : ('partly-rejected' as const),
    fault: refusedWords(refused, rejections[0]),
    observedAt: read.observedAt ?? at,
    rejected: refused,
    readings: read.readings,
  };
  const outcome: PollOutcome = {
    ...frame(turn, at, bytes),
    ...good,
    slots: read.slots,
    unchanged: false,
  };
  const known: Known = { memory, answer, good, timed: read.observedAt !== null };
  return { outcome, known, rejections, retryAfterMs: null, scope: 'target' };
}

/** Nothing was parsed: what was last sent stands, unless time alone has changed it. */
function unchanged(turn: Turn, answer: Extract<Answer, { kind: 'unchanged' }>): Polled {
  const { adapter, instance, known, deps, askedAt } = turn;
  if (!known.good) return failed(turn, FAULTS.unreadable, answer.bytes);
  const at = deps.clock.now();
  const now = adapter.again?.({ instance, askedAt, now: at, page: 0 }, known.memory) ?? null;
  const moved = now !== null && !sameReadings(now.readings, known.good.readings);
  const good = {
    ...known.good,
    observedAt: known.timed ? known.good.observedAt : at,
    readings: moved ? now.readings : known.good.readings,
  };
  const outcome: PollOutcome = {
    ...frame(turn, at, answer.bytes),
    ...good,
    readings: moved ? now.readings : [],
    slots: moved ? now.slots : [],
    unchanged: !moved,
  };
  return { outcome, known: { ...known, good }, rejections: [], retryAfterMs: null, scope: 'target' };
}

const sameReadings = (a: PollOutcome['readings'], b: PollOutcome['readings']): boolean =>
  a.length === b.length && a.every((reading, i) => reading.value === b[i]?.value && reading.metric === b[i].metric);

interface Wait {
  readonly retryAfterMs: number | null;
  readonly scope: 'supplier' | 'target';
}

function failed(turn: Turn, { state, fault }: Fault, bytes: number, wait?: Wait): Polled {
  const outcome: PollOutcome = {
    ...frame(turn, turn.deps.clock.now(), bytes),
    state,
    fault,
    observedAt: null,
    readings: [],
    slots: [],
    unchanged: false,
    rejected: 0,
  };
  const { retryAfterMs, scope } = wait ?? { retryAfterMs: null, scope: 'target' as const };
  return { outcome, known: turn.known, rejections: [], retryAfterMs, scope };
}

const frame = (turn: Turn, at: number, bytes: number) => ({
  feed: turn.instance.id,
  at,
  latencyMs: Math.round(performance.now() - turn.began),
  bytes,
});

function refusedWords(count: number, first: Rejection | undefined): string {
  if (count === 0) return '';
  const where = first ? `: ${first.place} ${first.reason}` : '';
  return count === 1
    ? `1 record or field was refused${where}`
    : `${count} records or fields were refused, the first${where}`;
}
