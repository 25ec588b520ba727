import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');
const log = readFileSync(join(PROJECT, 'docs/hazard-log.md'), 'utf8');
const rows = log.split('\n').filter((line) => /^\| H\d+ \|/.test(line));
const named = (row: string) => [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

const sources = globSync('{server,shared,test,web/src}/**/*.test.ts', { cwd: PROJECT })
  .filter((file) => !file.endsWith('hazard-log.test.ts'))
  .map((file) => readFileSync(join(PROJECT, file), 'utf8'))
  .join('\n');

it('names for every hazard the tests that show its mitigation', () => {
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter((row) => named(row).length === 0)).toEqual([]);
});

it('names only tests that exist', () => {
  const missing = rows.flatMap(named).filter((name) => !sources.includes(name));
  expect(missing).toEqual([]);
});
