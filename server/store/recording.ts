import type { EpochMs } from '#shared/model/time.ts';
import type { Query } from './database.ts';

/** A stretch of product time in which the server was recording. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Joins times that lie no further than `gapMs` apart. `times` ascending. */
export function spansOf(times: readonly EpochMs[], gapMs: number): Span[] {
  const spans: { from: EpochMs; to: EpochMs }[] = [];
  for (const at of times) {
    const last = spans.at(-1);
    if (last !== undefined && at - last.to <= gapMs) last.to = Math.max(last.to, at);
    else spans.push({ from: at, to: at });
  }
  return spans;
}

/** Prolongs the newest stretch when `span` follows on it within the gap, else begins a new one. */
export const addSpan = (runId: number, span: Span, gapMs: number): Query => ({
  name: 'add-recording',
  text: `with last as (select from_at, to_at from recording where run_id = $1 order by from_at desc limit 1),
              grown as (update recording held set to_at = greatest(held.to_at, to_timestamp($3::float8 / 1000))
                        from last
                        where held.run_id = $1 and held.from_at = last.from_at
                          and to_timestamp($2::float8 / 1000) between last.from_at and last.to_at + $4 * interval '1 ms'
                        returning held.run_id)
         insert into recording (run_id, from_at, to_at)
         select $1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000) where not exists (select from grown)
         on conflict (run_id, from_at) do update set to_at = greatest(recording.to_at, excluded.to_at)`,
  values: [runId, span.from, span.to, gapMs],
});

export const readSpans = (system: string, run: string, from: EpochMs, to: EpochMs): Query => ({
  name: 'read-recordings',
  text: `select (extract(epoch from from_at) * 1000)::float8 as "from", (extract(epoch from to_at) * 1000)::float8 as "to"
         from recording join run using (run_id)
         where run.system = $1 and run.code = $2
           and to_at >= to_timestamp($3::float8 / 1000) and from_at < to_timestamp($4::float8 / 1000)
         order by from_at`,
  values: [system, run, from, to],
});
