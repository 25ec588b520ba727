import type { FeedEntry } from './feed-entry.ts';
import { badReferences, isReference, isSecretInClear, secretInAddress } from './secrets.ts';
import type { SiteRow } from './sites-file.ts';

type Wrong = (key: keyof FeedEntry, message: string) => void;

/** The address must be http(s) once its variables are filled in, and hold no secret. */
export function checkAddress(entry: FeedEntry, wrong: Wrong): void {
  for (const bad of badReferences(entry.url)) wrong('url', `url: "${bad}" is not like \${NAME}`);
  const secret = secretInAddress(entry.url);
  if (secret) wrong('url', `url holds ${secret} in clear; write \${NAME} and set it in the environment`);
  const sample = entry.url.replace(/^\$\{[^}]*\}/, 'http://sample.invalid').replace(/\$?\{[^}]*\}/g, 'sample');
  const parsed = URL.parse(sample);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    wrong('url', 'url is not an http or https address');
  }
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

export function checkAuth(entry: FeedEntry, wrong: Wrong): void {
  for (const part of entry.auth ?? []) {
    const secrets = part.type === 'bearer' ? { token: part.token } : { user: part.user, password: part.password };
    for (const [key, value] of Object.entries(secrets)) {
      if (!isReference(value)) {
        wrong('auth', `auth: ${part.type} ${key} must be \${NAME} (set in the environment), never the secret itself`);
      }
    }
  }
}

/** Every `{name}` in the address and headers must be known for every site that is served. */
export function checkTemplates(entry: FeedEntry, served: readonly SiteRow[], wrong: Wrong): void {
  const texts: [keyof FeedEntry, string][] = [
    ['url', entry.url],
    ...Object.values(entry.headers ?? {}).map((value): [keyof FeedEntry, string] => ['headers', value]),
  ];
  for (const [key, text] of texts) {
    for (const [, name = ''] of text.matchAll(/(?<!\$)\{([^}]*)\}/g)) {
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
