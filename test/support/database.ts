import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import './postgres-global.ts';

export interface TestDatabase {
  /** Of an empty database that only this test file knows. To be read within tests and hooks. */
  readonly url: string;
}

/** Gives a test file a database of its own on the run's PostgreSQL, and drops it afterwards. */
export function withDatabase(): TestDatabase {
  const name = `test_${randomBytes(6).toString('hex')}`;
  let url = '';
  beforeAll(async () => {
    await administer(`create database ${name}`);
    const own = new URL(inject('postgresUrl'));
    own.pathname = `/${name}`;
    url = own.href;
  });
  afterAll(() => administer(`drop database if exists ${name} with (force)`));
  return {
    get url() {
      if (url === '') throw new Error('The database is there once the tests of the file begin.');
      return url;
    },
  };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
