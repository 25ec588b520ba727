import { toInstant, ZONE, type EpochMs } from '#shared/model/time.ts';
import { fillTemplate, type FeedInstance } from '../../domain/feed-instances.ts';

/**
 * `<the feed's address>/<resource>?<query>`, with the site's codes filled in. A query of the feed's own address goes
 * first: what a supplier wants beyond its standard needs configuration only.
 */
export function searchAddress(instance: FeedInstance, resource: string, query: readonly string[]): string {
  const [base, own] = rootOf(instance);
  return `${base}/${resource}?${[...(own === '' ? [] : [own]), ...query].join('&')}`;
}

/** The address of the site's FHIR service and the query that the feed's own address has (or nothing). */
export function rootOf({ feed, sites: [site] }: FeedInstance): readonly [root: string, query: string] {
  const filled = site ? fillTemplate(feed.url, site) : feed.url;
  const mark = filled.indexOf('?');
  const root = mark < 0 ? filled : filled.slice(0, mark);
  return [root.replace(/\/+$/, ''), mark < 0 ? '' : filled.slice(mark + 1)];
}

/** In UTC with a numeric offset, which is mandatory in BaRS; its `+` is escaped, or it would be read as a blank. */
export const utcQuery = (at: EpochMs): string => toInstant(at).replace(/\.\d+Z$/, '%2B00:00');

/** In London's own time with the offset of that moment, as GP Connect has it: `+00:00` in winter, `+01:00` in summer. */
export const londonQuery = (at: EpochMs): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ timeZone: ZONE, smallestUnit: 'second' }).replace('+', '%2B');

/** Start of the London day that begins `days` days after the one that starts at `day`. */
export const daysLater = (day: EpochMs, days: number): EpochMs =>
  Temporal.Instant.fromEpochMilliseconds(day).toZonedDateTimeISO(ZONE).add({ days }).startOfDay().epochMilliseconds;
