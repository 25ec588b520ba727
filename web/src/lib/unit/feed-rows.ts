import type { FeedStatus, Unit } from '$shared/model/unit';
import { sayDuration } from '../format/time.ts';
import { instantMs } from '../format/time.ts';

/** One feed behind a site, as the screen says it. */
export interface FeedRow {
  readonly id: string;
  readonly label: string;
  /** `norhall telecom, every 15 s`. */
  readonly source: string;
  readonly observedAt: number | null;
  /** Age as a share of what is still in time (1: just late); above 1 it is late. Null: nothing ever came. */
  readonly share: number | null;
  readonly words: string;
  readonly well: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  'never-polled': 'not asked yet',
  'partly-rejected': 'some records refused',
  timeout: 'no answer in time',
  refused: 'connection refused',
  reset: 'connection broke off',
  dns: 'address not found',
  tls: 'certificate not accepted',
  unauthorised: 'our sign-in was refused',
  forbidden: 'not allowed',
  'not-found': 'nothing at that address',
  'not-onboarded': 'not connected',
  throttled: 'held back by the supplier',
  'server-error': 'fault at the supplier',
  unavailable: 'supplier says unavailable',
  'unexpected-status': 'unexpected answer',
  redirected: 'sent elsewhere',
  'wrong-type': 'answer of another type',
  malformed: 'answer could not be read',
  invalid: 'answer was not valid',
  'too-large': 'answer was too large',
  blocked: 'address not allowed',
  paused: 'paused by us',
  'poller-stopped': 'we stopped asking',
};

/** A feed's state in plain words; a good one that is late says so. */
export function stateWords(state: string, late: boolean): string {
  if (state === 'ok') return late ? 'late' : 'on time';
  return WORDS[state] ?? state;
}

export function feedRows(unit: Unit, feeds: ReadonlyMap<string, FeedStatus>, now: number): FeedRow[] {
  return unit.feeds.flatMap((id) => {
    const feed = feeds.get(id);
    return feed ? [rowOf(feed, now)] : [];
  });
}

function rowOf(feed: FeedStatus, now: number): FeedRow {
  const observedAt = instantMs(feed.observedAt);
  const share = observedAt === null ? null : Math.max(0, now - observedAt) / feed.staleAfterMs;
  const late = share === null || share > 1;
  return {
    id: feed.id,
    label: feed.label,
    source: `${feed.supplier.replaceAll('-', ' ')}, every ${sayDuration(feed.everyMs)}`,
    observedAt,
    share,
    words: stateWords(feed.state, late),
    well: (feed.state === 'ok' || feed.state === 'partly-rejected') && !late,
  };
}

const ADAPTER_OF: readonly (readonly [prefix: string, adapter: string])[] = [
  ['calls.', 'telephony-queues'],
  ['callbacks.', 'telephony-queues'],
  ['slots.', 'bars-slots'],
  ['patients.', 'telephony-queues'],
  ['appointments.', 'fhir-appointments'],
  ['iuc.', 'iuc-queues'],
];

/** The feed an indicator's metric comes from: the one it names, else (derived metrics) the one that brings such metrics. */
export function feedOf(unit: Unit, metric: string, feeds: ReadonlyMap<string, FeedStatus>): FeedStatus | undefined {
  const named = unit.metrics[metric]?.feed;
  if (named) return feeds.get(named);
  const adapter = ADAPTER_OF.find(([prefix]) => metric.startsWith(prefix))?.[1];
  return unit.feeds.map((id) => feeds.get(id)).find((feed) => feed?.adapter === adapter);
}
