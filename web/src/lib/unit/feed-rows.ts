import type { AdapterName } from '$shared/model/definition';
import { metricsOf } from '$shared/model/feed-metrics';
import { isMetricName, metricSpec, type MetricName } from '$shared/model/metrics';
import type { FeedStatus, Unit } from '$shared/model/unit';
import { sayFeedState } from '../format/absence.ts';
import { instantMs, sayDuration, sayTime } from '../format/time.ts';

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
  /** A second line where there is something to know: who paused it and why, what stands in for it, when it is asked next. */
  readonly note: string;
}

const MAPPED: readonly string[] = ['mapped-json', 'mapped-csv'];

/** Metrics that a feed's standard can bring; of a mapped feed, those that it has brought to this site. */
function broughtBy(feed: FeedStatus, unit: Unit): readonly MetricName[] {
  if (!MAPPED.includes(feed.adapter)) {
    const known: readonly MetricName[] | undefined = metricsOf({ adapter: feed.adapter as AdapterName });
    return known ?? [];
  }
  return Object.keys(unit.metrics)
    .filter(isMetricName)
    .filter((name) => unit.metrics[name]?.feed === feed.id);
}

export function feedRows(unit: Unit, feeds: ReadonlyMap<string, FeedStatus>, now: number): FeedRow[] {
  return unit.feeds.flatMap((id) => {
    const feed = feeds.get(id);
    return feed ? [rowOf(feed, unit, feeds, now)] : [];
  });
}

function rowOf(feed: FeedStatus, unit: Unit, feeds: ReadonlyMap<string, FeedStatus>, now: number): FeedRow {
  const observedAt = instantMs(feed.observedAt);
  const share = observedAt === null ? null : Math.max(0, now - observedAt) / feed.staleAfterMs;
  const late = share === null || share > 1;
  const well = (feed.state === 'ok' || feed.state === 'partly-rejected') && !late;
  const notes = [pauseNote(feed), well ? '' : standIn(feed, unit, feeds), well ? '' : nextNote(feed, now)];
  return {
    id: feed.id,
    label: feed.label,
    source: `${feed.supplier.replaceAll('-', ' ')}, every ${sayDuration(feed.everyMs)}`,
    observedAt,
    share,
    words: sayFeedState(feed.state, late),
    well,
    note: notes.filter(Boolean).join(' · '),
  };
}

function pauseNote({ paused }: FeedStatus): string {
  if (!paused) return '';
  const until = instantMs(paused.until);
  return `paused ${until === null ? 'until somebody resumes it' : `to ${sayTime(until)}`}: ${paused.reason}`;
}

/** The feed that brings the same numbers meanwhile. */
function standIn(feed: FeedStatus, unit: Unit, feeds: ReadonlyMap<string, FeedStatus>): string {
  for (const name of broughtBy(feed, unit)) {
    const metric = unit.metrics[name];
    if (!metric || metric.value === null || !metric.feed || metric.feed === feed.id || metricSpec(name).derived)
      continue;
    const other = feeds.get(metric.feed);
    if (other) return `its numbers come from ${other.label} (${other.supplier.replaceAll('-', ' ')}) meanwhile`;
  }
  return '';
}

function nextNote(feed: FeedStatus, now: number): string {
  const next = instantMs(feed.nextPollAt);
  if (next === null || feed.paused) return '';
  return next > now + 1000 ? `asked again in ${sayDuration(next - now)}` : 'being asked again';
}

/** Metrics of ours that are made from those of another name. */
const MADE_FROM: Readonly<Record<string, string>> = { patients: 'calls', practices: 'slots' };

const prefixOf = (metric: string) => metric.slice(0, metric.indexOf('.'));

/**
 * The feed a metric comes from: the one it names, else (derived metrics, absent ones) the one whose standard brings
 * metrics of that name. Where several do, a well one, as that is the one whose numbers stand.
 */
export function feedOf(unit: Unit, metric: string, feeds: ReadonlyMap<string, FeedStatus>): FeedStatus | undefined {
  const named = unit.metrics[metric]?.feed;
  if (named) return feeds.get(named);
  const prefix = prefixOf(metric);
  const wanted = MADE_FROM[prefix] ?? prefix;
  const brings = unit.feeds
    .flatMap((id) => feeds.get(id) ?? [])
    .filter((feed) => broughtBy(feed, unit).some((name) => prefixOf(name) === wanted));
  return brings.find((feed) => feed.state === 'ok') ?? brings[0];
}
