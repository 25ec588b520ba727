import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { expect, inject, onTestFinished, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import { migrate, MIGRATIONS, readMigrations } from '../../server/store/migrate.ts';
import '../support/postgres-global.ts';

/** An empty database for one test. */
async function emptyDatabase(): Promise<{ database: Database; client: pg.Client }> {
  const name = `migrate_${Math.random().toString(36).slice(2)}`;
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const logger = pino({ level: 'silent' });
  const database = connectDatabase({ connectionString: url.href, connections: 2, statementLimitMs: 20_000, logger });
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await database.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  return { database, client };
}

function copyOfMigrations(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(MIGRATIONS, folder, { recursive: true });
  return folder;
}

/** Everything that the catalogue tells about our schema, in a stable order. */
async function schemaOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    select format('column %s.%s %s%s default %s identity %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
             case when a.attnotnull then ' not null' else '' end, pg_get_expr(d.adbin, d.adrelid), a.attidentity) as line
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
    union all
    select format('table %s %s %s %s', relname, relkind, reloptions, pg_get_partkeydef(oid)) from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
    union all select format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace = 'public'::regnamespace
    union all select format('index %s', pg_get_indexdef(indexrelid)) from pg_index
      where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
    union all select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
    union all select format('function %s', pg_get_functiondef(oid)) from pg_proc where pronamespace = 'public'::regnamespace
    order by 1`);
  return rows.map((r) => r.line);
}

test('two empty databases come out alike, and a second migration finds nothing to do', async () => {
  const [one, two] = [await emptyDatabase(), await emptyDatabase()];
  const names = readMigrations(MIGRATIONS).map((m) => m.name);
  expect(await migrate(one.database)).toEqual(names);
  expect(await migrate(two.database)).toEqual(names);
  const schema = await schemaOf(one.client);
  expect(schema).toEqual(await schemaOf(two.client));
  expect(schema.length).toBeGreaterThan(80);
  expect(await migrate(one.database)).toEqual([]);
  expect(await schemaOf(one.client)).toEqual(schema);
});

test('two servers that start at once migrate one after the other', async () => {
  const { database, client } = await emptyDatabase();
  const [a, b] = await Promise.all([migrate(database), migrate(database)]);
  expect([a.length, b.length].sort()).toEqual([0, readdirSync(MIGRATIONS).length]);
  const { rows } = await client.query<{ count: string }>('select count(*) from schema_migration');
  expect(Number(rows[0]?.count)).toBe(readdirSync(MIGRATIONS).length);
});

test('every migration says why it is there, and none writes outside its transaction', () => {
  for (const { name, text } of readMigrations(MIGRATIONS)) {
    expect(text, name).toMatch(/^-- Why: /);
    expect(text, name).not.toMatch(/^\s*(begin|commit|rollback);|concurrently/im);
  }
});

test.for([
  {
    what: 'edited',
    spoil: (folder: string, file: string) =>
      writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')}\n-- afterthought`),
    words: 'was changed after it had been applied',
  },
  {
    what: 'renamed',
    spoil: (folder: string, file: string) => renameSync(join(folder, file), join(folder, file.replace('-', '-other-'))),
    words: 'never renamed or removed',
  },
])('a database whose migration was $what is refused', async ({ spoil, words }) => {
  const { database } = await emptyDatabase();
  const folder = copyOfMigrations();
  await migrate(database, folder);
  spoil(folder, readdirSync(folder).sort()[1] ?? '');
  await expect(migrate(database, folder)).rejects.toMatchObject({
    code: 'MIGRATION_REFUSED',
    message: expect.stringContaining(words),
  });
});

test('a database that is newer than the program is refused', async () => {
  const { database } = await emptyDatabase();
  const folder = copyOfMigrations();
  await migrate(database, folder);
  rmSync(join(folder, readdirSync(folder).sort().at(-1) ?? ''));
  await expect(migrate(database, folder)).rejects.toThrow('newer version');
});

test('a number that is missing is told before anything is touched', () => {
  const folder = copyOfMigrations();
  rmSync(join(folder, readdirSync(folder).sort()[0] ?? ''));
  expect(() => readMigrations(folder)).toThrow('should be number 0001');
});

test('a migration that fails leaves nothing of itself behind', async () => {
  const { database, client } = await emptyDatabase();
  const folder = copyOfMigrations();
  const next = String(readdirSync(folder).length + 1).padStart(4, '0');
  writeFileSync(join(folder, `${next}-bad.sql`), '-- Why: to fail.\ncreate table half (id integer);\nselect 1 / 0;\n');
  await expect(migrate(database, folder)).rejects.toThrow('division by zero');
  const { rows } = await client.query<{ there: string | null }>(`select to_regclass('half')::text as there`);
  expect(rows[0]?.there).toBeNull();
  expect(await migrate(database)).toEqual([]);
});

test('the audit takes additions only', async () => {
  const { database, client } = await emptyDatabase();
  await migrate(database);
  await client.query(`insert into run (code, system, simulated, seed, began) values ('r', 's', true, 1, now())`);
  await client.query(
    `insert into audit (run_id, at, actor, role, action, subject) select run_id, now(), 'a', 'r', 'x', 'y' from run`,
  );
  for (const statement of [`update audit set actor = 'b'`, 'delete from audit', 'truncate audit']) {
    await expect(client.query(statement)).rejects.toThrow('append-only');
  }
});
