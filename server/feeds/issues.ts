import type { FeedState } from '#shared/model/absence.ts';

/** What a code of an OperationOutcome means: only codes of these tables are ever repeated. */
export interface Issue {
  readonly code: string;
  readonly state: FeedState;
  readonly words: string;
  /** Whose trouble it is: one target's behind a proxy, or the supplier's as a whole. */
  readonly scope: 'supplier' | 'target';
  /** A kind of trouble only, of the few that FHIR has: a status of one meaning says more. */
  readonly general?: true;
}

type Meaning = readonly [state: FeedState, words: string];

const QUESTION: Meaning = ['unexpected-status', 'it did not take our question'];
const SIGN_IN: Meaning = ['unauthorised', 'our sign-in was not accepted'];
const FORBIDDEN: Meaning = ['forbidden', 'we may not read this feed'];
const NOTHING: Meaning = ['not-found', 'there is nothing at this address'];
const FAULT: Meaning = ['server-error', 'a fault at the supplier'];
const UNAVAILABLE: Meaning = ['unavailable', 'the service is not available'];
const LATE: Meaning = ['receiver-timeout', 'the service behind it did not answer in time'];
const TOO_OFTEN: Meaning = ['throttled', 'the supplier asks us to poll less often'];

/** BaRS 1.4, behind `SEND_` (us), `REC_` (the service asked for) or `PROXY_` (the platform between); also without. */
const BARS: Readonly<Record<string, Meaning>> = {
  BAD_REQUEST: QUESTION,
  UNAUTHORIZED: SIGN_IN,
  FORBIDDEN,
  NOT_FOUND: NOTHING,
  METHOD_NOT_ALLOWED: QUESTION,
  NOT_ACCEPTABLE: QUESTION,
  TIMEOUT: LATE,
  CONFLICT: QUESTION,
  UNPROCESSABLE_ENTITY: QUESTION,
  TOO_MANY_REQUESTS: TOO_OFTEN,
  SERVER_ERROR: FAULT,
  INTERNAL_SERVER_ERROR: FAULT,
  NOT_IMPLEMENTED: ['server-error', 'the service does not offer this'],
  UNAVAILABLE,
  SERVICE_UNAVAILABLE: UNAVAILABLE,
};

/** GP Connect and the Spine (`Spine-ErrorOrWarningCode-1`). */
const SPINE: Readonly<Record<string, Meaning>> = {
  ORGANISATION_NOT_FOUND: ['not-found', 'the organisation that was asked for is not known there'],
  NO_RECORD_FOUND: NOTHING,
  INVALID_PARAMETER: QUESTION,
  INVALID_RESOURCE: QUESTION,
  INVALID_IDENTIFIER_SYSTEM: QUESTION,
  INVALID_IDENTIFIER_VALUE: QUESTION,
  REFERENCE_NOT_FOUND: QUESTION,
  MISSING_OR_INVALID_HEADER: QUESTION,
  ACCESS_DENIED: FORBIDDEN,
  ACCESS_DENIED_SSL: FORBIDDEN,
  ASID_CHECK_FAILED: FORBIDDEN,
  NO_ORGANISATIONAL_CONSENT: FORBIDDEN,
  UNSUPPORTED_MEDIA_TYPE: QUESTION,
};

/**
 * FHIR's own issue types (`issue.code`), where no coding says more. `unknown` is not among them: it should mean a user who
 * is not known, and is mostly sent for an error that is not.
 */
const FHIR: Readonly<Record<string, Meaning>> = {
  login: SIGN_IN,
  expired: SIGN_IN,
  security: FORBIDDEN,
  forbidden: FORBIDDEN,
  'not-found': NOTHING,
  throttled: TOO_OFTEN,
  timeout: LATE,
  transient: UNAVAILABLE,
  'no-store': UNAVAILABLE,
  'lock-error': UNAVAILABLE,
  exception: FAULT,
  invalid: QUESTION,
  structure: QUESTION,
  required: QUESTION,
  value: QUESTION,
  'not-supported': QUESTION,
};

const PREFIX = /^(?:SEND|REC|PROXY)_/;

/** Null for a code that is not known. */
export function issueOf(code: string): Issue | null {
  if (code === 'PROXY_NOT_FOUND')
    return { code, state: 'not-onboarded', words: 'this service has not joined the feed yet', scope: 'target' };
  const bare = code.replace(PREFIX, '');
  const meaning = own(BARS, bare) ?? (bare === code ? own(SPINE, code) : null);
  if (!meaning) return null;
  const [state, words] = meaning;
  // `REC_*` comes from the one service behind a supplier's proxy; without it the quota or outage is the supplier's own.
  return { code, state, words, scope: code.startsWith('REC_') ? 'target' : 'supplier' };
}

function issueOfType(code: string): Issue | null {
  const meaning = own(FHIR, code);
  return meaning && { code, state: meaning[0], words: meaning[1], scope: 'supplier', general: true };
}

const own = (table: Readonly<Record<string, Meaning>>, key: string): Meaning | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isOperationOutcome = (payload: unknown): payload is Record<string, unknown> =>
  isRecord(payload) && payload['resourceType'] === 'OperationOutcome';

/** The first code of an OperationOutcome that is known (`REC_TIMEOUT`, `PROXY_NOT_FOUND` …), or null. Free text in it is not looked at. */
export function issueIn(payload: unknown): Issue | null {
  if (!isOperationOutcome(payload) || !Array.isArray(payload['issue'])) return null;
  const issues = (payload['issue'] as unknown[]).slice(0, 10).filter(isRecord);
  for (const { details } of issues) {
    const coding: unknown = isRecord(details) ? details['coding'] : null;
    for (const one of Array.isArray(coding) ? (coding as unknown[]).slice(0, 10) : []) {
      const code: unknown = isRecord(one) ? one['code'] : null;
      const known = typeof code === 'string' ? issueOf(code) : null;
      if (known) return known;
    }
  }
  for (const { code } of issues) {
    const known = typeof code === 'string' ? issueOfType(code) : null;
    if (known) return known;
  }
  return null;
}
