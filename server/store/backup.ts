import { readFileSync } from 'node:fs';
import type pg from 'pg';
import copies from 'pg-copy-streams';
import { codeOf } from '../domain/error-code.ts';
import { BackupFault } from './backup-fault.ts';
import { findSequences, findTables, quote, type FoundTable } from './backup-catalogue.ts';
import { keepFiles } from './backup-folder.ts';
import { FORMAT, type Header, type Table } from './backup-format.ts';
import { withSession } from './backup-session.ts';
import { createBackupWriter, type BackupWriter, type OpenFile } from './backup-writer.ts';

/** Tables dropped between being listed and being held: looked again so often. */
const ATTEMPTS = 3;
const UNDEFINED_TABLE = '42P01';

export interface BackupOptions {
  readonly connectionString: string;
  readonly system: { readonly id: string; readonly name: string };
  /** The system's folder; files in it are kept too. */
  readonly folder: string;
  /** Where the backup goes; must not be there yet. */
  readonly file: string;
  readonly openFile?: OpenFile;
}

export interface BackupDone {
  readonly header: Header;
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes everything that the database holds at one instant, and the files beside it, into one file. Servers may go on
 * writing. Rejects with `BackupFault` or `StoreUnavailable`, and leaves nothing behind then.
 */
export async function takeBackup(options: BackupOptions): Promise<BackupDone> {
  return withSession(options.connectionString, 'headroom-backup', async (client) => {
    const found = await holdTables(client);
    const header = await describeDatabase(client, options, found);
    const writer = await createBackupWriter(options.file, header, options.openFile);
    try {
      const tables: Table[] = [];
      for (const table of found) tables.push(await copyOut(client, table, writer));
      const sequences = await findSequences(client);
      // After the snapshot: a clock that stood behind what is recorded would live through it twice.
      const files = await keepFiles(options.folder, writer);
      const bytes = await writer.finish({ tables, sequences, files });
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      return { header, tables: tables.length, rows, files: files.length, bytes };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  });
}

/** Begins the snapshot and keeps its tables from being dropped while they are read. */
async function holdTables(client: pg.ClientBase): Promise<FoundTable[]> {
  for (let attempt = 1; ; attempt += 1) {
    await client.query('begin isolation level repeatable read read only');
    try {
      const tables = await findTables(client);
      if (tables.length > 0) {
        await client.query(
          `lock table only ${tables.map(({ name }) => quote(name)).join(', only ')} in access share mode`,
        );
      }
      return tables;
    } catch (error) {
      const dropped = codeOf(error) === UNDEFINED_TABLE;
      await client.query('rollback');
      if (!dropped || attempt === ATTEMPTS) throw error;
    }
  }
}

async function describeDatabase(
  client: pg.ClientBase,
  { system }: BackupOptions,
  found: readonly FoundTable[],
): Promise<Header> {
  if (!found.some(({ name }) => name === 'schema_migration'))
    throw new BackupFault('BACKUP_NOTHING', `The database of ${system.name} is empty: there is nothing to back up.`);
  const { rows: migrations } = await client.query<Header['migrations'][number]>(
    'select number, name, hash from schema_migration order by number',
  );
  const { rows: runs } = await client.query<Header['runs'][number] & { system: string }>(
    `select code as run, system, simulated,
            to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedTo"
     from run left join journal_position using (run_id) order by run_id`,
  );
  const other = runs.find((run) => run.system !== system.id);
  if (other !== undefined)
    throw new BackupFault('BACKUP_OTHER_SYSTEM', `The database is that of ${other.system}, not of ${system.id}.`);
  return {
    format: FORMAT,
    product: productVersion(),
    system: { id: system.id, name: system.name },
    takenAt: Temporal.Now.instant().toString({ smallestUnit: 'second' }),
    migrations,
    runs: runs.map(({ run, simulated, recordedTo }) => ({ run, simulated, recordedTo })),
  };
}

async function copyOut(client: pg.ClientBase, table: FoundTable, writer: BackupWriter): Promise<Table> {
  const { name, columns, partition, key, options } = table;
  const told = { name, columns: [...columns], partition: partition && { ...partition }, key, options: [...options] };
  if (key !== null) return { ...told, rows: 0, section: null };
  const copy = client.query(copies.to(`copy ${quote(name)} (${columns.map(quote).join(', ')}) to stdout`));
  const section = await writer.add(copy);
  return { ...told, rows: copy.rowCount, section };
}

export function productVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
