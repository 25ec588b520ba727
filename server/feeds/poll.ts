import { randomUUID } from 'node:crypto';
import type { Read, Rejection, Unreadable } from './adapters/adapter.ts';
import type { Prepared } from './asks.ts';
import type { Authorised } from './auth/authority.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Answer, Question, Validators } from './http.ts';
import { failed, taken, unchanged } from './outcomes.ts';
import { isAhead } from './timing.ts';
import type { Polled, PollDeps, Target, Turn } from './turn.ts';

const MAX_PAGES = 50;
/** A poll of several pages may take this many times the feed's time limit in all, its waits for the quota apart. */
const PAGES_TIME = 3;
/** Rejections of a poll that are kept by place and reason. */
const KEPT = 50;
/** Real: a request that the supplier's quota does not let through within this is given up. */
const QUOTA_WAIT_MS = 60_000;

const OUR_QUOTA: Fault = {
  state: 'throttled',
  fault: 'we ask this supplier no more often than agreed: other requests come first',
};

type Fresh = Extract<Answer, { kind: 'fresh' }>;

/** A question with its sign-in, as it is sent page by page. */
interface Asking {
  readonly prepared: Prepared;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Authorised['tls'];
}

/**
 * One poll of one instance: ask, follow its pages, read, and say what came of it. Never rejects. `whole`: an answer with
 * its body is wanted, even where nothing has changed.
 */
export async function poll(deps: PollDeps, target: Target, whole: boolean, signal: AbortSignal): Promise<Polled> {
  const askedAt = deps.clock.now();
  const turn: Turn = { deps, target, signal, whole, askedAt, began: performance.now() };
  try {
    const prepared = target.asks.prepare(askedAt, target.known.memory);
    if ('state' in prepared) return failed(turn, prepared, 0, null);
    const { feed } = target.instance;
    const signedIn = deps.authority.authorise(feed, signal);
    const authorised = signedIn instanceof Promise ? await signedIn : signedIn;
    if ('state' in authorised) return failed(turn, authorised, 0, null);
    let asking = askingOf(prepared, authorised);
    const { answer } = target.known;
    const comparable = !whole && target.adapter.clocked !== true && answer?.url === prepared.url;
    const known = comparable ? answer.validators : null;
    let first = await ask(turn, asking, prepared.url, known);
    if (first.kind === 'fault' && first.head?.status === 401 && deps.authority.refused(feed, authorised)) {
      const anew = await deps.authority.authorise(feed, signal);
      if ('state' in anew) return failed(turn, anew, first.bytes, first);
      asking = askingOf(prepared, anew);
      first = await ask(turn, asking, prepared.url, known);
    }
    if (first.kind === 'fault') return failed(turn, first.fault, first.bytes, first);
    if (first.kind === 'unchanged') return unchanged(turn, first);
    const reading = readPage(turn, first, 0, target.known.memory);
    const read = reading instanceof Promise ? await reading : reading;
    if ('state' in read || read.next !== null) return await readPages(turn, asking, first, read);
    return onlyPage(turn, prepared, first, read);
  } catch (error) {
    return failed(turn, unreadable(turn, error), 0, null);
  }
}

/** Most answers are whole: they do without what following pages takes. */
function onlyPage(turn: Turn, { url }: Prepared, first: Fresh, read: Read<unknown>): Polled {
  const sum = nothingYet();
  add(sum, turn, first, read);
  const comparable = { url, validators: first.validators };
  return taken(turn, { ...sum, read, memory: read.memory, first, comparable });
}

/** What signs in is the feed's own, whatever the standard would send by itself. */
function askingOf(prepared: Prepared, { headers, tls }: Authorised): Asking {
  const { authorization } = headers;
  if (authorization === undefined) return { prepared, headers: prepared.headers, tls };
  return { prepared, headers: { ...prepared.headers, authorization }, tls };
}

/** One request, once the supplier's quota lets it begin. */
function ask(turn: Turn, asking: Asking, url: string, known: Validators | null): Promise<Answer> {
  const { deps, target, signal } = turn;
  const { instance, adapter, asks } = target;
  const { timeoutMs, maxBytes, supplier } = instance.feed;
  const { method, body } = asking.prepared;
  const { format = 'json', timeKeys } = adapter;
  const { tls } = asking;
  const headers = asks.identified ? { ...asking.headers, 'x-request-id': randomUUID() } : asking.headers;
  const question: Question =
    body === null
      ? { url, headers, method, format, tls, timeKeys, timeoutMs, maxBytes, signal, known }
      : { url, headers, method, body, format, tls, timeKeys, timeoutMs, maxBytes, signal, known };
  return deps.quotas.take(supplier) ? deps.http.get(question) : askLater(turn, question);
}

async function askLater({ deps, target, signal }: Turn, question: Question): Promise<Answer> {
  if (await deps.quotas.wait(target.instance.feed.supplier, QUOTA_WAIT_MS, signal)) return deps.http.get(question);
  const fault = signal.aborted ? FAULTS.stopped : OUR_QUOTA;
  // Of this target's scope: the supplier did not ask for anything, so nobody else is held back.
  return { kind: 'fault', head: null, raw: null, fault, bytes: 0, retryAfterMs: null, scope: 'target' };
}

type OnePage = Read<unknown> | Fault;

async function readPages(turn: Turn, asking: Asking, first: Fresh, firstRead: OnePage): Promise<Polled> {
  const seen = new Set<string>([first.url]);
  const sum = nothingYet();
  let answer = first;
  let read = firstRead;
  let asked = 0;
  for (let page = 0; ; page++) {
    if ('state' in read) return failed(turn, read, sum.bytes + answer.bytes, first);
    add(sum, turn, answer, read);
    if (read.next === null) return taken(turn, { ...sum, read, memory: read.memory, first, comparable: null });
    const next = URL.parse(turn.target.asks.further(read.next), answer.url);
    if (next?.origin !== new URL(first.url).origin) return failed(turn, FAULTS.nextElsewhere, sum.bytes, first);
    if (seen.has(next.href) || page + 1 >= MAX_PAGES) return failed(turn, FAULTS.tooManyPages, sum.bytes, first);
    if (asked > turn.target.instance.feed.timeoutMs * PAGES_TIME) return failed(turn, FAULTS.timeout, sum.bytes, first);
    seen.add(next.href);
    const began = performance.now();
    const following = await ask(turn, asking, next.href, null);
    asked += performance.now() - began;
    if (following.kind === 'fault') return failed(turn, following.fault, sum.bytes + following.bytes, following);
    if (following.kind === 'unchanged') return failed(turn, FAULTS.unreadable, sum.bytes, first);
    answer = following;
    read = await readPage(turn, answer, page + 1, read.memory);
  }
}

interface Sum {
  bytes: number;
  refused: number;
  duplicates: number;
  volume: number;
  ahead: boolean;
  readonly rejections: Rejection[];
}

const nothingYet = (): Sum => ({ bytes: 0, refused: 0, duplicates: 0, volume: 0, ahead: false, rejections: [] });

function add(sum: Sum, turn: Turn, { payload, bytes }: Fresh, read: Read<unknown>): void {
  sum.bytes += bytes;
  sum.volume += read.volume;
  sum.duplicates += read.duplicates ?? 0;
  if (read.rejectedCount === 0) return;
  const rejections = read.rejected.filter((rejection) => !isAhead(rejection));
  const count = read.rejectedCount - (read.rejected.length - rejections.length);
  sum.ahead ||= rejections.length < read.rejected.length;
  sum.refused += count;
  if (sum.rejections.length < KEPT) sum.rejections.push(...rejections);
  if (count > 0) setAside(turn, payload, rejections, count);
}

function readPage(turn: Turn, { payload }: Fresh, page: number, memory: unknown): OnePage | Promise<OnePage> {
  const { deps, target, askedAt } = turn;
  const { instance, adapter } = target;
  const read = adapter.read(payload, { instance, askedAt, now: deps.clock.now(), page }, memory);
  return read instanceof Promise ? read.then((came) => pageOf(turn, payload, came)) : pageOf(turn, payload, read);
}

function pageOf(turn: Turn, payload: unknown, read: Read<unknown> | Unreadable): OnePage {
  if (read.ok) return read;
  if (read.state !== 'not-onboarded') setAside(turn, payload, [{ place: '', reason: read.fault }], 1);
  return { state: read.state, fault: read.fault };
}

/** Into quarantine with it; that this fails is no fault of the feed. */
function setAside(turn: Turn, payload: unknown, rejections: readonly Rejection[], count: number): void {
  const { deps, target, askedAt } = turn;
  const { instance, adapter } = target;
  try {
    const { redaction } = adapter;
    deps.quarantine.take({ instance, at: deps.clock.now(), askedAt, payload, redaction, rejections, count });
  } catch (error) {
    deps.logger.error(
      { type: 'feed-quarantine-failed', feed: instance.id, error: nameOf(error) },
      'refused records were not kept',
    );
  }
}

/** An adapter's own error is its feed's fault and nobody else's. */
function unreadable({ deps, target }: Turn, error: unknown): Fault {
  const { instance, adapter } = target;
  const fields = { type: 'feed-adapter-failed', feed: instance.id, adapter: adapter.name, error: nameOf(error) };
  deps.logger.error(fields, 'adapter failed');
  return FAULTS.unreadable;
}

/** The message of an engine's error may quote the payload; its name cannot. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
