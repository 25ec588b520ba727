import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { realDisk, type JournalDisk } from '../../server/store/journal-disk.ts';
import { openJournal, type DiskJournal } from '../../server/store/journal.ts';
import type { Commit } from '../../server/domain/ports.ts';
import { commit, EIGHT, levelChange, reading } from '../support/commits.ts';
import { until } from '../support/until.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headroom-journal-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function open(path: string, given: { byteBudget?: number; disk?: JournalDisk; log?: string[] } = {}) {
  const lines = given.log ?? [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const { disk } = given;
  const journal = await openJournal({
    folder: path,
    byteBudget: given.byteBudget ?? 64e6,
    logger,
    ...(disk === undefined ? {} : { disk }),
  });
  onTestFinished(() => journal.close());
  return journal;
}

const numbers = (commits: Iterable<Commit>) => [...commits].map((c) => c.seq);
const segmentsOf = (path: string) =>
  readdirSync(path)
    .filter((n) => n.startsWith('segment-'))
    .sort()
    .map((n) => join(path, n));
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** A journal of `count` commits on disk, as a killed process leaves it: nothing was closed. */
async function leftBehind(path: string, count: number): Promise<string> {
  const journal = await open(path);
  const { epoch } = journal.recovered();
  for (const seq of upTo(count)) journal.append(commit(seq));
  // Closing adds nothing to the records; only the word that it was clean.
  await journal.close();
  return epoch;
}

test('a new journal begins an epoch and knows nothing', async () => {
  const journal = await open(folder());
  const { epoch, state, seq, commits } = journal.recovered();
  expect(epoch).toMatch(/^[0-9a-f-]{36}$/);
  expect({ state, seq, commits }).toEqual({ state: null, seq: 0, commits: [] });
});

test('what was appended comes back whole, in order and in the same epoch', async () => {
  const path = folder();
  const epoch = await leftBehind(path, 50);
  const journal = await open(path);
  expect(journal.recovered().epoch).toBe(epoch);
  expect(journal.recovered().commits).toEqual(upTo(50).map((seq) => commit(seq)));
  expect(journal.lastSeq).toBe(50);
  expect(journal.condition()).toEqual({ part: 'journal', status: 'ok', reason: '' });
});

test('a checkpoint gives the state back, and only the commits after it', async () => {
  const path = folder();
  const first = await open(path);
  for (const seq of upTo(30)) first.append(commit(seq));
  first.checkpoint(20, { board: 'as of 20' });
  await first.close();
  const { state, seq, commits } = (await open(path)).recovered();
  expect({ state, seq }).toEqual({ state: { board: 'as of 20' }, seq: 20 });
  expect(numbers(commits)).toEqual(upTo(30, 21));
});

test('a damaged checkpoint is told, and the one before it used', async () => {
  const path = folder();
  const first = await open(path);
  for (const seq of upTo(10)) first.append(commit(seq));
  first.checkpoint(5, 'at 5');
  await until('the first checkpoint', () => readdirSync(path).some((n) => n.endsWith('05.hrj')));
  first.checkpoint(10, 'at 10');
  await first.close();
  const newest = join(path, 'checkpoint-0000000000000010.hrj');
  writeFileSync(newest, readFileSync(newest).fill(0, 20, 24));
  const log: string[] = [];
  const journal = await open(path, { log });
  expect(journal.recovered().state).toBe('at 5');
  expect(numbers(journal.recovered().commits)).toEqual(upTo(10, 6));
  expect(log.join()).toContain('checkpoint 10 could not be read');
  expect(journal.condition().status).toBe('degraded');
});

test('a torn last record is cut off and told; the epoch goes on, for nobody had heard of it', async () => {
  const path = folder();
  const epoch = await leftBehind(path, 10);
  const [segment = ''] = segmentsOf(path);
  truncateSync(segment, statSync(segment).size - 7);
  const log: string[] = [];
  const journal = await open(path, { log });
  expect(numbers(journal.recovered().commits)).toEqual(upTo(9));
  expect(journal.recovered().epoch).toBe(epoch);
  expect(log.join()).toContain('unfinished last record');
  journal.append(commit(10));
  await journal.close();
  expect(numbers((await open(path)).recovered().commits)).toEqual(upTo(10));
});

test.for([
  { what: 'in the middle of the journal', at: 0.5 },
  { what: 'in its last record, whole once', at: 0.999 },
])('bytes gone bad $what are skipped loudly, and a new epoch begins', async ({ at }) => {
  const path = folder();
  const epoch = await leftBehind(path, 20);
  const [segment = ''] = segmentsOf(path);
  const bytes = readFileSync(segment);
  const place = Math.min(bytes.length - 3, Math.floor(bytes.length * at));
  bytes.writeUInt8(bytes.readUInt8(place) ^ 0xff, place);
  writeFileSync(segment, bytes);
  const log: string[] = [];
  const journal = await open(path, { log });
  expect(journal.recovered().commits).toHaveLength(19);
  expect(journal.recovered().epoch).not.toBe(epoch);
  expect(log.join()).toContain('could not be read and were skipped');
  expect(journal.condition()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('damaged') });
});

test('nothing that was acknowledged is lost when the writer is killed, again and again', async () => {
  const path = folder();
  const script = fileURLToPath(new URL('../support/journal-writer.ts', import.meta.url));
  let said = 0;
  for (let round = 0; round < 4; round += 1) {
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
    await until('the writer to be well under way', () => lines.length > 150 + round * 60, 30_000);
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    const acknowledged = lines.map(Number).filter(Number.isInteger);
    said = Math.max(said, ...acknowledged);
  }
  const journal = await open(path);
  expect(journal.lastSeq).toBeGreaterThanOrEqual(said);
  expect(numbers(journal.commitsFrom(0))).toEqual(upTo(journal.lastSeq));
  expect(said).toBeGreaterThan(600);
});

test('a living owner keeps everybody else out, with his number in the words', async () => {
  const path = folder();
  await open(path);
  await expect(open(path)).rejects.toMatchObject({
    code: 'FOLDER_LOCKED',
    message: expect.stringContaining(`${process.pid}`),
  });
  const script = fileURLToPath(new URL('../support/journal-writer.ts', import.meta.url));
  const other = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  other.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => other.once('close', resolve));
  expect(said.trim()).toBe('FOLDER_LOCKED');
});

test('a dead owner’s lock is taken over, also when its number belongs to somebody else by now', async () => {
  const path = folder();
  await leftBehind(path, 3);
  const { hostname } = await import('node:os');
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid: process.pid, started: '1', host: hostname(), note: '' }));
  expect((await open(path)).lastSeq).toBe(3);
});

test('an empty lock, left by a process that died while writing it, is nobody’s', async () => {
  const path = folder();
  await leftBehind(path, 3);
  writeFileSync(join(path, 'lock'), '');
  expect((await open(path)).lastSeq).toBe(3);
});

test('commits can be read from any number, across segments and from memory', async () => {
  const path = folder();
  await leftBehind(path, 40);
  const journal = await open(path);
  for (const seq of upTo(60, 41)) journal.append(commit(seq));
  expect(numbers(journal.commitsFrom(0))).toEqual(upTo(60));
  expect(numbers(journal.commitsFrom(39))).toEqual(upTo(60, 40));
  expect(numbers(journal.commitsFrom(55))).toEqual(upTo(60, 56));
  expect(numbers(journal.commitsFrom(60))).toEqual([]);
});

/** Commits that fill segments quickly: random values do not compress away. */
function bulky(seq: number): Commit {
  const at = EIGHT + seq * 1000;
  const applied = Array.from({ length: 200 }, (_, i) => reading(`P${i}`, at, Math.random()));
  return commit(seq, { applied, levels: [levelChange('P1', at)] });
}

async function fill(path: string, journal: DiskJournal, last: number): Promise<void> {
  for (const seq of upTo(last)) {
    journal.append(bulky(seq));
    if (seq % 50 !== 0) continue;
    journal.checkpoint(seq, { upTo: seq });
    const file = `checkpoint-${String(seq).padStart(16, '0')}.hrj`;
    await until(`checkpoint ${seq}`, () => readdirSync(path).includes(file));
  }
}

const bytesOf = (path: string) => segmentsOf(path).reduce((sum, s) => sum + statSync(s).size, 0);

test('what the database has and a checkpoint covers is dropped', async () => {
  const path = folder();
  const journal = await open(path, { byteBudget: 1e6 });
  await fill(path, journal, 150);
  const before = segmentsOf(path);
  journal.stored(150);
  await until('old segments to go', () => segmentsOf(path).length < before.length);
  expect(segmentsOf(path)).not.toContain(before[0]);
  expect(journal.condition().status).toBe('ok');
  // Both checkpoints still have every commit after them.
  expect(numbers(journal.commitsFrom(100))).toEqual(upTo(150, 101));
});

test('with the database away and the budget used up, the oldest detail is thinned, and that is said', async () => {
  const path = folder();
  const journal = await open(path, { byteBudget: 800_000 });
  await fill(path, journal, 600);
  await until('the journal to fit again', () => bytesOf(path) < 1_000_000);
  expect(journal.condition()).toMatchObject({
    status: 'degraded',
    reason: expect.stringContaining('one value a quarter hour'),
  });
  const kept = [...journal.commitsFrom(0)];
  // Levels are never thinned; readings keep the last of each quarter hour.
  expect(kept[0]?.levels).toHaveLength(1);
  expect(kept.at(-1)?.applied).toHaveLength(200);
  const oldest = kept.slice(0, 20).reduce((sum, c) => sum + c.applied.length, 0);
  expect(oldest).toBeLessThan(20 * 200);
});

/** A disk that takes `room` bytes more, and then says that it is full; `free` gives it new room. */
function fullDisk(room: number): JournalDisk & { free(bytes: number): void } {
  let left = room;
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  return {
    ...realDisk,
    free: (bytes) => (left = bytes),
    writeSync(fd, bytes, offset, length) {
      if (left <= 0) throw full();
      // A disk that fills up takes half a record first.
      const count = realDisk.writeSync(fd, bytes, offset, Math.min(length, left));
      left -= count;
      return count;
    },
  };
}

test('a full disk stops nobody: it is said, changes wait in memory, and are written when there is room', async () => {
  const path = folder();
  const disk = fullDisk(3000);
  const journal = await open(path, { disk });
  const { epoch } = journal.recovered();
  for (const seq of upTo(40)) journal.append(commit(seq));
  expect(journal.condition()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('ENOSPC') });
  // The follower still gets everything: what the disk refused is in memory.
  expect(numbers(journal.commitsFrom(0))).toEqual(upTo(40));
  disk.free(1e9);
  journal.append(commit(41));
  expect(journal.condition().status).toBe('ok');
  await journal.close();
  const again = await open(path);
  expect(numbers(again.recovered().commits)).toEqual(upTo(41));
  expect(again.recovered().epoch).toBe(epoch);
});

test('killed while the disk was full: what is missing breaks the epoch, so that no number is given out twice', async () => {
  const path = folder();
  const journal = await open(path, { disk: fullDisk(3000) });
  const { epoch } = journal.recovered();
  for (const seq of upTo(40)) journal.append(commit(seq));
  await journal.close();
  const again = await open(path);
  expect(again.lastSeq).toBeLessThan(40);
  expect(again.recovered().epoch).not.toBe(epoch);
});

test('a disk that fails while syncing is said', async () => {
  const disk: JournalDisk = {
    ...realDisk,
    fdatasync: (_, done) => done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })),
  };
  const journal = await open(folder(), { disk });
  journal.append(commit(1));
  await expect(journal.flush()).rejects.toThrow('EIO');
  expect(journal.condition()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('EIO') });
});
