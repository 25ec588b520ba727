import Type from 'typebox';
import { Value } from 'typebox/value';
import { faultOfStatus, type Fault } from '../faults.ts';
import type { Answer } from '../http.ts';

/** Where the answer does not say how long its token lasts. */
const LIFE_SECONDS = 300;
const LONGEST_LIFE_SECONDS = 86_400;

/** RFC 6749, 5.1: a token's type is the same in any case. NHS England's platform writes its seconds as text. */
const TokenAnswer = Type.Object({
  access_token: Type.String({ pattern: '^[\\x21-\\x7e]{1,16384}$' }),
  token_type: Type.Optional(Type.String({ pattern: '^[Bb][Ee][Aa][Rr][Ee][Rr](?:[Tt]oken)?$' })),
  expires_in: Type.Optional(Type.Union([Type.Number({ minimum: 1 }), Type.String({ pattern: '^[1-9]\\d{0,8}$' })])),
});

/** RFC 6749, 5.2, and RFC 7523: the only words of a refusal that are repeated. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'public_key error',
]);

/** What a token address answered: a token with its life, or the fault in words that tell it from one of the feed itself. */
export function tokenIn(answer: Answer): { readonly text: string; readonly lifeMs: number } | Fault {
  if (answer.kind === 'fault') return refusal(answer);
  const payload = answer.kind === 'fresh' ? answer.payload : null;
  if (!Value.Check(TokenAnswer, payload))
    return { state: 'unauthorised', fault: 'no access token: the sign-in service answered with something else' };
  const seconds = Number(payload.expires_in ?? LIFE_SECONDS);
  return { text: payload.access_token, lifeMs: Math.min(seconds, LONGEST_LIFE_SECONDS) * 1000 };
}

function refusal({ fault, head, raw }: Extract<Answer, { kind: 'fault' }>): Fault {
  const status = head?.status ?? 0;
  if (status === 400 || status === 401 || status === 403) {
    const code = errorIn(raw);
    const said = code === null ? `${status}` : `${status} (${code})`;
    return { state: 'unauthorised', fault: `no access token: the sign-in service answered ${said}` };
  }
  const words = status >= 300 ? faultOfStatus(status, null).fault : fault.fault;
  // Stopping is nobody's fault and keeps its words.
  if (fault.state === 'poller-stopped') return fault;
  return {
    state: fault.state,
    fault: `no access token: ${words.replace(/\b(?:the|this) feed\b/, 'the sign-in service')}`,
  };
}

function errorIn(raw: Buffer | null): string | null {
  try {
    const payload: unknown = JSON.parse(raw?.toString('utf8') ?? '');
    const error: unknown = typeof payload === 'object' && payload !== null && 'error' in payload ? payload.error : null;
    return typeof error === 'string' && REFUSALS.has(error) ? error : null;
  } catch {
    return null;
  }
}
