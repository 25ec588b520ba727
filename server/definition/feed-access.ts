import type { FeedEntry } from './feed-entry.ts';
import type { Wrong } from './feed-wrong.ts';
import { badReferences, isSecretInClear, secretInAddress, secretInBody } from './secrets.ts';
import type { SiteRow } from './sites-file.ts';

/** The address must be http(s) once its variables are filled in, and hold no secret. */
export function checkAddress(entry: FeedEntry, wrong: Wrong): void {
  for (const fault of addressFaults('url', entry.url)) wrong('url', fault);
}

/** What is wrong with an address, named by its setting. */
export function addressFaults(name: string, url: string): string[] {
  const faults = badReferences(url).map((bad) => `${name}: "${bad}" is not like \${NAME}`);
  const secret = secretInAddress(url);
  if (secret) faults.push(`${name} holds ${secret} in clear; write \${NAME} and set it in the environment`);
  const sample = url.replace(/^\$\{[^}]*\}/, 'http://sample.invalid').replace(/\$?\{[^}]*\}/g, 'sample');
  const parsed = URL.parse(sample);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    faults.push(`${name} is not an http or https address`);
  }
  return faults;
}

export function checkHeaders(entry: FeedEntry, wrong: Wrong): void {
  for (const [name, value] of Object.entries(entry.headers ?? {})) {
    if (!/^[A-Za-z0-9-]+$/.test(name)) wrong('headers', `headers: "${name}" is not a header's name`);
    if (/[\r\n]/.test(value)) wrong('headers', `headers: ${name} runs over more than one line`);
    for (const bad of badReferences(value)) wrong('headers', `headers: ${name}: "${bad}" is not like \${NAME}`);
    if (isSecretInClear(name, value)) {
      wrong('headers', `headers: ${name} holds a secret in clear; write \${NAME} and set it in the environment`);
    }
  }
}

/** Standards whose requests are ours to word, so that a body has its place. */
const POSTED: ReadonlySet<string> = new Set<FeedEntry['adapter']>([
  'telephony-queues',
  'iuc-queues',
  'online-consultations',
  'declared-states',
  'mapped-json',
  'mapped-csv',
]);

/** POST with a JSON body, for the suppliers that ask for their questions so. */
export function checkRequest(entry: FeedEntry, wrong: Wrong): void {
  const { method = 'GET', body, adapter } = entry;
  if (method === 'POST' && !POSTED.has(adapter)) wrong('method', `method: ${adapter} is asked by GET`);
  if (method === 'POST' && body === undefined) wrong('method', 'method: POST needs a body ({} where it says nothing)');
  if (body === undefined) return;
  if (method !== 'POST') wrong('body', 'body: only POST sends one');
  for (const bad of badReferences(body)) wrong('body', `body: "${bad}" is not like \${NAME}`);
  const secret = secretInBody(body);
  if (secret === 'unreadable') wrong('body', 'body is no JSON');
  else if (secret) wrong('body', `body holds "${secret.key}" in clear; write \${NAME} and set it in the environment`);
}

const TEMPLATE = /(?<!\$)\{([^}]*)\}/g;
/** Braces are JSON's own there: only what could be nothing else is a template. */
const BODY_TEMPLATE = /(?<!\$)\{([a-z-]+)\}/g;

/** Every `{name}` in the address, body and headers must be known for every site that is served. */
export function checkTemplates(entry: FeedEntry, served: readonly SiteRow[], wrong: Wrong): void {
  const texts: [keyof FeedEntry, string][] = [
    ['url', entry.url],
    ['body', entry.body ?? ''],
    ...Object.values(entry.headers ?? {}).map((value): [keyof FeedEntry, string] => ['headers', value]),
  ];
  for (const [key, text] of texts) {
    for (const [, name = ''] of text.matchAll(key === 'body' ? BODY_TEMPLATE : TEMPLATE)) {
      if (name === 'ods' || name === 'id') continue;
      const without = served.filter((site) => site.identifiers[name] === undefined);
      const first = without[0];
      if (first) {
        const more = without.length > 1 ? ` and ${without.length - 1} more` : '';
        wrong(key, `${key}: site "${first.id}"${more} has no identifier "${name}" for {${name}}`);
      }
    }
  }
}
