import type { Database, Query } from './database.ts';

/** Numbers that stand for names in the tables with many rows: made on first sight, remembered for good. */
export interface Dictionary {
  /** Makes sure that every name has its number. Not to be called within a transaction: a rollback would forget them. */
  ensure(names: Iterable<string>): Promise<void>;
  /** The number of a name that was ensured. */
  of(name: string): number;
}

export function createDictionary(database: Database, insert: (names: string[]) => Query): Dictionary {
  const known = new Map<string, number>();
  return {
    async ensure(names) {
      const missing = [...new Set(names)].filter((name) => !known.has(name));
      if (missing.length === 0) return;
      const rows = await database.query<{ name: string; id: number }>(insert(missing));
      for (const { name, id } of rows) known.set(name, id);
    },
    of(name) {
      const id = known.get(name);
      if (id === undefined) throw new Error(`"${name}" has no number yet.`);
      return id;
    },
  };
}

/** Units of a system by their code. */
export const unitNumbers =
  (system: string) =>
  (codes: string[]): Query => ({
    name: 'unit-numbers',
    text: `with given as (select distinct code from unnest($2::text[]) as g(code)),
                made as (insert into unit (system, code) select $1, code from given
                         on conflict (system, code) do nothing returning unit_id, code)
           select code as name, unit_id as id from made
           union all
           select unit.code, unit.unit_id from unit join given using (code) where unit.system = $1`,
    values: [system, codes],
  });

export const metricNumbers = (names: string[]): Query => ({
  name: 'metric-numbers',
  text: `with given as (select distinct name from unnest($1::text[]) as g(name)),
              made as (insert into metric (name) select name from given
                       where not exists (select from metric where metric.name = given.name)
                       on conflict (name) do nothing returning metric_id, name)
         select name, metric_id as id from made
         union all
         select metric.name, metric.metric_id from metric join given using (name)`,
  values: [names],
});

/** Versions of rules as level changes name them: `<version>/<hash>`. */
export const rulesNumbers =
  (system: string) =>
  (names: string[]): Query => ({
    name: 'rules-numbers',
    text: `with given as (select distinct name, split_part(name, '/', 1)::integer as version,
                                 split_part(name, '/', 2) as hash from unnest($2::text[]) as g(name)),
                made as (insert into rules_version (system, version, hash, reason)
                         select $1, version, hash, '' from given
                         on conflict (system, version, hash) do nothing returning rules_id, version, hash)
           select version || '/' || hash as name, rules_id as id from made
           union all
           select given.name, r.rules_id from rules_version r
             join given using (version, hash) where r.system = $1`,
    values: [system, names],
  });
