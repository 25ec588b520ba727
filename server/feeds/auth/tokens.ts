import type { Fault } from '../faults.ts';
import type { Answer, Http, TlsIdentity } from '../http.ts';
import { alsoTrusting } from './certificate.ts';
import { secretOf, tokenForm, type Grant } from './grant.ts';
import { tokenIn } from './token-answer.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
/** A token is no longer used this long before its end, or for the last fifth of a short life. */
const SPARE_MS = 30_000;
/** A token that was fetched because the one before was refused is not replaced again before this. */
const SETTLE_MS = 60_000;
const WAIT_FIRST_MS = 2000;
const WAIT_LONGEST_MS = 60_000;
/** A sign-in service that asks for more than this is asked again after this. */
const ASKED_LONGEST_MS = 15 * 60_000;

export interface Token {
  readonly text: string;
  /** Monotonic. */
  readonly from: number;
  readonly until: number;
  /** Fetched because the one before it was refused. */
  readonly again: boolean;
  dropped: boolean;
}

export interface Tokens {
  /** The token of a grant: at once where one is at hand, else once it has come. One request, however many ask. */
  get(grant: Grant, tls: TlsIdentity | null, signal: AbortSignal): Token | Fault | Promise<Token | Fault>;
  usable(token: Token): boolean;
  /** `token` was answered with 401; `latest`: it was this one that was sent. True where asking again may help. */
  refused(token: Token, latest: boolean): boolean;
}

/** What is known of one grant. */
interface Account {
  token: Token | null;
  asking: Promise<Token | Fault> | null;
  /** The last failure: not asked again before then, unless the secrets have changed since. */
  failed: { readonly fault: Fault; readonly until: number; readonly times: number; readonly secret: string } | null;
}

export interface TokensDeps {
  readonly http: Pick<Http, 'get'>;
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** Access tokens by who asks whom with which key. Kept in memory only. */
export function createTokens({ http, now, monotonic }: TokensDeps): Tokens {
  const accounts = new Map<string, Account>();
  const usable = (token: Token): boolean => !token.dropped && monotonic() < token.until;

  const accountOf = (grant: Grant): Account => {
    const by = grant.kind === 'signed-jwt' ? grant.keyId : grant.scope;
    const key = JSON.stringify([grant.kind, grant.tokenUrl, grant.clientId, by]);
    const account = accounts.get(key) ?? { token: null, asking: null, failed: null };
    accounts.set(key, account);
    return account;
  };

  const fetchToken = async (account: Account, grant: Grant, tls: TlsIdentity | null, signal: AbortSignal) => {
    const answer = await ask(grant, tls, signal);
    const came = 'state' in answer ? answer : tokenIn(answer);
    account.asking = null;
    if ('text' in came) return (account.token = begin(account, came));
    if (came.state === 'poller-stopped') return came;
    const times = (account.failed?.times ?? 0) + 1;
    const asked = 'retryAfterMs' in answer ? answer.retryAfterMs : null;
    const backOff = Math.min(WAIT_LONGEST_MS, WAIT_FIRST_MS * 2 ** Math.min(times - 1, 8));
    // No time at all to wait is no leave to ask at every poll.
    const wait = asked === null ? backOff : Math.min(ASKED_LONGEST_MS, Math.max(asked, WAIT_FIRST_MS));
    account.failed = { fault: came, until: monotonic() + wait, times, secret: secretOf(grant) };
    return came;
  };

  const begin = (account: Account, { text, lifeMs }: { text: string; lifeMs: number }): Token => {
    account.failed = null;
    const from = monotonic();
    const until = from + lifeMs - Math.min(SPARE_MS, lifeMs / 5);
    return { text, from, until, again: account.token?.dropped ?? false, dropped: false };
  };

  const ask = async (grant: Grant, tls: TlsIdentity | null, signal: AbortSignal): Promise<Answer | Fault> => {
    const form = await tokenForm(grant, now());
    if ('state' in form) return form;
    return http.get({
      url: grant.tokenUrl,
      method: 'POST',
      headers: form.headers,
      body: form.body,
      tls: tls && alsoTrusting(tls),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      signal,
      known: null,
    });
  };

  const get: Tokens['get'] = (grant, tls, signal) => {
    const account = accountOf(grant);
    if (account.token && usable(account.token)) return account.token;
    const { failed } = account;
    if (failed && monotonic() < failed.until && failed.secret === secretOf(grant)) return failed.fault;
    account.asking ??= fetchToken(account, grant, tls, signal);
    return account.asking.then((came) =>
      // It was ended with somebody else's poll; this one goes on.
      'state' in came && came.state === 'poller-stopped' && !signal.aborted ? get(grant, tls, signal) : came,
    );
  };

  return {
    get,
    usable,
    refused(token, latest) {
      if (!latest) return true;
      if (token.dropped) return true;
      if (token.again && monotonic() - token.from < SETTLE_MS) return false;
      token.dropped = true;
      return true;
    },
  };
}
