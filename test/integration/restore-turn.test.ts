import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { takeBackup } from '../../server/store/backup.ts';
import { connectDatabase } from '../../server/store/database.ts';
import { MIGRATION_LOCK } from '../../server/store/migrate.ts';
import { openChecked, restoreBackup } from '../../server/store/restore.ts';
import { anotherDatabase, contentOf, fillStore, SYSTEM } from '../support/backup-world.ts';
import { ask, silent, temporaryFolder } from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const WAITING = `select from pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database())`;

test('a server that starts while a restore waits its turn is noticed, and nothing is changed beneath it', async () => {
  const url = await anotherDatabase();
  const { store } = await fillStore(url);
  await store.stop();
  const file = join(temporaryFolder(), 'small.backup');
  await takeBackup({ connectionString: url, system: SYSTEM, folder: temporaryFolder(), file });
  const before = await contentOf(url);
  const checked = await openChecked(file, SYSTEM);
  const migrating = new pg.Client({ connectionString: url });
  await migrating.connect();
  await migrating.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  const options = { connectionString: url, system: SYSTEM, folder: temporaryFolder(), replace: true };
  const restored = restoreBackup(checked, options).catch((error: unknown) => error);
  await until('the restore to wait', async () => (await ask(url, WAITING)).length > 0);
  const server = connectDatabase({ connectionString: url, connections: 1, statementLimitMs: 20_000, logger: silent });
  await server.query({ name: 'here', text: 'select 1', values: [] });
  await migrating.end();
  expect(await restored).toMatchObject({ code: 'RESTORE_IN_USE' });
  await server.end();
  await checked.backup.close();
  expect(await contentOf(url)).toEqual(before);
});
