import { metricsOf } from '#shared/model/feed-metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Read, ReadContext, Unreadable } from '../../server/feeds/adapters/adapter.ts';
import { CANARY } from '../fixtures/feeds/samples.ts';

/** Values by `<site> <metric>`: what a payload supports at most, as somebody else reads it. */
export type Supported = (site: string, metric: string, value: number) => boolean;

/** What is wrong with what an adapter says of a payload, in words; null when nothing is. */
export function faultOfRead(
  result: Read<unknown> | Unreadable,
  { instance, now }: ReadContext,
  supports: Supported,
): string | null {
  if (!result.ok)
    return result.fault.length > 0 && result.fault.length < 300 ? null : 'a fault without words, or too many';
  const sites = new Set(instance.sites.map(({ id }) => id));
  const brings = new Set<string>(metricsOf(instance.feed));
  const seen = new Set<string>();
  for (const { site, metric, value, absence, day } of result.readings) {
    const key = `${site} ${metric} ${day ?? ''}`;
    if (!sites.has(site)) return 'a reading for a site of nobody';
    if (!brings.has(metric)) return `a reading of ${metric}, which the feed does not bring`;
    if (seen.has(key)) return `${key} twice`;
    seen.add(key);
    if (value === null ? absence === undefined : absence !== undefined) return `${key}: absence and value at odds`;
    if (value !== null && !(Number.isFinite(value) && value >= 0 && !Object.is(value, -0))) return `${key}: ${value}`;
    if (value !== null && !supports(site, metric, value)) return `${key}: ${value}, which the payload does not say`;
    if (day !== undefined && day >= now) return `${key}: a day to come`;
  }
  if (result.observedAt !== null && result.observedAt > now) return 'observed in the future';
  return listFault(result, sites, now);
}

function listFault(result: Read<unknown>, sites: ReadonlySet<string>, now: EpochMs): string | null {
  for (const { site, groups } of result.slots) {
    if (!sites.has(site)) return 'slots for a site of nobody';
    for (const { start, minutes, free, busy, held } of groups)
      if (![start, minutes, free, busy, held].every((n) => Number.isFinite(n) && n >= 0))
        return 'a slot group of no numbers';
  }
  for (const { site, level, at, until } of result.declared ?? []) {
    if (!sites.has(site)) return 'a declaration for a site of nobody';
    if (level !== null && ![1, 2, 3, 4].includes(level)) return `a declared level of ${level}`;
    if (at > now || until <= at) return 'a declaration out of time';
  }
  if (result.rejected.length > 100) return 'more refusals than are kept';
  if (result.rejectedCount < result.rejected.length) return 'fewer refusals counted than named';
  if ((result.duplicates ?? 0) > result.rejectedCount) return 'more duplicates than refusals';
  return null;
}

/** Whether anything of somebody is in what leaves an adapter. An appointment's id is opaque and stays in its memory. */
export function tellsOfSomebody(name: string, result: Read<unknown> | Unreadable): boolean {
  const { next, memory, ...said } = result.ok ? result : { ...result, next: null, memory: null };
  void next;
  const text = JSON.stringify(name === 'fhir-appointments' ? said : { ...said, memory }, plain);
  return Object.values(CANARY).some((word) => text.includes(word));
}

const plain = (_: string, value: unknown): unknown =>
  value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
