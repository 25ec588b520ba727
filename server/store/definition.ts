import type { Definition } from '#shared/model/definition.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Queryable, Query } from './database.ts';
import type { Dictionary } from './dictionary.ts';

const addDefinition = (d: Definition): Query => ({
  name: 'add-definition',
  text: `insert into definition_version (system, hash, name) values ($1, $2, $3)
         on conflict (system, hash) do nothing returning definition_id as id`,
  values: [d.id, d.version, d.name],
});

/** `at` in ms; the first statement about a unit holds from always: nothing is known against it. */
const since = `case when exists (select from unit_version v where v.run_id = $1 and v.unit_id = given.unit_id)
                 then to_timestamp($2::float8 / 1000) else '-infinity' end`;

const GIVEN_VERSIONS = `unnest($3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::boolean[])
  as given(unit_id, kind, site_kind, name, ods_code, population, illustrative)`;

const versionValues = (runId: number, at: EpochMs, d: Definition, units: Dictionary) => [
  runId,
  at,
  d.units.map((u) => units.of(u.id)),
  d.units.map((u) => u.kind),
  d.units.map((u) => u.siteKind),
  d.units.map((u) => u.name),
  d.units.map((u) => u.odsCode),
  d.units.map((u) => (u.population === null ? null : Math.round(u.population))),
  d.units.map((u) => u.illustrative),
];

/** Closes what no longer holds: the unit is gone, or something else is said about it. */
const closeVersions = (values: unknown[]): Query => ({
  name: 'close-unit-versions',
  text: `update unit_version held set valid_to = greatest(to_timestamp($2::float8 / 1000), held.valid_from)
         where held.run_id = $1 and held.valid_to = 'infinity' and not exists (
           select from ${GIVEN_VERSIONS}
           where given.unit_id = held.unit_id
             and (given.kind, given.site_kind, given.name, given.ods_code, given.population, given.illustrative)
                 is not distinct from (held.kind, held.site_kind, held.name, held.ods_code, held.population, held.illustrative))`,
  values,
});

const openVersions = (values: unknown[]): Query => ({
  name: 'open-unit-versions',
  text: `insert into unit_version (run_id, unit_id, valid_from, kind, site_kind, name, ods_code, population, illustrative)
         select $1, given.unit_id, ${since}, given.kind, given.site_kind, given.name, given.ods_code, given.population,
                given.illustrative
         from ${GIVEN_VERSIONS}
         where not exists (select from unit_version held
                           where held.run_id = $1 and held.unit_id = given.unit_id and held.valid_to = 'infinity')
         on conflict (run_id, unit_id, valid_from) do update set valid_to = 'infinity', kind = excluded.kind,
           site_kind = excluded.site_kind, name = excluded.name, ods_code = excluded.ods_code,
           population = excluded.population, illustrative = excluded.illustrative`,
  values,
});

const membershipValues = (runId: number, at: EpochMs, d: Definition, units: Dictionary) => {
  const children = d.units.filter((u) => u.parent !== null);
  return [runId, at, children.map((u) => units.of(u.id)), children.map((u) => units.of(u.parent ?? ''))];
};

const closeMemberships = (values: unknown[]): Query => ({
  name: 'close-memberships',
  text: `update membership held set valid_to = greatest(to_timestamp($2::float8 / 1000), held.valid_from)
         where held.run_id = $1 and held.valid_to = 'infinity' and not exists (
           select from unnest($3::integer[], $4::integer[]) as given(unit_id, parent_id)
           where given.unit_id = held.unit_id and given.parent_id = held.parent_id)`,
  values,
});

const openMemberships = (values: unknown[]): Query => ({
  name: 'open-memberships',
  text: `insert into membership (run_id, unit_id, parent_id, valid_from)
         select $1, given.unit_id, given.parent_id,
                case when exists (select from membership m where m.run_id = $1 and m.unit_id = given.unit_id)
                  then to_timestamp($2::float8 / 1000) else '-infinity' end
         from unnest($3::integer[], $4::integer[]) as given(unit_id, parent_id)
         where not exists (select from membership held
                           where held.run_id = $1 and held.unit_id = given.unit_id and held.valid_to = 'infinity')
         on conflict (run_id, unit_id, valid_from) do update set valid_to = 'infinity', parent_id = excluded.parent_id`,
  values,
});

/**
 * Writes what a loaded definition says, as of product time `at`: what changed since the last one is closed and opened
 * anew, the rest stays. Returns whether this version of the definition had not been seen before.
 */
export async function registerDefinition(
  inside: Queryable,
  definition: Definition,
  at: EpochMs,
  runId: number,
  units: Dictionary,
): Promise<boolean> {
  const added = await inside.query<{ id: number }>(addDefinition(definition));
  const versions = versionValues(runId, at, definition, units);
  const memberships = membershipValues(runId, at, definition, units);
  await inside.query(closeVersions(versions));
  await inside.query(openVersions(versions));
  await inside.query(closeMemberships(memberships));
  await inside.query(openMemberships(memberships));
  return added.length > 0;
}
