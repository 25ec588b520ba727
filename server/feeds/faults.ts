import { errors } from 'undici';
import type { FeedState } from '#shared/model/absence.ts';
import { codeOf } from '../domain/error-code.ts';
import { ADDRESS_BLOCKED } from './address.ts';
import type { Issue } from './issues.ts';

/** What went wrong, as a feed state and in plain words: only our own words, numbers and known codes, never the payload's. */
export interface Fault {
  readonly state: FeedState;
  readonly fault: string;
}

const fault = (state: FeedState, words: string): Fault => ({ state, fault: words });

export const FAULTS = {
  timeout: fault('timeout', 'no answer within the time limit'),
  tooSlow: fault('too-slow', 'the answer began but did not end within the time limit'),
  tooLarge: fault('too-large', 'the answer is larger than this feed may send'),
  tooDeep: fault('too-large', 'the answer is nested deeper than any feed may be'),
  wrongType: fault('wrong-type', 'the answer is not JSON'),
  notCsv: fault('wrong-type', 'the answer is not CSV'),
  charset: fault('wrong-type', 'the answer is in a character set that is not known'),
  html: fault('wrong-type', 'a web page came instead of data'),
  encoding: fault('wrong-type', 'the answer is compressed in a way that was not asked for'),
  damaged: fault('damaged', 'the compressed answer is damaged or cut short'),
  malformed: fault('malformed', 'the answer is cut short or is not valid JSON'),
  empty: fault('malformed', 'the answer is empty'),
  elsewhere: fault('redirected', 'the feed sends us on to another address'),
  loop: fault('redirected', 'the feed sends us round in a circle'),
  blocked: fault('blocked', 'the address of this feed is not one that may be polled'),
  badRequest: fault('blocked', 'the address or a header of this feed cannot be used as it is written'),
  nextElsewhere: fault('blocked', 'the next page is at another address'),
  tooManyPages: fault('too-large', 'the answer has more pages than this feed may send'),
  report: fault('invalid', 'a report of an error came instead of data'),
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
  UND_ERR_BODY_TIMEOUT: FAULTS.tooSlow,
  UND_ERR_HEADERS_OVERFLOW: FAULTS.tooLarge,
  UND_ERR_INVALID_ARG: FAULTS.badRequest,
  UND_ERR_DESTROYED: FAULTS.stopped,
  UND_ERR_CLOSED: FAULTS.stopped,
};

const expired = (words: string): Fault => fault('tls-expired', words);
const mismatch = fault('tls-mismatch', 'the certificate of the feed is for another name than its address');
const byCertificate: Readonly<Record<string, Fault>> = {
  CERT_HAS_EXPIRED: expired('the certificate of the feed, or of who vouches for it, has expired'),
  CERT_NOT_YET_VALID: expired('the certificate of the feed, or of who vouches for it, is not valid yet'),
  ERR_TLS_CERT_ALTNAME_INVALID: mismatch,
  ERR_TLS_CERT_ALTNAME_FORMAT: mismatch,
  HOSTNAME_MISMATCH: mismatch,
  CERT_REVOKED: fault('tls', 'the certificate of the feed has been revoked'),
};
/** Alerts of the other side about our own certificate. */
const OURS =
  /^ERR_SSL_.*ALERT_(?:CERTIFICATE_(?:REQUIRED|EXPIRED|UNKNOWN|REVOKED)|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/;
const UNTRUSTED = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_(?:CA|PURPOSE)|PATH_LENGTH)/;
const HANDSHAKE = /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO)/;

/**
 * What a failed connection or exchange means. Works by error codes; messages may hold addresses and are never read.
 * `secure`: it went over TLS.
 */
export function faultOfError(error: unknown, secure = false): Fault {
  if (error instanceof AggregateError && error.errors.length > 0) return faultOfError(error.errors[0], secure);
  // A server that checks client certificates itself closes the connection right behind the handshake, without a word.
  if (secure && error instanceof errors.SocketError && error.socket?.bytesRead === 0)
    return fault(
      'tls',
      'the feed closed the secure connection at once: it may want our client certificate, or another one',
    );
  const code = codeOf(error);
  const known = byCode[code] ?? byCertificate[code];
  if (known) return known;
  if (OURS.test(code)) return fault('tls', 'the feed wants our client certificate, or did not accept it');
  if (UNTRUSTED.test(code)) return fault('tls', 'nobody we trust vouches for the certificate of the feed');
  if (HANDSHAKE.test(code)) return fault('tls', 'the secure connection could not be made');
  // Its code is not always set, so its class tells it.
  if (error instanceof errors.HTTPParserError) return fault('malformed', 'the answer is not HTTP');
  return fault('reset', 'the connection failed');
}

/** Statuses that mean one thing whatever the body's code says. */
const BY_STATUS_ALONE: ReadonlySet<number> = new Set([401, 403, 429]);
/** Those that mean one thing whatever general kind of trouble the body names. */
const BY_STATUS_FIRST: ReadonlySet<number> = new Set([404, 408, 410, 503, 504]);

/**
 * What a status means, with the code that the body had: the code says more, wherever it is known. `waitMs`: how long
 * the supplier asks to be left alone; null where it names no time.
 */
export function faultOfStatus(status: number, issue: Issue | null, waitMs: number | null = null): Fault {
  const said = issue === null ? `the feed answered ${status}` : `the feed answered ${status} (${issue.code})`;
  if (status === 429 || (issue?.state === 'throttled' && !BY_STATUS_ALONE.has(status)))
    return fault('throttled', `${said}: the supplier asks us to poll less often${waitWords(waitMs)}`);
  const goesFirst = issue?.general === true && BY_STATUS_FIRST.has(status);
  if (issue && !goesFirst && !BY_STATUS_ALONE.has(status)) return fault(issue.state, `${said}: ${issue.words}`);
  const [state, words] = meaningOf(status);
  return fault(state, words === '' ? said : `${said}: ${words}`);
}

function meaningOf(status: number): readonly [FeedState, string] {
  if (status === 400 || status === 406 || status === 415 || status === 422)
    return ['unexpected-status', 'it did not take our question'];
  if (status === 401) return ['unauthorised', 'our sign-in was not accepted'];
  if (status === 403) return ['forbidden', 'we may not read this feed'];
  if (status === 404 || status === 410) return ['not-found', 'there is nothing at this address'];
  if (status === 408 || status === 504) return ['receiver-timeout', 'the service behind it did not answer in time'];
  if (status === 503) return ['unavailable', 'the service is not available'];
  if (status >= 500) return ['server-error', ''];
  if (status >= 300 && status < 400 && status !== 304) return ['redirected', ''];
  return ['unexpected-status', ''];
}

function waitWords(waitMs: number | null): string {
  if (waitMs === null) return ' and names no time to wait';
  const seconds = Math.ceil(waitMs / 1000);
  return seconds === 1 ? ' and to wait 1 second' : ` and to wait ${seconds} seconds`;
}
