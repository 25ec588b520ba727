import { randomUUID } from 'node:crypto';
import { fillTemplate, type FeedInstance } from '../domain/feed-instances.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { AdapterName } from '#shared/model/definition.ts';
import type { Adapter } from './adapters/adapter.ts';
import type { Fault } from './faults.ts';
import { createFiller, type Filler, type Secrets } from './secrets.ts';

/** What a poll asks, secrets filled in; sign-in comes on top. */
export interface Prepared {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'POST';
  readonly body: string | null;
}

/** The questions of one instance. Works out once what is the same at every poll. */
export interface Asks {
  /** Every request carries an id of its own (`X-Request-Id`); the requests of one poll share `X-Correlation-Id`. */
  readonly identified: boolean;
  prepare(now: EpochMs, memory: unknown): Prepared | Fault;
  /** A further address with the secrets that the feed's own address names filled in, and no others: it may be a supplier's. */
  further(address: string): string;
}

export interface AsksDeps {
  readonly secret: Secrets;
  readonly requester: string;
}

/** Standards that have every request carry ids of its own, which come back in the answer. */
const IDENTIFIED: ReadonlySet<AdapterName> = new Set(['bars-slots', 'gp-connect-slots', 'fhir-appointments']);

export function createAsks({ secret, requester }: AsksDeps, instance: FeedInstance, adapter: Adapter<unknown>): Asks {
  const { feed, sites } = instance;
  const [site] = sites;
  const own = Object.entries(feed.headers).map(
    ([name, text]) => [name.toLowerCase(), createFiller(site ? fillTemplate(text, site) : text)] as const,
  );
  const identified = IDENTIFIED.has(adapter.name);
  const body = feed.body === undefined ? null : site ? fillTemplate(feed.body, site) : feed.body;
  const fillUrl = createCached();
  const named: ReadonlySet<string> = new Set(feed.url.match(/\$\{[A-Z][A-Z0-9_]*\}/g));
  const fillBody = createCached();

  return {
    identified,
    further: (address) =>
      named.size === 0
        ? address
        : address.replace(/\$\{([A-Z][A-Z0-9_]*)\}/g, (whole, name: string) =>
            named.has(whole) ? (secret(name) ?? whole) : whole,
          ),
    prepare(now, memory) {
      const asked = adapter.request({ instance, now, requester }, memory);
      const url = fillUrl(asked.url)(secret);
      if (!url.ok) return { state: 'blocked', fault: `${url.missing}, named in the address of this feed, is not set` };
      const headers: Record<string, string> = { ...asked.headers };
      for (const [name, template] of Object.entries(asked.headers)) {
        if (!template.includes('${')) continue;
        const filled = createFiller(template)(secret);
        if (!filled.ok) return unset(filled.missing);
        headers[name] = filled.text;
      }
      for (const [name, fill] of own) {
        const filled = fill(secret);
        if (!filled.ok) return unset(filled.missing);
        headers[name] = filled.text;
      }
      if (identified) headers['x-correlation-id'] ??= randomUUID();
      const method = asked.method ?? feed.method ?? 'GET';
      const text = method === 'POST' ? (asked.body ?? body) : null;
      if (text === null) return { url: url.text, headers, method, body: null };
      const sent = fillBody(text)(secret);
      if (!sent.ok)
        return { state: 'blocked', fault: `${sent.missing}, named in the question of this feed, is not set` };
      return { url: url.text, headers, method, body: sent.text };
    },
  };
}

const unset = (missing: string): Fault => ({
  state: 'unauthorised',
  fault: `${missing}, named in the sign-in of this feed, is not set`,
});

/** The filler of the same template as last time, which it mostly is. */
function createCached(): (template: string) => Filler {
  let last = '';
  let filler = createFiller(last);
  return (template) => {
    if (template !== last) filler = createFiller((last = template));
    return filler;
  };
}
