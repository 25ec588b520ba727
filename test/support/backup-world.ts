import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { HOUR } from '#shared/model/time.ts';
import type { DiskJournal } from '../../server/store/journal.ts';
import type { Store } from '../../server/store/store.ts';
import { commit, EIGHT, levelChange, reading } from './commits.ts';
import './postgres-global.ts';
import { ask, openTestJournal, startStore, takenIn, temporaryFolder } from './store-fixture.ts';

export const SYSTEM = { id: 'small', name: 'Small system' };
const WEEK = 7 * 24 * HOUR;

/** An empty database that goes with the test. */
export async function anotherDatabase(): Promise<string> {
  const name = `restore_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  onTestFinished(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

/** Three weeks of readings, changes of level with words of every kind, published figures: what each table can hold. */
export async function fillStore(url: string): Promise<{ store: Store; journal: DiskJournal }> {
  const journal = await openTestJournal();
  for (let seq = 1; seq <= 30; seq += 1) {
    const at = EIGHT + (seq % 3) * WEEK + seq * 60_000;
    const applied = [reading('P1', at, seq), reading('P2', at, seq % 4 === 0 ? null : Math.PI * 1e-7 * seq)];
    const score = reading('N1', at, seq / 3, { metric: 'pressure.score', feed: null });
    const text = `Tab\there, "quotes", back\\slash,\nnew line, \\N and 9.50am — “${seq}”`;
    const levels = seq % 5 === 0 ? [levelChange('P1', at, { text, score: seq % 2 ? null : 0.1 * seq })] : [];
    journal.append(commit(seq, { at, applied: [...applied, score], levels }));
  }
  const store = startStore({ url, journal, rulesId: (rules) => `${rules.version}/cafe` });
  await takenIn(store, journal);
  await ask(
    url,
    `with source as (
       insert into published_source (dataset, file, hash, rows_read, rows_taken, rows_rejected, report)
       values ('gpad', 'a.csv', 'h', 3, 2, 1, '{"why": ["a \\\\ b"]}') returning source_id)
     insert into published_figure (dataset, org, item, month, days, bands, vals, source_id)
     select 'gpad', 'P1', 'appointments', '2026-01-01', '{1,2}', '{0,0}', '{0.1,1e-300}', source_id from source`,
  );
  return { store, journal };
}

/** A system's folder as a run leaves it, journal and database included. */
export function fillFolder(): string {
  const folder = temporaryFolder();
  const run = join(folder, 'runs/monday');
  const files: Record<string, string> = {
    'run.json': '{"run":"monday"}',
    'clock.json': '{"now":1}',
    'runs/monday/audit.jsonl': '{"at":"1"}\n{"at":"2"}\n',
    'runs/monday/paused-feeds.json': '[]',
    'runs/monday/quarantine/2026-01-12.jsonl': '',
    'runs/monday/simulation.json': '{}',
    'runs/monday/journal/segment-1.hrj': 'journal',
    'database/cluster/data/PG_VERSION': '18',
    'logs/server.log': 'log',
    lock: '{}',
  };
  for (const sub of ['quarantine', 'journal']) mkdirSync(join(run, sub), { recursive: true });
  mkdirSync(join(folder, 'database/cluster/data'), { recursive: true });
  mkdirSync(join(folder, 'logs'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

/** What every table holds, as one hash each, and the numbers that sequences have come to. */
export async function contentOf(url: string): Promise<Record<string, string>> {
  const tables = await ask<{ name: string }>(
    url,
    `select oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const content: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await ask<{ content: string }>(
      url,
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as content from ${name} t`,
    );
    content[name] = row?.content ?? '';
  }
  const sequences = await ask<{ name: string; value: string | null }>(
    url,
    `select sequencename as name, last_value::text as value from pg_sequences where schemaname = 'public' order by 1`,
  );
  for (const { name, value } of sequences) content[`sequence ${name}`] = value ?? 'none';
  return content;
}
