import { ABSENCES } from '#shared/model/absence.ts';
import { CATALOGUE_VERSION } from '#shared/model/metrics.ts';
import type { Applied } from '../domain/ports.ts';
import type { Query } from './database.ts';
import type { Dictionary } from './dictionary.ts';

/** The newest reading of each metric of each unit: late data of an earlier time does not stand for now. */
export function newest(applied: Iterable<Applied>): Applied[] {
  const last = new Map<string, Applied>();
  for (const a of applied) {
    const key = `${a.unit}\n${a.metric}`;
    if (a.observedAt >= (last.get(key)?.observedAt ?? -Infinity)) last.set(key, a);
  }
  return [...last.values()];
}

/** Writes the latest values; an older one never replaces a newer. At most 2,000 a statement. */
export const upsertLatest = (
  runId: number,
  rows: readonly Applied[],
  units: Dictionary,
  metrics: Dictionary,
): Query => ({
  name: 'upsert-latest',
  text: `insert into latest (run_id, unit_id, metric_id, catalogue, value, absence_id, detail, feed, observed_at, received_at)
         select $1, unit_id, metric_id, $2, value, absence_id, detail, feed, to_timestamp(observed / 1000), to_timestamp(received / 1000)
         from unnest($3::integer[], $4::smallint[], $5::float8[], $6::smallint[], $7::text[], $8::text[], $9::float8[], $10::float8[])
           as given(unit_id, metric_id, value, absence_id, detail, feed, observed, received)
         on conflict (run_id, unit_id, metric_id) do update set
           catalogue = excluded.catalogue, value = excluded.value, absence_id = excluded.absence_id,
           detail = excluded.detail, feed = excluded.feed, observed_at = excluded.observed_at, received_at = excluded.received_at
         where latest.received_at <= excluded.received_at and latest.observed_at <= excluded.observed_at`,
  values: [
    runId,
    CATALOGUE_VERSION,
    rows.map((r) => units.of(r.unit)),
    rows.map((r) => metrics.of(r.metric)),
    rows.map((r) => (r.value !== null && Number.isFinite(r.value) ? r.value : null)),
    rows.map((r) => (r.value !== null ? null : ABSENCES.indexOf(r.absence ?? 'not-reported') + 1)),
    rows.map((r) => r.detail),
    rows.map((r) => r.feed),
    rows.map((r) => r.observedAt),
    rows.map((r) => r.receivedAt),
  ],
});
