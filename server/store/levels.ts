import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { LevelChange } from '../domain/ports.ts';
import type { Query } from './database.ts';
import type { Dictionary } from './dictionary.ts';

export type NumberedChange = LevelChange & { readonly seq: number };

/** Taking the same changes in again changes nothing, not even how many there are of each version of the rules. */
export const addLevelChanges = (
  runId: number,
  rows: readonly NumberedChange[],
  units: Dictionary,
  rules: Dictionary,
): Query => ({
  name: 'add-level-changes',
  text: `with added as (
           insert into level_change (run_id, at, unit_id, seq, from_level, to_level, score, text, rules_id)
           select $1, to_timestamp(at / 1000), unit_id, seq, from_level, to_level, score, text, rules_id
           from unnest($2::float8[], $3::integer[], $4::bigint[], $5::smallint[], $6::smallint[], $7::float8[], $8::text[], $9::integer[])
             as given(at, unit_id, seq, from_level, to_level, score, text, rules_id)
           on conflict (run_id, at, unit_id) do nothing returning rules_id)
         insert into rules_use (run_id, rules_id, changes) select $1, rules_id, count(*) from added group by rules_id
         on conflict (run_id, rules_id) do update set changes = rules_use.changes + excluded.changes`,
  values: [
    runId,
    rows.map((r) => r.at),
    rows.map((r) => units.of(r.unit)),
    rows.map((r) => r.seq),
    rows.map((r) => r.from),
    rows.map((r) => r.to),
    rows.map((r) => r.score),
    rows.map((r) => r.text.replaceAll('\0', '')),
    rows.map((r) => rules.of(r.rules)),
  ],
});

/** Keeps the body of rules whose version had only been a name so far. */
export const describeRules = (system: string, name: string, reason: string, body: unknown): Query => ({
  name: 'describe-rules',
  text: `update rules_version set reason = $3, body = $4::jsonb
         where system = $1 and version || '/' || hash = $2 and body is null`,
  values: [system, name, reason, JSON.stringify(body)],
});

export interface LevelRow {
  readonly at: EpochMs;
  readonly unit: string;
  readonly from: Level | null;
  readonly to: Level | null;
  readonly score: number | null;
  readonly text: string;
  readonly rules: string;
}

/** Changes in [from, to), newest first. */
export const readLevelChanges = (system: string, run: string, from: EpochMs, to: EpochMs, limit: number): Query => ({
  name: 'read-level-changes',
  text: `select (extract(epoch from at) * 1000)::float8 as at, unit.code as unit, from_level as "from", to_level as "to",
                score, text, rules.version || '/' || rules.hash as rules
         from level_change join run using (run_id) join unit using (unit_id) join rules_version rules using (rules_id)
         where run.system = $1 and run.code = $2
           and at >= to_timestamp($3::float8 / 1000) and at < to_timestamp($4::float8 / 1000)
         order by at desc, unit.code limit $5`,
  values: [system, run, from, to, limit],
});
