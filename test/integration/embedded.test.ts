import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbedded, type EmbeddedDatabase } from '../../server/store/embedded.ts';
import { isAlive, processes } from '../support/processes.ts';
import { ask, silent, temporaryFolder } from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

async function start(folder: string, port?: number): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({ folder, logger: silent, ...(port === undefined ? {} : { port }) });
  onTestFinished(() => database.stop());
  return database;
}

test('from nothing to a database that speaks UTF-8 and sorts the same everywhere, in a folder with a space', async () => {
  const database = await start(join(temporaryFolder(), 'my data'));
  const [row] = await ask(
    database.url,
    `select current_database() as name, pg_encoding_to_char(encoding) as encoding, datcollate, datlocale,
            current_setting('server_version_num')::integer / 10000 as major, current_setting('fsync') as fsync,
            current_setting('unix_socket_directories') as sockets, current_setting('listen_addresses') as addresses
     from pg_database where datname = current_database()`,
  );
  expect(row).toEqual({
    name: 'headroom',
    encoding: 'UTF8',
    datcollate: 'C',
    datlocale: 'C.UTF-8',
    major: 18,
    fsync: 'on',
    sockets: '',
    addresses: '127.0.0.1',
  });
});

test('nobody gets in without the password, which only we can read', async () => {
  const folder = temporaryFolder();
  const database = await start(folder);
  expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
  const wrong = new URL(database.url);
  wrong.password = 'guessed';
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('killed, it comes back on the same port with everything that it had acknowledged', async () => {
  const folder = temporaryFolder();
  const first = await start(folder);
  await ask(first.url, 'create table kept (n integer)');
  for (let n = 1; n <= 20; n += 1) await ask(first.url, 'insert into kept values ($1)', [n]);
  process.kill(first.pid, 'SIGKILL');
  expect(await first.ended).toBe('signal 9');
  const second = await start(folder, first.port);
  expect(second.url).toBe(first.url);
  const rows = await ask<{ n: number }>(second.url, 'select n from kept order by n');
  expect(rows.map((r) => r.n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test('a stopped database is gone, and a second start finds its files', async () => {
  const folder = temporaryFolder();
  const first = await start(folder);
  await ask(first.url, 'create table kept (n integer)');
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start(folder);
  expect(await ask(second.url, `select to_regclass('kept') is not null as there`)).toEqual([{ there: true }]);
});

test('a database that a dead process left running is ended before another starts on its files', async () => {
  const folder = temporaryFolder();
  const first = await start(folder);
  // The shell that holds the leash is killed first, then the leash itself: nobody watches the database any more.
  const shells = processes().filter((p) => p.command.includes('headroom-database') && p.command.includes(folder));
  for (const shell of shells) process.kill(shell.pid, 'SIGKILL');
  await until('the leash to be gone', () => shells.every((s) => !isAlive(s.pid)));
  expect(isAlive(first.pid)).toBe(true);
  const second = await start(folder);
  expect(isAlive(first.pid)).toBe(false);
  expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('whoever runs it is killed: the database ends by itself', async () => {
  const folder = temporaryFolder();
  const script = fileURLToPath(new URL('../support/database-holder.ts', import.meta.url));
  const holder = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  holder.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('the database to run', () => /^\d+\n/.test(said), 60_000);
  const pid = Number(said);
  expect(isAlive(pid)).toBe(true);
  holder.kill('SIGKILL');
  await until('the database to be gone', () => !isAlive(pid), 20_000);
});

test('files of another version are left alone, and that is said', async () => {
  const folder = temporaryFolder();
  const first = await start(folder);
  await first.stop();
  writeFileSync(join(folder, 'cluster/data/PG_VERSION'), '14\n');
  await expect(start(folder)).rejects.toThrow(/made by PostgreSQL 14; this is PostgreSQL 18/);
});

test('a first start that was interrupted leaves nothing that stands in the way', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'cluster/data.new/base'), { recursive: true });
  writeFileSync(join(folder, 'cluster/data.new/PG_VERSION'), '18\n');
  const database = await start(folder);
  expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test.runIf(process.getuid?.() === 0)(
  'as root, in a folder that only root may enter, it runs as another user elsewhere',
  async () => {
    const outer = mkdtempSync(join(tmpdir(), 'headroom-private-'));
    chmodSync(outer, 0o700);
    const folder = join(outer, 'database');
    onTestFinished(() => {
      const note = join(folder, 'place.txt');
      if (existsSync(note)) rmSync(readFileSync(note, 'utf8').trim(), { recursive: true, force: true });
      rmSync(outer, { recursive: true, force: true });
    });
    const database = await start(folder);
    const [row] = await ask<{ data: string }>(database.url, `select current_setting('data_directory') as data`);
    const place = dirname(row?.data ?? '');
    expect(place).not.toContain(outer);
    expect(statSync(place).uid).not.toBe(0);
    expect(statSync(place).mode & 0o077).toBe(0);
    await database.stop();
    // The folder is thrown away, and the project with it: the next start in the same place is a first one.
    rmSync(folder, { recursive: true, force: true });
    const next = await start(folder);
    expect(await ask(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await next.stop();
  },
);
