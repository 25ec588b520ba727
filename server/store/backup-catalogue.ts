import type pg from 'pg';

/** A table as the catalogue tells it; `partition` and `key` as in the backup's contents. */
export interface FoundTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly partition: { readonly of: string; readonly bound: string } | null;
  /** How it is divided into partitions itself; null: it holds its rows. */
  readonly key: string | null;
  readonly options: readonly string[];
}

const TABLES = `
  select c.relname::text as name, parent.relname::text as parent, pg_get_expr(c.relpartbound, c.oid) as bound,
         case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as key, coalesce(c.reloptions, '{}') as options,
         array(select a.attname::text from pg_attribute a
               where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
               order by a.attnum) as columns
  from pg_class c
  left join pg_inherits i on i.inhrelid = c.oid and c.relispartition
  left join pg_class parent on parent.oid = i.inhparent
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relpersistence <> 't'
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  order by 1`;

const REFERENCES = `
  select child.relname::text as child, parent.relname::text as parent
  from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
  where k.contype = 'f' and k.conparentid = 0 and k.connamespace = current_schema()::regnamespace
  order by 1, 2`;

/** All tables of the schema, partitions too, in an order in which they can be filled: what is referred to comes first. */
export async function findTables(client: pg.ClientBase): Promise<FoundTable[]> {
  const { rows } = await client.query<{
    name: string;
    parent: string | null;
    bound: string | null;
    key: string | null;
    options: string[];
    columns: string[];
  }>(TABLES);
  const { rows: references } = await client.query<{ child: string; parent: string }>(REFERENCES);
  const byName = new Map(rows.map((row) => [row.name, row]));
  const ordered = new Set<string>();
  const under = new Set<string>();
  const visit = (name: string) => {
    const row = byName.get(name);
    // A circle of references has no such order: filling it would tell.
    if (row === undefined || ordered.has(name) || under.has(name)) return;
    under.add(name);
    if (row.parent !== null) visit(row.parent);
    for (const { child, parent } of references) if (child === name) visit(parent);
    ordered.add(name);
  };
  for (const { name } of rows) visit(name);
  return [...ordered].flatMap((name) => {
    const row = byName.get(name);
    if (row === undefined) return [];
    const { columns, parent, bound, key, options } = row;
    return { name, columns, partition: parent === null ? null : { of: parent, bound: bound ?? '' }, key, options };
  });
}

/** Sequences that have given a number, with the last one. */
export async function findSequences(client: pg.ClientBase): Promise<{ name: string; value: number }[]> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select sequencename::text as name, last_value::text as value from pg_sequences
     where schemaname = current_schema() and last_value is not null order by 1`,
  );
  return rows.map(({ name, value }) => ({ name, value: Number(value) }));
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Whatever may lie in the schema, without what belongs to an extension. */
const OBJECTS = `
  select c.relkind::text as kind, c.oid::regclass::text as name from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition
    and not exists (select from pg_depend d where d.objid = c.oid and (d.deptype = 'e' or c.relkind = 'S' and d.deptype in ('i', 'a')))
  union all
  select 'routine', p.oid::regprocedure::text from pg_proc p
  where p.pronamespace = current_schema()::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all
  select 'type', t.oid::regtype::text from pg_type t
  where t.typnamespace = current_schema()::regnamespace and t.typtype in ('e', 'd', 'r')
    and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')`;

const WORDS: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
  routine: 'routine',
  type: 'type',
};

/** Empties the schema: its grants stay, and what belongs to extensions. */
export async function dropEverything(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ kind: string; name: string }>(OBJECTS);
  for (const { kind, name } of rows) await client.query(`drop ${WORDS[kind] ?? 'table'} if exists ${name} cascade`);
}
