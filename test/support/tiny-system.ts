import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { serveTelephony, writeTinySystem, type StubTelephony } from './tiny-files.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A definition of two practices as a folder, and a data folder beside it. Both go with the test. */
export function tinySystem(): { readonly system: string; readonly data: string } {
  const system = temporaryFolder();
  writeTinySystem(system);
  return { system, data: temporaryFolder() };
}

/** A supplier that goes with the test. */
export async function stubTelephony(): Promise<StubTelephony> {
  const supplier = await serveTelephony();
  onTestFinished(supplier.close);
  return supplier;
}
