import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbedded, type EmbeddedDatabase } from '../../server/store/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's one PostgreSQL; each file makes its own database in it (`withDatabase`). */
    postgresUrl: string;
  }
}

/** What these tests write need not survive the machine: without waiting for the disk they take a third of the time. */
const HASTY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '60' };

let folder: string | null = null;
let database: EmbeddedDatabase | null = null;

/** Starts the one PostgreSQL of a test run, for `globalSetup`. */
export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'headroom-test-'));
  // As root the database runs as another user, who must be able to enter it.
  chmodSync(folder, 0o711);
  database = await startEmbedded({ folder, logger: pino({ level: 'silent' }), settings: HASTY });
  project.provide('postgresUrl', database.url);
}

export async function teardown(): Promise<void> {
  await database?.stop();
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
}
