import { errors } from 'undici';
import type { FeedState } from '#shared/model/absence.ts';
import { ADDRESS_BLOCKED } from './address.ts';

/** What went wrong, as a feed state and in plain words: only our own words, numbers and known codes, never the payload's. */
export interface Fault {
  readonly state: FeedState;
  readonly fault: string;
}

const fault = (state: FeedState, words: string): Fault => ({ state, fault: words });

export const FAULTS = {
  timeout: fault('timeout', 'no full answer within the time limit'),
  tooLarge: fault('too-large', 'the answer is larger than this feed may send'),
  wrongType: fault('wrong-type', 'the answer is not JSON'),
  html: fault('wrong-type', 'a web page came instead of data'),
  encoding: fault('wrong-type', 'the answer is compressed in a way that was not asked for'),
  damaged: fault('malformed', 'the compressed answer is damaged or cut short'),
  malformed: fault('malformed', 'the answer is cut short or is not valid JSON'),
  empty: fault('malformed', 'the answer is empty'),
  elsewhere: fault('redirected', 'the feed sends us on to another address'),
  loop: fault('redirected', 'the feed sends us round in a circle'),
  blocked: fault('blocked', 'the address of this feed is not one that may be polled'),
  badRequest: fault('blocked', 'the address or a header of this feed cannot be used as it is written'),
  nextElsewhere: fault('blocked', 'the next page is at another address'),
  tooManyPages: fault('too-large', 'the answer has more pages than this feed may send'),
  unreadable: fault('invalid', 'the answer could not be read'),
  stopped: fault('poller-stopped', 'polling was stopped'),
} as const;

const byCode: Readonly<Record<string, Fault>> = {
  [ADDRESS_BLOCKED]: FAULTS.blocked,
  ECONNREFUSED: fault('refused', 'the connection was refused'),
  EHOSTUNREACH: fault('refused', 'there is no route to the feed'),
  ENETUNREACH: fault('refused', 'there is no route to the feed'),
  EADDRNOTAVAIL: fault('refused', 'there is no route to the feed'),
  ECONNRESET: fault('reset', 'the connection was cut'),
  EPIPE: fault('reset', 'the connection was cut'),
  UND_ERR_SOCKET: fault('reset', 'the connection was cut'),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: fault('reset', 'the connection was cut'),
  ENOTFOUND: fault('dns', 'the name of the feed is not known'),
  EAI_AGAIN: fault('dns', 'the name of the feed could not be looked up'),
  ENODATA: fault('dns', 'the name of the feed has no address'),
  ETIMEDOUT: FAULTS.timeout,
  UND_ERR_CONNECT_TIMEOUT: FAULTS.timeout,
  UND_ERR_HEADERS_TIMEOUT: FAULTS.timeout,
  UND_ERR_BODY_TIMEOUT: FAULTS.timeout,
  UND_ERR_HEADERS_OVERFLOW: FAULTS.tooLarge,
  UND_ERR_INVALID_ARG: FAULTS.badRequest,
  UND_ERR_DESTROYED: FAULTS.stopped,
  UND_ERR_CLOSED: FAULTS.stopped,
};

const TLS = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/;

/** What a failed connection or exchange means. Works by error codes; messages may hold addresses and are never read. */
export function faultOfError(error: unknown): Fault {
  if (error instanceof AggregateError && error.errors.length > 0) return faultOfError(error.errors[0]);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = byCode[code];
  if (known) return known;
  if (TLS.test(code)) return fault('tls', 'the secure connection could not be made: its certificate was not accepted');
  // Its code is not always set, so its class tells it.
  if (error instanceof errors.HTTPParserError) return fault('malformed', 'the answer is not HTTP');
  return fault('reset', 'the connection failed');
}

const KNOWN_ISSUE = /^(?:SEND|REC|PROXY)_[A-Z_]{2,40}$|^NOT_FOUND$/;

/** The code of a BaRS OperationOutcome (`REC_TIMEOUT`, `PROXY_NOT_FOUND` …), or null. Free text in it is not looked at. */
export function issueCode(payload: unknown): string | null {
  if (!isRecord(payload) || payload['resourceType'] !== 'OperationOutcome' || !Array.isArray(payload['issue']))
    return null;
  for (const issue of payload['issue'].slice(0, 10)) {
    const details: unknown = isRecord(issue) ? issue['details'] : null;
    const coding: unknown = isRecord(details) ? details['coding'] : null;
    for (const one of Array.isArray(coding) ? coding.slice(0, 10) : []) {
      const code: unknown = isRecord(one) ? one['code'] : null;
      if (typeof code === 'string' && KNOWN_ISSUE.test(code)) return code;
    }
  }
  return null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an HTTP status other than 200 means, with the BaRS issue code where the body had one. */
export function faultOfStatus(status: number, issue: string | null): Fault {
  const said = issue === null ? `the feed answered ${status}` : `the feed answered ${status} (${issue})`;
  if (status === 401) return fault('unauthorised', `${said}: our sign-in was not accepted`);
  if (status === 403) return fault('forbidden', `${said}: we may not read this feed`);
  if (status === 404 && issue === 'PROXY_NOT_FOUND')
    return fault('not-onboarded', `${said}: this service has not joined the feed yet`);
  if (status === 404 || status === 410) return fault('not-found', `${said}: there is nothing at this address`);
  if (status === 408 || status === 504)
    return fault('timeout', `${said}: the service behind it did not answer in time`);
  if (status === 429) return fault('throttled', `${said}: the supplier asks us to poll less often`);
  if (status === 503) return fault('unavailable', `${said}: the service is not available`);
  if (status >= 500) return fault('server-error', said);
  if (status >= 300 && status < 400 && status !== 304) return fault('redirected', said);
  return fault('unexpected-status', said);
}
