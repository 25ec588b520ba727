import { Literals } from './literals.ts';

/** Why a number is not there. Never zero, never green (product vocabulary). */
export const ABSENCES = ['not-onboarded', 'unreachable', 'throttled', 'rejected', 'closed', 'not-reported'] as const;
export const AbsenceSchema = Literals(ABSENCES);
export type Absence = (typeof ABSENCES)[number];

/**
 * State of one feed instance. Separate from metric absence: a feed can be late while its last values still stand.
 * Those in `BRINGS_READINGS` bring readings; every other state brings none.
 */
export const FEED_STATES = [
  'never-polled',
  'ok',
  'partly-rejected',
  'duplicate',
  'clock-off',
  'stale-cache',
  'out-of-order',
  'timeout',
  'too-slow',
  'receiver-timeout',
  'refused',
  'reset',
  'dns',
  'tls',
  'tls-expired',
  'tls-mismatch',
  'unauthorised',
  'forbidden',
  'not-found',
  'not-onboarded',
  'throttled',
  'server-error',
  'unavailable',
  'unexpected-status',
  'redirected',
  'wrong-type',
  'damaged',
  'malformed',
  'invalid',
  'mapping-failed',
  'too-large',
  'blocked',
  'paused',
  'poller-stopped',
] as const;
export const FeedStateSchema = Literals(FEED_STATES);
export type FeedState = (typeof FEED_STATES)[number];

/** States of a poll that brought readings: some with a fault of their own that is said beside them. */
export const BRINGS_READINGS: ReadonlySet<FeedState> = new Set([
  'ok',
  'partly-rejected',
  'duplicate',
  'clock-off',
  'stale-cache',
  'out-of-order',
]);

/** The absence that a site's metrics take on once their feed has been in this state for longer than `staleAfter`. */
export const ABSENCE_OF_STATE: Readonly<Record<FeedState, Absence>> = {
  'never-polled': 'not-reported',
  ok: 'not-reported',
  'partly-rejected': 'rejected',
  duplicate: 'not-reported',
  'clock-off': 'not-reported',
  'stale-cache': 'not-reported',
  'out-of-order': 'not-reported',
  timeout: 'unreachable',
  'too-slow': 'unreachable',
  'receiver-timeout': 'unreachable',
  refused: 'unreachable',
  reset: 'unreachable',
  dns: 'unreachable',
  tls: 'unreachable',
  'tls-expired': 'unreachable',
  'tls-mismatch': 'unreachable',
  unauthorised: 'unreachable',
  forbidden: 'unreachable',
  'not-found': 'unreachable',
  'not-onboarded': 'not-onboarded',
  throttled: 'throttled',
  'server-error': 'unreachable',
  unavailable: 'unreachable',
  'unexpected-status': 'unreachable',
  redirected: 'unreachable',
  'wrong-type': 'rejected',
  damaged: 'rejected',
  malformed: 'rejected',
  invalid: 'rejected',
  'mapping-failed': 'rejected',
  'too-large': 'rejected',
  blocked: 'unreachable',
  paused: 'not-reported',
  'poller-stopped': 'not-reported',
};

/** Why a metric is absent, finer than `absence`: a feed state, or one of these. */
export type AbsenceDetail = FeedState | 'stale' | 'missing-field' | 'missing-site' | 'not-expected';
