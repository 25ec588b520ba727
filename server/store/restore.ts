import type pg from 'pg';
import copies from 'pg-copy-streams';
import { BackupFault } from './backup-fault.ts';
import { dropEverything, findTables, literal, quote } from './backup-catalogue.ts';
import { dropStaged, hasFiles, stageFiles, swapFiles, type Swap } from './backup-folder.ts';
import type { Header, Table } from './backup-format.ts';
import { openBackup, type OpenedBackup } from './backup-reader.ts';
import { withSession } from './backup-session.ts';
import { applyInside, LEDGER, MIGRATION_LOCK } from './migrate.ts';
import { boundsSql, checkPartitions } from './partition-bounds.ts';
import { checkFits, checkTarget, type Levels } from './restore-checks.ts';

export interface RestoreOptions {
  readonly connectionString: string;
  readonly system: { readonly id: string };
  /** The system's folder, which no server uses now. */
  readonly folder: string;
  /** Whether what is there may go. */
  readonly replace: boolean;
}

export interface RestoreDone {
  readonly header: Header;
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  /** Migrations that brought it from the backup's state to this program's. */
  readonly migrated: readonly string[];
  /** Where the files lie that were there before; null where none were. */
  readonly aside: string | null;
}

/** Opens a backup and checks all that can be checked without its database. To be closed. Rejects with `BackupFault`. */
export async function openChecked(
  file: string,
  system: { readonly id: string },
): Promise<{ backup: OpenedBackup; levels: Levels }> {
  const backup = await openBackup(file);
  try {
    const levels = checkFits(backup, system);
    checkPartitions(file, backup.contents.tables);
    await backup.verify();
    return { backup, levels };
  } catch (error) {
    await backup.close();
    throw error;
  }
}

/**
 * Puts a checked backup in the place of what the database and the folder hold: one transaction, within which the files
 * change places too, so that either all of it is there or nothing has changed.
 */
export async function restoreBackup(
  { backup, levels }: { readonly backup: OpenedBackup; readonly levels: Levels },
  options: RestoreOptions,
): Promise<RestoreDone> {
  const { system, folder, replace } = options;
  if (!replace && (await hasFiles(folder))) {
    throw new BackupFault(
      'RESTORE_NOT_EMPTY',
      `${folder} holds files of ${system.id}. Say --replace to put them aside.`,
    );
  }
  return withSession(options.connectionString, 'headroom-restore', async (client) => {
    let swap: Swap | null = null;
    await client.query('begin');
    try {
      // A server that starts now waits here, as it would for another one's migrations.
      await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await checkTarget(client, system, replace);
      await stageFiles(folder, backup);
      const rows = await fill(client, backup, levels);
      swap = await swapFiles(folder, backup, stampOf());
      await client.query('commit');
      const { header, contents } = backup;
      const migrated = levels.since.map(({ name }) => name);
      return {
        header,
        tables: contents.tables.length,
        rows,
        files: contents.files.length,
        migrated,
        aside: swap.aside,
      };
    } catch (error) {
      swap?.undo();
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      dropStaged(folder);
    }
  });
}

const stampOf = () => Temporal.Now.instant().toString({ smallestUnit: 'second' }).replaceAll(':', '');

async function fill(client: pg.ClientBase, backup: OpenedBackup, { then, since }: Levels): Promise<number> {
  const { tables, sequences } = backup.contents;
  await dropEverything(client);
  await client.query(LEDGER);
  for (const migration of then) await applyInside(client, migration);
  await makePartitions(client, tables);
  // Triggers of ours watch over what people do, not over what is put back.
  for (const { name } of tables) await client.query(`alter table ${quote(name)} disable trigger user`);
  for (const { name } of tables.filter(({ section }) => section !== null).toReversed()) {
    await client.query(`delete from ${quote(name)}`);
  }
  let rows = 0;
  for (const table of tables) rows += await copyIn(client, table, backup);
  for (const { name, value } of sequences) {
    await client.query('select setval($1::regclass, $2::bigint, true)', [quote(name), value]);
  }
  for (const { name } of tables) await client.query(`alter table ${quote(name)} enable trigger user`);
  for (const migration of since) await applyInside(client, migration);
  await client.query('analyze');
  return rows;
}

/** The migrations make the tables; their partitions came with the data. */
async function makePartitions(client: pg.ClientBase, tables: readonly Table[]): Promise<void> {
  const there = new Set((await findTables(client)).map(({ name }) => name));
  for (const { name, partition, options } of tables) {
    if (there.has(name)) continue;
    const bounds = partition && boundsSql(partition.bound);
    if (partition === null || bounds === null) {
      throw new BackupFault('RESTORE_DIFFERS', `The backup holds a table ${name} that its migrations do not make.`);
    }
    const settings = options.length === 0 ? '' : ` with (${options.map(setting).join(', ')})`;
    await client.query(`create table ${quote(name)} partition of ${quote(partition.of)} ${bounds}${settings}`);
  }
}

/** `fillfactor=70` as the catalogue keeps it. */
function setting(option: string): string {
  const [name = '', ...value] = option.split('=');
  return `${name.split('.').map(quote).join('.')} = ${literal(value.join('='))}`;
}

async function copyIn(client: pg.ClientBase, table: Table, backup: OpenedBackup): Promise<number> {
  if (table.section === null) return 0;
  const columns = table.columns.map(quote).join(', ');
  const copy = client.query(copies.from(`copy ${quote(table.name)} (${columns}) from stdin`));
  await backup.pour(table.section, copy);
  if (copy.rowCount === table.rows) return table.rows;
  throw new BackupFault(
    'RESTORE_DIFFERS',
    `${table.name} took ${copy.rowCount} rows where the backup tells of ${table.rows}.`,
  );
}
