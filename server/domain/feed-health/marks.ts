import { BRINGS_READINGS, type FeedState } from '#shared/model/absence.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { Mark } from '#shared/protocol/feeds.ts';
import { METRICS_OF_FAMILY, type FeedLayout, type Pair } from './layout.ts';

/** What is wrong with a feed for one site: its state, or one of these. */
export type Trouble = FeedState | 'late' | 'missing-site';

export interface Judged {
  readonly mark: Mark;
  /** Null while nothing is wrong, or nothing is known. */
  readonly trouble: Trouble | null;
}

export interface MarkedPair extends Pair {
  readonly mark: Mark;
  /** Feed instance that the mark stands for: the best of them; empty without one. */
  readonly feed: string;
  /** 4 freshest to 0. */
  readonly fresh: number;
  /** What is wrong with each feed of the pair that has something wrong with it, others standing in or not. */
  readonly troubles: readonly { readonly feed: string; readonly trouble: Trouble }[];
}

/** Something came, and something is wrong with it. */
const FAULTY: readonly FeedState[] = [
  'partly-rejected',
  'duplicate',
  'clock-off',
  'out-of-order',
  'wrong-type',
  'damaged',
  'malformed',
  'invalid',
  'mapping-failed',
  'too-large',
];

/** How a state looks; everything that is not named cannot be reached. */
export function markOfState(state: FeedState): Mark {
  if (state === 'ok') return 'o';
  if (state === 'never-polled' || state === 'poller-stopped') return 'q';
  if (state === 'not-onboarded') return 'n';
  if (state === 'throttled') return 't';
  if (state === 'paused') return 'p';
  if (state === 'stale-cache') return 'l';
  return FAULTY.includes(state) ? 'r' : 'u';
}

/** Marks that stand for trouble. */
export const TROUBLED: ReadonlySet<Mark> = new Set<Mark>(['u', 'l', 't', 'r', 'p']);
/** Best first: where several feeds bring the same data of a site, this one is shown. */
const BEST = 'ocrltpuqn';

export function observedAt(layout: FeedLayout, status: FeedStatus): EpochMs | null {
  return status.observedAt === null ? null : layout.instant(status.observedAt);
}

/** How one feed serves one site. */
function judge(layout: FeedLayout, pair: Pair, status: FeedStatus, { at, unit: unitOf }: Seen): Judged {
  const state = status.paused ? 'paused' : (status.state as FeedState);
  const mark = markOfState(state);
  if (!BRINGS_READINGS.has(state)) return { mark, trouble: TROUBLED.has(mark) ? state : null };
  const unit = unitOf(pair.site.id);
  const closed = unit?.open === false;
  const age = at - (observedAt(layout, status) ?? at);
  if (layout.feed(status.id)?.document === true && unit) {
    const site = siteTrouble(pair, status.id, unit);
    if (site === 'missing-site') return closed ? { mark: 'c', trouble: null } : { mark: 'r', trouble: site };
    // One practice's bad field is not its neighbour's: the document is one, its sites are judged each for itself.
    if (site === null && state === 'partly-rejected') return fine(status, closed, age);
  }
  return mark === 'o' ? fine(status, closed, age) : { mark, trouble: state };
}

function fine({ staleAfterMs }: FeedStatus, closed: boolean, age: number): Judged {
  if (closed) return { mark: 'c', trouble: null };
  return age > staleAfterMs ? { mark: 'l', trouble: 'late' } : { mark: 'o', trouble: null };
}

function siteTrouble({ family }: Pair, feed: string, unit: Unit): 'missing-site' | 'rejected' | null {
  let found: 'rejected' | null = null;
  for (const metric of METRICS_OF_FAMILY.get(family) ?? []) {
    const state = unit.metrics[metric];
    if (!state || state.value !== null || (state.feed !== undefined && state.feed !== feed)) continue;
    if (state.detail === 'missing-site') return 'missing-site';
    if (state.absence === 'rejected') found = 'rejected';
  }
  return found;
}

/** Five steps from just seen (4) to the end of its time (0). */
function freshness(layout: FeedLayout, status: FeedStatus, at: EpochMs): number {
  const seen = observedAt(layout, status);
  if (seen === null) return 0;
  return Math.max(0, Math.min(4, 4 - Math.floor((5 * (at - seen)) / status.staleAfterMs)));
}

export interface Seen {
  readonly at: EpochMs;
  readonly unit: (id: string) => Unit | undefined;
  readonly status: (feed: string) => FeedStatus | undefined;
  /** Our own poller stands still: nothing is known of any feed. */
  readonly stopped: boolean;
}

/** Every mark, in the definition's order. */
export function markPairs(layout: FeedLayout, seen: Seen): MarkedPair[] {
  return layout.pairs.map((pair) => {
    let best: { feed: string; mark: Mark; status: FeedStatus | null } = { feed: '', mark: 'n', status: null };
    const troubles: { feed: string; trouble: Trouble }[] = [];
    for (const feed of pair.feeds) {
      const status = seen.status(feed);
      if (!status) continue;
      const { mark, trouble } = seen.stopped
        ? { mark: 'q' as const, trouble: null }
        : judge(layout, pair, status, seen);
      if (trouble !== null) troubles.push({ feed, trouble });
      if (best.status === null || BEST.indexOf(mark) < BEST.indexOf(best.mark)) best = { feed, mark, status };
    }
    const fresh = best.status ? freshness(layout, best.status, seen.at) : 0;
    return { ...pair, mark: best.mark, feed: best.feed, fresh, troubles };
  });
}

/** Whether nothing at all of a pair's data stands. */
export function isGone({ family }: Pair, unit: Unit | undefined): boolean {
  const states = (METRICS_OF_FAMILY.get(family) ?? []).flatMap((metric) => unit?.metrics[metric] ?? []);
  return states.length > 0 && states.every(({ value }) => value === null);
}
