import type { FeedStatus } from '$shared/model/unit';
import type { FeedsSummary, KeptAnswerBody, QuarantineRecordsBody } from '$shared/protocol/feeds';
import { atQuery, get, type Answer } from './get.ts';
import { post } from './post.ts';
import { holdsLists, isRecord } from './shape.ts';

/** How many feeds there are, live and in trouble: what other screens say of them. */
export type FeedCounts = Pick<FeedsSummary, 'at' | 'counts'>;

export const getFeedsSummary = (asOf: number | null, signal: AbortSignal): Promise<Answer<FeedsSummary>> =>
  get(
    `/api/feeds/summary${atQuery(asOf).replace('&', '?')}`,
    holdsLists<FeedsSummary>('field', 'causes', 'coverageBy', 'mended'),
    signal,
  );

export const getFeedCounts = (asOf: number | null, signal: AbortSignal): Promise<Answer<FeedCounts>> =>
  get(
    `/api/feeds/summary?part=counts${atQuery(asOf)}`,
    (body): body is FeedCounts => isRecord(body) && isRecord(body['counts']),
    signal,
  );

export const getFeeds = (signal: AbortSignal): Promise<Answer<{ feeds: FeedStatus[] }>> =>
  get('/api/feeds', holdsLists<{ feeds: FeedStatus[] }>('feeds'), signal);

export const getAnswer = (feed: string, signal: AbortSignal): Promise<Answer<KeptAnswerBody>> =>
  get(
    `/api/feeds/${encodeURIComponent(feed)}/answer`,
    (body): body is KeptAnswerBody => isRecord(body) && isRecord(body['headers']),
    signal,
  );

/** At most so many records of a group are looked at: enough to see what is wrong with them. */
export const RECORDS_SHOWN = 50;

export const getRecords = (group: string, signal: AbortSignal): Promise<Answer<QuarantineRecordsBody>> =>
  get(
    `/api/feeds/quarantine?${new URLSearchParams({ group, limit: String(RECORDS_SHOWN) })}`,
    holdsLists<QuarantineRecordsBody>('records'),
    signal,
  );

interface Done {
  readonly feeds: number;
}
export interface ReadAgainDone {
  readonly records: number;
  readonly taken: number;
  readonly refused: number;
}
const counts =
  <T>(name: string) =>
  (body: unknown): body is T =>
    isRecord(body) && typeof body[name] === 'number';

/** `keep`: the redacted answer is kept to be looked at. */
export const pollFeeds = (feeds: readonly string[], keep: boolean, signal: AbortSignal) =>
  post('/api/feeds/poll', { feeds, keep }, counts<Done>('feeds'), signal);

/** `minutes` null: until somebody resumes them. */
export const pauseFeeds = (
  feeds: readonly string[],
  reason: string,
  minutes: number | null,
  signal: AbortSignal,
): Promise<Answer<Done>> =>
  post('/api/feeds/pause', { feeds, reason, ...(minutes === null ? {} : { minutes }) }, counts<Done>('feeds'), signal);

export const resumeFeeds = (feeds: readonly string[], signal: AbortSignal) =>
  post('/api/feeds/resume', { feeds }, counts<Done>('feeds'), signal);

export const readAgain = (group: string, signal: AbortSignal) =>
  post('/api/feeds/read-again', { group }, counts<ReadAgainDone>('records'), signal);
