import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR, QUARTER } from '#shared/model/time.ts';
import { connectDatabase } from '../../server/store/database.ts';
import { migrate, MIGRATIONS } from '../../server/store/migrate.ts';
import { takeBackup, type BackupOptions } from '../../server/store/backup.ts';
import { openChecked, restoreBackup, type RestoreOptions } from '../../server/store/restore.ts';
import { anotherDatabase, contentOf, fillFolder, fillStore, SYSTEM } from '../support/backup-world.ts';
import { commit, EIGHT, reading } from '../support/commits.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import {
  ask,
  openTestJournal,
  silent,
  startStore,
  storedReadings,
  takenIn,
  temporaryFolder,
} from '../support/store-fixture.ts';

const newFile = () => join(temporaryFolder(), 'small.backup');

function backUp(url: string, given: Partial<BackupOptions> = {}) {
  return takeBackup({ connectionString: url, system: SYSTEM, folder: temporaryFolder(), file: newFile(), ...given });
}

async function restore(file: string, url: string, given: Partial<RestoreOptions> = {}) {
  const checked = await openChecked(file, given.system ?? SYSTEM);
  try {
    const options = { connectionString: url, system: SYSTEM, folder: temporaryFolder(), replace: false, ...given };
    return await restoreBackup(checked, options);
  } finally {
    await checked.backup.close();
  }
}

/** A filled database at rest, and a backup of it. */
async function backedUp() {
  const url = await anotherDatabase();
  const { store } = await fillStore(url);
  await store.stop();
  const file = newFile();
  const done = await backUp(url, { file });
  return { url, file, done };
}

test('what is restored is the same, table by table, and answers the same', async () => {
  const { url, file, done } = await backedUp();
  const target = await anotherDatabase();
  const restored = await restore(file, target);
  const before = await contentOf(url);
  expect(await contentOf(target)).toEqual(before);
  expect(Object.keys(before).filter((name) => /^history_\d/.test(name)).length).toBeGreaterThan(2);
  expect(before['level_change']).toMatch(/^6 /);
  expect(restored.rows).toBe(done.rows);
  expect(done.header).toMatchObject({ format: 1, system: SYSTEM, runs: [{ run: 'monday', simulated: true }] });

  const answers = async (from: string) => {
    const store = startStore({
      url: from,
      journal: await openTestJournal(),
      rulesId: (rules) => `${rules.version}/cafe`,
    });
    const server = await startServer(createMemoryBoard(smallDefinition()), { history: store });
    const get = async (path: string) => (await request(`${server.url}${path}`)).body.json();
    const range = `from=2026-01-12T08:00:00Z&to=2026-01-12T10:00:00Z`;
    const wanted = [
      `/api/units/P1/series?metric=calls.waiting&${range}`,
      `/api/units/N1/series?metric=pressure.score&${range}&step=60000`,
      '/api/units/P1/published',
    ];
    await expect.poll(() => store.conditions().map((c) => c.status)).toEqual(['ok', 'ok']);
    const levels = await store.levelChanges(EIGHT, EIGHT + 1000 * HOUR, 50);
    return { levels, said: await Promise.all(wanted.map(get)) };
  };
  const told = await answers(url);
  expect(told.levels).toHaveLength(6);
  expect(await answers(target)).toEqual(told);
});

test('a server goes on from what was restored: its journal begins anew, and nothing is taken in twice', async () => {
  const { file } = await backedUp();
  const target = await anotherDatabase();
  await restore(file, target);
  const kept = await storedReadings(target);
  const journal = await openTestJournal();
  const at = EIGHT + 30 * 24 * HOUR;
  journal.append(commit(1, { at, applied: [reading('P1', at, 77)] }));
  const store = startStore({ url: target, journal, rulesId: (rules) => `${rules.version}/cafe` });
  await takenIn(store, journal);
  const readings = await storedReadings(target);
  expect(readings).toHaveLength(kept.length + 1);
  expect(readings).toEqual(expect.arrayContaining(kept));
  expect(
    await store.series({ unit: 'P1', metric: 'calls.waiting', from: at, to: at + QUARTER, step: QUARTER }),
  ).toEqual([[at, 77]]);
  // Numbers go on where they were: nothing new wears the number of something old.
  await ask(target, `insert into unit (system, code) values ('small', 'NEW')`);
});

test('a backup beside a server that writes holds one instant of it', async () => {
  const url = await anotherDatabase();
  const { store, journal } = await fillStore(url);
  const file = newFile();
  let seq = journal.lastSeq;
  let writing = true;
  const write = (async () => {
    while (writing) {
      seq += 1;
      const at = EIGHT + seq * 500;
      journal.append(commit(seq, { at, applied: [reading('P3', at, seq), reading('P4', at, seq)] }));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  try {
    await expect.poll(() => store.position().seq).toBeGreaterThan(40);
    await backUp(url, { file });
    const then = store.position().seq;
    await expect.poll(() => store.position().seq).toBeGreaterThan(then);
  } finally {
    writing = false;
    await write;
  }
  const target = await anotherDatabase();
  await restore(file, target);
  const [position] = await ask<{ seq: string }>(target, 'select seq from journal_position');
  const to = Number(position?.seq);
  expect(to).toBeGreaterThan(40);
  for (const unit of ['P3', 'P4']) {
    const values = (await storedReadings(target)).filter((r) => r.unit === unit).map((r) => r.value);
    expect(values).toEqual(Array.from({ length: to - 30 }, (_, i) => i + 31));
  }
});

test('the data folder is kept too, but for what names its own time; what was there goes aside', async () => {
  const url = await anotherDatabase();
  const { store } = await fillStore(url);
  await store.stop();
  const [from, to] = [fillFolder(), fillFolder()];
  const file = newFile();
  appendFileSync(join(from, 'runs/monday/audit.jsonl'), '{"at":"3"}\n');
  // What the one database was seen to have says nothing of the other.
  const confirmed = 'runs/monday/redirections.confirmed.json';
  for (const folder of [from, to]) appendFileSync(join(folder, confirmed), '["r1"]\n');
  expect((await backUp(url, { file, folder: from })).files).toBe(5);
  const target = await anotherDatabase();
  await expect(restore(file, target, { folder: to })).rejects.toMatchObject({ code: 'RESTORE_NOT_EMPTY' });
  expect(await ask(target, `select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
  const { aside, files } = await restore(file, target, { folder: to, replace: true });
  expect(files).toBe(5);
  const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
  expect(read(to, 'runs/monday/audit.jsonl')).toBe(read(from, 'runs/monday/audit.jsonl'));
  expect(read(to, 'runs/monday/quarantine/2026-01-12.jsonl')).toBe('');
  expect([confirmed, 'runs/monday/journal'].map((path) => existsSync(join(to, path)))).toEqual([false, false]);
  expect(read(aside ?? '', 'runs/monday/journal/segment-1.hrj')).toBe('journal');
  expect(read(aside ?? '', 'runs/monday/audit.jsonl')).toBe('{"at":"1"}\n{"at":"2"}\n');
  expect(existsSync(join(to, 'database/cluster/data/PG_VERSION'))).toBe(true);
  expect(readdirSync(to).filter((name) => name === 'restoring')).toEqual([]);
});

test('a backup that was damaged, cut, or never one is refused before anything changes', async () => {
  const { file } = await backedUp();
  const whole = readFileSync(file);
  const size = whole.length;
  // Every part of it: header, sections from one end to the other, contents, footer.
  const places = [
    3,
    18,
    40,
    200,
    ...[0.3, 0.5, 0.7, 0.9, 0.97].map((share) => Math.floor(size * share)),
    size - 50,
    size - 20,
    size - 1,
  ];
  for (const place of places) {
    const spoiled = Buffer.from(whole);
    spoiled.writeUInt8((spoiled.readUInt8(place) + 1) % 256, place);
    writeFileSync(file, spoiled);
    await expect(openChecked(file, SYSTEM), `byte ${place}`).rejects.toMatchObject({
      code: expect.stringMatching(/^BACKUP_(CORRUPT|CUT|NO_BACKUP)$/),
    });
  }
  for (const length of [0, 10, 100, Math.floor(size / 2), size - 1]) {
    writeFileSync(file, whole);
    truncateSync(file, length);
    await expect(openChecked(file, SYSTEM), `${length} bytes`).rejects.toMatchObject({
      code: length < 16 ? 'BACKUP_NO_BACKUP' : 'BACKUP_CUT',
    });
  }
  await expect(openChecked(join(file, '..', 'none'), SYSTEM)).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
  await expect(openChecked(temporaryFolder(), SYSTEM)).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
});

test('another system, a database in use, and one that is not empty are refused, and left as they are', async () => {
  const { file } = await backedUp();
  await expect(openChecked(file, { id: 'other' })).rejects.toMatchObject({ code: 'BACKUP_OTHER_SYSTEM' });

  const target = await anotherDatabase();
  const database = connectDatabase({
    connectionString: target,
    connections: 1,
    statementLimitMs: 20_000,
    logger: silent,
  });
  await migrate(database);
  await expect(restore(file, target)).rejects.toMatchObject({ code: 'RESTORE_IN_USE' });
  await database.end();
  // Migrated, and nothing more: what the migrations put there is not in the way.
  await restore(file, target);
  await ask(target, `insert into unit (system, code) values ('small', 'LATER')`);
  const before = await contentOf(target);
  await expect(restore(file, target)).rejects.toMatchObject({ code: 'RESTORE_NOT_EMPTY' });
  expect(await contentOf(target)).toEqual(before);
  await restore(file, target, { replace: true });
  expect(await ask(target, `select from unit where code = 'LATER'`)).toEqual([]);

  await ask(target, `update run set system = 'elsewhere'`);
  await expect(restore(file, target, { replace: true })).rejects.toMatchObject({ code: 'RESTORE_OTHER_SYSTEM' });
  await expect(backUp(target)).rejects.toMatchObject({ code: 'BACKUP_OTHER_SYSTEM' });
});

test('a restore that fails halfway leaves database and folder as they were', async () => {
  const { file } = await backedUp();
  const target = await anotherDatabase();
  await restore(file, target);
  await ask(target, `insert into unit (system, code) values ('small', 'LATER')`);
  const [before, folder] = [await contentOf(target), fillFolder()];
  const checked = await openChecked(file, SYSTEM);
  onTestFinished(() => checked.backup.close());
  const tables = checked.backup.contents.tables.map((t) =>
    t.name === 'level_change' ? { ...t, rows: t.rows + 1 } : t,
  );
  const wrong = { ...checked, backup: { ...checked.backup, contents: { ...checked.backup.contents, tables } } };
  const options = { connectionString: target, system: SYSTEM, folder, replace: true };
  await expect(restoreBackup(wrong, options)).rejects.toMatchObject({ code: 'RESTORE_DIFFERS' });
  expect(await contentOf(target)).toEqual(before);
  expect(existsSync(join(folder, 'runs/monday/journal/segment-1.hrj'))).toBe(true);
  expect(readdirSync(folder).filter((name) => /restor/.test(name))).toEqual([]);
});

test('a backup of a newer program is refused', async () => {
  const { url } = await backedUp();
  await ask(
    url,
    `insert into schema_migration (number, name, hash)
     select max(number) + 1, '9999-later.sql', md5('') || md5('') from schema_migration`,
  );
  const file = newFile();
  await backUp(url, { file });
  await expect(openChecked(file, SYSTEM)).rejects.toMatchObject({ code: 'MIGRATION_REFUSED' });
});

test('a backup of an older program is brought up to this one', async () => {
  const folder = temporaryFolder();
  cpSync(MIGRATIONS, folder, { recursive: true });
  const names = readdirSync(folder).sort();
  for (const name of names.slice(4)) rmSync(join(folder, name));
  const old = await anotherDatabase();
  const database = connectDatabase({ connectionString: old, connections: 1, statementLimitMs: 20_000, logger: silent });
  expect(await migrate(database, folder)).toHaveLength(4);
  await ask(old, `insert into unit (system, code) values ('small', 'P1')`);
  const file = newFile();
  await backUp(old, { file });
  const target = await anotherDatabase();
  expect((await restore(file, target)).migrated).toEqual(names.slice(4));
  expect(await ask(target, 'select system, code from unit')).toEqual([{ system: 'small', code: 'P1' }]);
  const now = connectDatabase({ connectionString: target, connections: 1, statementLimitMs: 20_000, logger: silent });
  expect(await migrate(now)).toEqual([]);
  await Promise.all([database.end(), now.end()]);
});

test('a full disk and a name that is taken are told, and nothing is left behind', async () => {
  const { url, file } = await backedUp();
  await expect(backUp(url, { file })).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
  const target = newFile();
  let room = 2000;
  const openFile: BackupOptions['openFile'] = async (path, flags, mode) => {
    const real = await open(path, flags, mode);
    const write = async (buffer: Buffer, offset: number, length: number, position: number) => {
      room -= length;
      if (room < 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return real.write(buffer, offset, length, position);
    };
    return { write, sync: () => real.sync(), close: () => real.close() } as never;
  };
  await expect(backUp(url, { file: target, openFile })).rejects.toMatchObject({
    code: 'BACKUP_DISK_FULL',
    message: expect.stringContaining('The disk is full'),
  });
  expect(readdirSync(join(target, '..'))).toEqual([]);
  await expect(backUp(await anotherDatabase())).rejects.toMatchObject({ code: 'BACKUP_NOTHING' });
});
