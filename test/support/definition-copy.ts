import { fileURLToPath } from 'node:url';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadDefinition } from '../../server/definition/load.ts';

export const VALID = fileURLToPath(new URL('../fixtures/definition/valid/', import.meta.url));

/** A copy of the valid definition to spoil; it goes with the test. */
export async function copyOfValid(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-definition-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(VALID, folder, { recursive: true });
  return folder;
}

export async function edit(folder: string, file: string, change: (text: string) => string): Promise<void> {
  await writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8')));
}

/** One change to the valid definition, and the fault it must lead to. */
export interface Spoiled {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly says: string;
}

export const spoiling =
  (file: string) =>
  (from: string, to: string, line: number, says: string): Spoiled => ({ file, from, to, line, says });

export async function expectFault({ file, from, to, line, says }: Spoiled): Promise<void> {
  const folder = await copyOfValid();
  await edit(folder, file, (text) => {
    expect(text).toContain(from);
    return text.replace(from, () => to);
  });
  const loaded = await loadDefinition(folder);
  const faults = loaded.ok ? [] : loaded.faults;
  expect(faults.map((fault) => ({ file: fault.file, line: fault.line, message: fault.message }))).toContainEqual({
    file,
    line,
    message: expect.stringContaining(says) as string,
  });
}

export async function loadValid() {
  const loaded = await loadDefinition(VALID);
  if (!loaded.ok) throw new Error(loaded.faults.map((f) => `${f.file}:${f.line}: ${f.message}`).join('\n'));
  return loaded.definition;
}
