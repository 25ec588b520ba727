import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Definition } from '#shared/model/definition.ts';
import { supplierIn } from '../directory.ts';

export type Secrets = Readonly<Record<string, string | undefined>>;

/** Which suppliers want to know who asks, and what they take for an answer. */
export interface Credentials {
  /** Null where the request may pass; else the challenge for `WWW-Authenticate`. */
  challenge(supplier: string, headers: IncomingHttpHeaders): string | null;
}

/**
 * Bearer tokens and passwords that the definition's feeds send, with the same secrets as the server has. A supplier
 * whose secret is not set lets nobody in.
 */
export function createCredentials(definition: Pick<Definition, 'feeds'>, secrets: Secrets): Credentials {
  const wanted = new Map<string, { readonly expected: string | null; readonly challenge: string }>();
  const fill = (text: string) => {
    const missing = [...text.matchAll(/\$\{(\w+)\}/g)].some(([, name = '']) => !secrets[name]);
    return missing ? null : text.replace(/\$\{(\w+)\}/g, (_, name: string) => secrets[name] ?? '');
  };
  for (const feed of definition.feeds) {
    for (const part of feed.auth) {
      if (part.type === 'bearer') {
        const token = fill(part.token);
        wanted.set(supplierIn(feed), { expected: token && `Bearer ${token}`, challenge: 'Bearer realm="feeds"' });
      }
      if (part.type === 'basic') {
        const [user, password] = [fill(part.user), fill(part.password)];
        const pair = user !== null && password !== null ? Buffer.from(`${user}:${password}`).toString('base64') : null;
        wanted.set(supplierIn(feed), { expected: pair && `Basic ${pair}`, challenge: 'Basic realm="feeds"' });
      }
    }
  }
  return {
    challenge: (supplier, { authorization }) => {
      const rule = wanted.get(supplier);
      if (!rule) return null;
      const { expected, challenge } = rule;
      return expected !== null && authorization !== undefined && same(authorization, expected) ? null : challenge;
    },
  };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
