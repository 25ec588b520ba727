import Type from 'typebox';
import type { Absence } from '#shared/model/absence.ts';
import type { FeedDef, UnitDef } from '#shared/model/definition.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Reading } from '../../domain/ports.ts';
import type { Unreadable } from './adapter.ts';
import { readDeclared, type DeclaredList } from './declared.ts';
import { levelReadings } from './declared-states.ts';
import { refuseCode, siteIndex } from './documents.ts';
import { dayOf, isDayFault } from './mapped-day.ts';
import {
  compiled,
  createRefusals,
  notReported,
  numberField,
  payloadTime,
  reading,
  refuse,
  refuseNumber,
  type Refusals,
} from './values.ts';

/** What a mapping must come to. Empty lists are dropped by the engine and single ones unwrapped, hence the loose parts. */
const ResultSchema = compiled(
  Type.Object(
    {
      observedAt: Type.Optional(Type.Unknown()),
      observations: Type.Optional(Type.Unknown()),
      declared: Type.Optional(Type.Unknown()),
    },
    { additionalProperties: false },
  ),
);
const ObservationSchema = compiled(
  Type.Object({
    site: Type.String({ minLength: 1, maxLength: 40 }),
    metric: Type.String(),
    value: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    of: Type.Optional(Type.String({ maxLength: 10 })),
    absent: Type.Optional(Type.String()),
  }),
);
const FIELDS: ReadonlySet<string> = new Set(['site', 'metric', 'value', 'of', 'absent']);

/** Reasons that a supplier can know; the others are ours to find. */
const ABSENT: ReadonlySet<string> = new Set<Absence>(['not-reported', 'closed', 'not-onboarded', 'unreachable']);
/**
 * Refusals are placed in what the mapping made, which leads nowhere in the answer itself: so the whole answer is kept
 * for reading again, as nobody can tell which part of it an observation was made of.
 */
const RESULT = '/mapped';
export const LEVEL: MetricName = 'declared.level';

export interface MappedRead {
  readonly ok: true;
  readonly observedAt: EpochMs | null;
  readonly readings: readonly Reading[];
  readonly refusals: Refusals;
  readonly duplicates: number;
  readonly volume: number;
  /** Null where the feed brings no declared states. */
  readonly declared: DeclaredList | null;
}

/** Judges what a mapping came to: only the feed's sites and metrics, each once, in the catalogue's units of measure. */
export function readMapped(
  value: unknown,
  feed: FeedDef,
  sites: readonly UnitDef[],
  now: EpochMs,
): MappedRead | Unreadable {
  const failed = (fault: string): Unreadable => ({ ok: false, state: 'mapping-failed', fault });
  if (value === undefined || value === null) return failed('the mapping comes to nothing');
  if (!ResultSchema.Check(value))
    return failed('the mapping comes to something other than observedAt, observations and declared');
  const observations = listOf(value.observations);
  const declaredList = listOf(value.declared);
  if (!observations) return failed('the mapping comes to observations that are no list');
  if (!declaredList) return failed('the mapping comes to declared states that are no list');
  const brings = metricsOf(feed);
  const levels = brings.includes(LEVEL);
  if (declaredList.length > 0 && !levels)
    return failed(`the mapping comes to declared states, but brings does not name ${LEVEL}`);
  const refusals = createRefusals();
  const observedAt = payloadTime(value.observedAt, now, `${RESULT}/observedAt`, refusals);
  const declared = levels ? readDeclared(declaredList, `${RESULT}/declared`, sites, now, refusals) : null;
  const numbers = brings.filter((metric) => metric !== LEVEL);
  const table = readObservations(observations, new Set(numbers), sites, observedAt ?? now, refusals);
  const readings = [
    ...sites.flatMap((site) => todays(site, numbers, table.today.get(site))),
    ...(declared ? levelReadings(declared, sites) : []),
    ...table.days,
  ];
  const duplicates = table.duplicates + (declared?.duplicates ?? 0);
  const volume = observations.length + declaredList.length;
  return { ok: true, observedAt, readings, refusals, duplicates, volume, declared };
}

/** A list as the engine leaves it: nothing for an empty one, the thing itself for one of one, lists within for a list of lists. */
function listOf(value: unknown): readonly unknown[] | null {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flat() as unknown[];
  return typeof value === 'object' ? [value] : null;
}

interface Observations {
  readonly today: ReadonlyMap<UnitDef, ReadonlyMap<MetricName, Reading>>;
  /** Final totals of earlier days. */
  readonly days: readonly Reading[];
  readonly duplicates: number;
}

function readObservations(
  list: readonly unknown[],
  brings: ReadonlySet<string>,
  sites: readonly UnitDef[],
  at: EpochMs,
  refusals: Refusals,
): Observations {
  const index = siteIndex(sites);
  const place = `${RESULT}/observations`;
  const today = new Map<UnitDef, Map<MetricName, Reading>>();
  const days = new Map<string, Reading>();
  let duplicates = 0;
  for (const item of list) {
    if (!ObservationSchema.Check(item)) {
      refuse(refusals, place, ObservationSchema, item);
      continue;
    }
    // Checked by hand, as the schema's own fault would name the field, which may be anything.
    if (!Object.keys(item).every((key) => FIELDS.has(key))) {
      refusals.add(place, 'holds a field other than site, metric, value, of and absent');
      continue;
    }
    const site = index.get(item.site);
    if (!site) {
      refuseCode(item.site, `${place}/site`, refusals);
      continue;
    }
    const own = today.get(site) ?? new Map<MetricName, Reading>();
    today.set(site, own);
    if (!brings.has(item.metric)) {
      refusals.add(`${place}/metric`, 'is none of the metrics that this feed brings');
      continue;
    }
    const metric = item.metric as MetricName;
    const day = dayOf(item.of, metric, at);
    if (isDayFault(day)) {
      refusals.add(`${place}/of`, day.fault);
      continue;
    }
    const key = `${site.id} ${metric} ${day}`;
    if (day === null ? own.has(metric) : days.has(key)) {
      duplicates++;
      refusals.add(place, 'comes twice; the first one was taken');
      continue;
    }
    const read = readValue(site.id, metric, item, place, refusals);
    if (day === null) own.set(metric, read);
    else if (read.value !== null) days.set(key, { ...read, day });
  }
  return { today, days: [...days.values()], duplicates };
}

function readValue(
  site: string,
  metric: MetricName,
  { value, absent }: { readonly value?: number | null; readonly absent?: string },
  place: string,
  refusals: Refusals,
): Reading {
  const { measure } = metricSpec(metric);
  const rule = measure === 'count' ? 'count' : 'amount';
  const field = numberField(value, rule);
  if (field === 'invalid') refuseNumber(refusals, `${place}/value`, rule);
  else if (measure === 'share' && typeof field === 'number' && field > 1) {
    refusals.add(`${place}/value`, 'must be a share, 0 to 1');
    return reading(site, metric, 'invalid');
  }
  if (field !== 'missing-field' || absent === undefined || absent === 'not-reported')
    return reading(site, metric, field);
  if (ABSENT.has(absent)) return { site, metric, value: null, absence: absent as Absence };
  refusals.add(`${place}/absent`, 'must be not-reported, closed, not-onboarded or unreachable');
  return reading(site, metric, field);
}

/** Every metric that the feed brings, of one site: what was told of it, or that nothing was. */
function todays(
  site: UnitDef,
  brings: readonly MetricName[],
  told: ReadonlyMap<MetricName, Reading> | undefined,
): Reading[] {
  if (!told) return notReported(site.id, brings, 'missing-site');
  return brings.map((metric) => told.get(metric) ?? reading(site.id, metric, 'missing-field'));
}
