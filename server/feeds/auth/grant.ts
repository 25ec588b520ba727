import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Fault } from '../faults.ts';

/** How an access token is asked for; secrets filled in. */
export type Grant =
  | {
      readonly kind: 'signed-jwt';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly keyId: string;
      /** PEM. */
      readonly key: string;
      readonly algorithm: string;
    }
  | {
      readonly kind: 'client-secret';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
    };

/** The part of a grant whose change makes another try worth while. */
export const secretOf = (grant: Grant): string => (grant.kind === 'signed-jwt' ? grant.key : grant.clientSecret);

/** A token request as it goes out. */
export interface TokenForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Servers refuse an assertion that lasts more than 5 minutes by their clock; ours may be up to a minute ahead. */
const ASSERTION_SECONDS = 240;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const HEADERS = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' } as const;

/** What is sent to the token address. `now`: real epoch milliseconds. A key that cannot sign is a fault in plain words. */
export async function tokenForm(grant: Grant, now: number): Promise<TokenForm | Fault> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (grant.kind === 'client-secret') {
    if (grant.scope !== null) form.set('scope', grant.scope);
    // RFC 6749, 2.3.1: both are form-encoded before they are joined.
    const pair = `${formEncoded(grant.clientId)}:${formEncoded(grant.clientSecret)}`;
    const authorization = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    return { headers: { ...HEADERS, authorization }, body: form.toString() };
  }
  const assertion = await signed(grant, now);
  if (assertion === null)
    return { state: 'unauthorised', fault: 'no access token: the private key of this feed cannot be used to sign' };
  form.set('client_assertion_type', ASSERTION_TYPE);
  form.set('client_assertion', assertion);
  return { headers: HEADERS, body: form.toString() };
}

async function signed(grant: Extract<Grant, { kind: 'signed-jwt' }>, now: number): Promise<string | null> {
  const seconds = Math.floor(now / 1000);
  try {
    // By way of the engine's own reader: keys come as PKCS #8, PKCS #1 or SEC 1.
    const key: KeyObject = createPrivateKey(grant.key);
    return await new SignJWT({
      iss: grant.clientId,
      sub: grant.clientId,
      aud: grant.tokenUrl,
      jti: randomUUID(),
      iat: seconds,
      exp: seconds + ASSERTION_SECONDS,
    })
      .setProtectedHeader({ alg: grant.algorithm, typ: 'JWT', kid: grant.keyId })
      .sign(key);
  } catch {
    // Its message may quote the key.
    return null;
  }
}

const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
