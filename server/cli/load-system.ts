import type { Definition } from '#shared/model/definition.ts';
import { loadDefinition } from '../definition/load.ts';
import { findSystemFolder, noSystem } from '../definition/system-folder.ts';
import { UsageFault, type Output } from './verb.ts';
import { check } from './verbs/check.ts';

/** The system named by its id or folder; null, with its faults printed, where it has some. Throws `UsageFault` for no system. */
export async function loadSystem(name: string, output: Output): Promise<Definition | null> {
  const folder = findSystemFolder(name);
  if (folder === null) throw new UsageFault(noSystem(name));
  const loaded = await loadDefinition(folder);
  if (loaded.ok) return loaded.definition;
  await check(folder, output);
  return null;
}
