import type pg from 'pg';
import { BackupFault } from './backup-fault.ts';
import { findTables, quote } from './backup-catalogue.ts';
import type { OpenedBackup } from './backup-reader.ts';
import { MIGRATIONS, readMigrations, refuseUnlessSame, type Migration } from './migrate.ts';

export interface Levels {
  /** Migrations that the backup's tables were made by. */
  readonly then: readonly Migration[];
  /** Those that have come since. */
  readonly since: readonly Migration[];
}

/** Throws `BackupFault` for another system's backup, `MigrationRefused` for one of a newer program. */
export function checkFits(backup: OpenedBackup, system: { readonly id: string }): Levels {
  const { header } = backup;
  if (header.system.id !== system.id) {
    throw new BackupFault(
      'BACKUP_OTHER_SYSTEM',
      `This is a backup of ${header.system.name} (${header.system.id}), not of ${system.id}.`,
    );
  }
  const files = readMigrations(MIGRATIONS);
  header.migrations.forEach((row, index) => refuseUnlessSame(row, row.number === index + 1 ? files[index] : undefined));
  return { then: files.slice(0, header.migrations.length), since: files.slice(header.migrations.length) };
}

/**
 * Throws `BackupFault` when a server is at work on the database, when it is another system's, or when it holds anything
 * and may not be replaced.
 */
export async function checkTarget(
  client: pg.ClientBase,
  system: { readonly id: string },
  replace: boolean,
): Promise<void> {
  const { rows: others } = await client.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'headroom%'`,
  );
  if (others.length > 0)
    throw new BackupFault(
      'RESTORE_IN_USE',
      'Headroom is at work on this database (a server, an import or a backup). Stop it first.',
    );
  const tables = await findTables(client);
  const names = new Set(tables.map(({ name }) => name));
  if (names.has('run')) {
    const { rows } = await client.query<{ system: string }>('select distinct system from run where system <> $1', [
      system.id,
    ]);
    if (rows[0] !== undefined)
      throw new BackupFault(
        'RESTORE_OTHER_SYSTEM',
        `The database holds ${rows[0].system}: each system has its own. It is left alone.`,
      );
  }
  if (replace) return;
  const own = seeded(readMigrations(MIGRATIONS));
  for (const { name, key } of tables) {
    if (key !== null || own.has(name)) continue;
    const { rows } = await client.query<{ there: boolean }>(`select exists (select from ${quote(name)}) as there`);
    if (rows[0]?.there === true) {
      throw new BackupFault(
        'RESTORE_NOT_EMPTY',
        `The database of ${system.id} holds something already (in ${name}). Say --replace to put the backup in its place.`,
      );
    }
  }
}

/** Tables that the migrations themselves fill: their rows say nothing of use. */
function seeded(migrations: readonly Migration[]): ReadonlySet<string> {
  const names = migrations.flatMap(({ text }) =>
    [...text.matchAll(/^\s*insert into (\w+)/gim)].map((match) => match[1] ?? ''),
  );
  return new Set([...names, 'schema_migration']);
}
