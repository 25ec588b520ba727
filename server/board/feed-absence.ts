import {
  ABSENCE_OF_STATE,
  BRINGS_READINGS,
  FEED_STATES,
  type Absence,
  type FeedState as FeedStateName,
} from '#shared/model/absence.ts';
import type { FeedState } from './state.ts';

export interface WhyAbsent {
  readonly absence: Absence;
  readonly detail: string;
}

const isFeedState = (state: string): state is FeedStateName => (FEED_STATES as readonly string[]).includes(state);
const stateOf = ({ status }: FeedState): FeedStateName => (isFeedState(status.state) ? status.state : 'never-polled');

const BY_STATE = new Map(
  FEED_STATES.map((state): [FeedStateName, WhyAbsent] => [
    state,
    { absence: ABSENCE_OF_STATE[state], detail: BRINGS_READINGS.has(state) ? 'stale' : state },
  ]),
);
const STALE: WhyAbsent = { absence: 'not-reported', detail: 'stale' };

/** Why the values of a feed that has become too old are absent: by what it answers now, if that is a fault. */
export const absenceOfFeed = (feed: FeedState): WhyAbsent => BY_STATE.get(stateOf(feed)) ?? STALE;

/** Why a site has no value from a feed that never gave it one. */
export function absenceOfSilence(feed: FeedState): WhyAbsent {
  const state = stateOf(feed);
  return { absence: ABSENCE_OF_STATE[state], detail: BRINGS_READINGS.has(state) ? 'missing-site' : state };
}
