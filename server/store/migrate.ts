import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { Database } from './database.ts';
import { MigrationRefused } from './errors.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../sql/migrations', import.meta.url));
/** Any number, as long as it stays the same: two servers that start at once migrate one after the other. */
export const MIGRATION_LOCK = 712_003_118;

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly hash: string;
  readonly text: string;
}

/** The numbered files of a folder, in order. Throws `MigrationRefused` when a number is missing or there twice. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((name, index) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1] ?? NaN);
    if (number !== index + 1) {
      throw new MigrationRefused(`sql/migrations: ${name} should be number ${String(index + 1).padStart(4, '0')}.`);
    }
    // A checkout may turn line ends round: that is not another migration.
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { number, name, text, hash: createHash('sha256').update(text).digest('hex') };
  });
}

/** The list of what was applied, made before the first of them. */
export const LEDGER = `create table if not exists schema_migration (
   number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now()
 )`;

/**
 * Brings the database up to the newest migration: forward only, one transaction a file, under an advisory lock. Returns
 * the names of those applied now. Rejects with `MigrationRefused` when a file that was applied has changed or is gone.
 */
export async function migrate(database: Database, folder: string = MIGRATIONS): Promise<string[]> {
  const files = readMigrations(folder);
  return database.session(async (client) => {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await client.query(LEDGER);
      const applied = await client.query<{ number: number; name: string; hash: string }>(
        'select number, name, hash from schema_migration order by number',
      );
      for (const row of applied.rows) refuseUnlessSame(row, files[row.number - 1]);
      const due = files.slice(applied.rows.length);
      for (const file of due) await apply(client, file);
      return due.map((file) => file.name);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  });
}

/** Throws `MigrationRefused` when what was applied is not what this program has under that number. */
export function refuseUnlessSame(row: { name: string; hash: string }, file: Migration | undefined): void {
  if (file === undefined) {
    throw new MigrationRefused(
      `The database has migration ${row.name}, this program does not: it was made by a newer version. Start that one.`,
    );
  }
  if (file.name === row.name && file.hash === row.hash) return;
  throw new MigrationRefused(
    file.name === row.name
      ? `Migration ${row.name} was changed after it had been applied. Put the file back as it was; changes go into a new one.`
      : `The database was made with ${row.name} where this program has ${file.name}. A migration is never renamed or removed.`,
  );
}

async function apply(client: pg.ClientBase, file: Migration): Promise<void> {
  await client.query('begin');
  try {
    // As long as it takes: a migration of a year's history is not a slow query.
    await client.query('set local statement_timeout = 0');
    await applyInside(client, file);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Applies one file and writes it into the list, in a transaction that is the caller's. */
export async function applyInside(client: pg.ClientBase, file: Migration): Promise<void> {
  await client.query(file.text);
  await client.query('insert into schema_migration (number, name, hash) values ($1, $2, $3)', [
    file.number,
    file.name,
    file.hash,
  ]);
}
