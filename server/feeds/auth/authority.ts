import type { AuthPart, FeedDef } from '#shared/model/definition.ts';
import type { Fault } from '../faults.ts';
import type { Http, TlsIdentity } from '../http.ts';
import type { Logger } from '../logger.ts';
import { createFiller, type Filler, type Secrets } from '../secrets.ts';
import { createCertificate, type Certificate } from './certificate.ts';
import type { Grant } from './grant.ts';
import { createTokens, type Token } from './tokens.ts';

/** What a poll signs in with. The same object again for as long as it is the same. */
export interface Authorised {
  /** Lower-case names; `authorization` or nothing. */
  readonly headers: Readonly<Record<string, string>>;
  /** Client certificate (`Question.tls`). */
  readonly tls: TlsIdentity | null;
}

/** Signs polls in: everything of a feed's `auth`. Tokens are shared by all feeds of the same client. */
export interface Authority {
  /** No promise where nothing has to be fetched, so that most polls do not pay for one. Never rejects, never throws. */
  authorise(feed: FeedDef, signal: AbortSignal): Authorised | Fault | Promise<Authorised | Fault>;
  /** The feed answered 401 to `used`. True where authorising anew may help (its token is dropped): ask again, once. */
  refused(feed: FeedDef, used: Authorised): boolean;
}

export interface AuthorityDeps {
  readonly http: Pick<Http, 'get' | 'retire'>;
  readonly secret: Secrets;
  readonly logger: Logger;
  /** Real epoch milliseconds, for what is signed: a supplier never lives in the demonstration's time. */
  readonly now?: () => number;
  /** Real monotonic milliseconds, for how long a token lasts. */
  readonly monotonic?: () => number;
}

/** How one feed signs in, and what it did so with last. */
interface SignIn {
  readonly parts: readonly AuthPart[];
  readonly fillers: readonly Filler[];
  readonly certificate: Certificate;
  last: { readonly texts: readonly string[]; readonly token: Token | null; readonly authorised: Authorised } | null;
}

const NOTHING: Authorised = { headers: {}, tls: null };

export function createAuthority(deps: AuthorityDeps): Authority {
  const { http, secret, now = () => Date.now(), monotonic = () => performance.now() } = deps;
  const tokens = createTokens({ http, now, monotonic });
  const signIns = new WeakMap<FeedDef, SignIn>();

  const signInOf = (feed: FeedDef): SignIn => {
    const known = signIns.get(feed);
    if (known) return known;
    const begun: SignIn = {
      parts: feed.auth,
      fillers: feed.auth.flatMap(textsOf).map(createFiller),
      certificate: createCertificate({ feed: feed.id, retire: http.retire, logger: deps.logger }),
      last: null,
    };
    signIns.set(feed, begun);
    return begun;
  };

  const anew = (signIn: SignIn, texts: readonly string[], signal: AbortSignal) => {
    const { parts, certificate } = signIn;
    let headers: Record<string, string> = {};
    let tls: TlsIdentity | null = null;
    let grant: Grant | null = null;
    let at = 0;
    for (const part of parts) {
      const own = texts.slice(at, (at += textsOf(part).length));
      const [first = '', second = '', third = ''] = own;
      if (part.type === 'bearer') headers = bearer(first);
      else if (part.type === 'basic') headers = basic(first, second);
      else if (part.type === 'mtls') {
        const identity = certificate(first, second, third === '' ? null : third);
        if ('state' in identity) return identity;
        tls = identity;
      } else grant = grantOf(part, own);
    }
    const done = (token: Token | null): Authorised => {
      const { last } = signIn;
      if (last && last.token === token && last.authorised.tls === tls && sameTexts(last.texts, texts))
        return last.authorised;
      const authorised = { headers: token ? bearer(token.text) : headers, tls };
      signIn.last = { texts, token, authorised };
      return authorised;
    };
    if (!grant) return done(null);
    const token = tokens.get(grant, tls, signal);
    if (token instanceof Promise) return token.then((came) => ('state' in came ? came : done(came)));
    return 'state' in token ? token : done(token);
  };

  return {
    authorise(feed, signal) {
      if (feed.auth.length === 0) return NOTHING;
      const signIn = signInOf(feed);
      const texts: string[] = [];
      for (const fill of signIn.fillers) {
        const filled = fill(secret);
        if (!filled.ok) return unset(filled.missing);
        texts.push(filled.text);
      }
      const { last } = signIn;
      if (last && sameTexts(last.texts, texts) && (last.token === null || tokens.usable(last.token)))
        return last.authorised;
      return anew(signIn, texts, signal);
    },
    refused(feed, used) {
      const token = signIns.get(feed)?.last?.token;
      return token ? tokens.refused(token, used.headers['authorization'] === `Bearer ${token.text}`) : false;
    },
  };
}

const unset = (name: string): Fault => ({
  state: 'unauthorised',
  fault: `${name}, named in the sign-in of this feed, is not set`,
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`,
});

/** Texts of a part that come from the environment or a file, in the order in which `anew` takes them. */
function textsOf(part: AuthPart): string[] {
  if (part.type === 'bearer') return [part.token];
  if (part.type === 'basic') return [part.user, part.password];
  if (part.type === 'mtls')
    return part.ca === undefined ? [part.certificate, part.key] : [part.certificate, part.key, part.ca];
  if (part.type === 'oauth-client') return [part.clientId, part.clientSecret];
  return [part.clientId, part.keyId, part.key];
}

function grantOf(part: Extract<AuthPart, { tokenUrl: string }>, texts: readonly string[]): Grant {
  const [clientId = '', second = '', key = ''] = texts;
  const { tokenUrl } = part;
  return part.type === 'oauth-client'
    ? { kind: 'client-secret', tokenUrl, clientId, clientSecret: second, scope: part.scope ?? null }
    : { kind: 'signed-jwt', tokenUrl, clientId, keyId: second, key, algorithm: part.algorithm ?? 'RS512' };
}

/** Texts of secrets mostly are the very same strings, so this looks at no more than their addresses. */
function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
