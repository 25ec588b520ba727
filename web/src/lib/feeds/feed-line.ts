import type { FeedStatus, Unit } from '$shared/model/unit';
import { sayFeedState } from '../format/absence.ts';
import { sayNumber } from '../format/numbers.ts';
import { instantMs, sayDuration, sayTime } from '../format/time.ts';

/** One feed instance as a row says it. */
export interface FeedLine {
  readonly id: string;
  /** The site it is of, or what it is where one answer serves many. */
  readonly name: string;
  /** Its only site; null where it serves several. */
  readonly site: string | null;
  /** `BaRS slots, Alder Clinical`. */
  readonly source: string;
  readonly state: string;
  /** What came instead, who paused it and why; empty when well. */
  readonly fault: string;
  readonly well: boolean;
  readonly paused: boolean;
  /** Null: nothing ever came. */
  readonly ageMs: number | null;
  readonly expectedMs: number;
  readonly latency: string;
  /** `12 records, usually 152`. */
  readonly volume: string;
  /** `asked again in 40 s, after 3 failures`. */
  readonly next: string;
}

export function feedLine(
  feed: FeedStatus,
  units: ReadonlyMap<string, Unit>,
  suppliers: ReadonlyMap<string, string>,
  now: number,
): FeedLine {
  const observedAt = instantMs(feed.observedAt);
  const ageMs = observedAt === null ? null : Math.max(0, now - observedAt);
  const late = ageMs === null || ageMs > feed.staleAfterMs;
  const supplier = suppliers.get(feed.supplier) ?? feed.supplier.replaceAll('-', ' ');
  const [only] = feed.sites;
  const site = feed.sites.length === 1 && only !== undefined ? only : null;
  return {
    id: feed.id,
    name: site === null ? `${feed.label}, ${sayNumber(feed.sites.length)} sites` : (units.get(site)?.name ?? site),
    site,
    source: `${feed.label}, ${supplier}`,
    state: sayFeedState(feed.state, late),
    fault: pauseWords(feed) || feed.fault,
    well: feed.state === 'ok' && !late,
    paused: feed.paused !== null,
    ageMs,
    expectedMs: feed.staleAfterMs,
    latency: latencyWords(feed.latencyMs),
    volume: volumeWords(feed),
    next: nextWords(feed, now),
  };
}

/** Time of the last answer; empty where nothing was sent, as while a supplier wants to be left alone. */
export function latencyWords(ms: number | null): string {
  if (ms === null || ms < 1) return '';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

function pauseWords({ paused }: FeedStatus): string {
  if (!paused) return '';
  const until = instantMs(paused.until);
  return `“${paused.reason}”, ${until === null ? 'until somebody resumes it' : `to ${sayTime(until)}`}`;
}

function volumeWords({ volume, usualVolume }: FeedStatus): string {
  if (volume === null) return '';
  const records = `${sayNumber(volume)} ${volume === 1 ? 'record' : 'records'}`;
  return usualVolume === null ? records : `${records}, usually ${sayNumber(usualVolume)}`;
}

function nextWords(feed: FeedStatus, now: number): string {
  const next = instantMs(feed.nextPollAt);
  const failed = feed.failures > 0 ? `${sayNumber(feed.failures)} failed in a row` : '';
  if (feed.paused) return 'not asked while paused';
  if (next === null) return failed;
  const again = next > now + 1000 ? `next in ${sayDuration(next - now)}` : 'next now';
  return failed ? `${failed}, ${again}` : again;
}

/** Everything that a search may find a feed by. */
export function searchText(feed: FeedStatus, line: FeedLine, units: ReadonlyMap<string, Unit>): string {
  const sites = feed.sites.map((id) => `${id} ${units.get(id)?.name ?? ''}`).join(' ');
  return `${feed.id} ${line.name} ${line.source} ${line.state} ${feed.adapter} ${sites}`.toLocaleLowerCase('en-GB');
}

/** Whether a text holds every word that was typed. */
export function holdsWords(text: string, find: string): boolean {
  return find
    .toLocaleLowerCase('en-GB')
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What people can have done with the feed of a row. */
export interface LineActions {
  /** Why nothing can be done now; empty when it can. */
  readonly hindered: string;
  /** A time gone by is shown, of which no answers are kept. */
  readonly past: boolean;
  poll(feed: string): void;
  pause(feed: string, name: string): void;
  resume(feed: string): void;
  answer(feed: string): void;
}
