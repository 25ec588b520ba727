import type { EpochMs } from '#shared/model/time.ts';
import type { Query } from './database.ts';

export interface FeedStateChange {
  readonly feed: string;
  readonly at: EpochMs;
  readonly state: string;
  readonly fault: string;
}

/** Taking the same changes in again changes nothing. */
export const addFeedStates = (runId: number, rows: readonly FeedStateChange[]): Query => ({
  name: 'add-feed-states',
  text: `insert into feed_state_change (run_id, feed, at, state, fault)
         select $1, feed, to_timestamp(at / 1000), state, fault
         from unnest($2::text[], $3::float8[], $4::text[], $5::text[]) as given(feed, at, state, fault)
         on conflict (run_id, feed, at) do nothing`,
  values: [
    runId,
    rows.map((r) => r.feed),
    rows.map((r) => r.at),
    rows.map((r) => r.state),
    rows.map((r) => r.fault.replaceAll('\0', '')),
  ],
});
