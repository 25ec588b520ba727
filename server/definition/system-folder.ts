import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SYSTEMS = fileURLToPath(new URL('../systems', import.meta.url));

/** Ids of the systems that ship. */
export function shippedSystems(): string[] {
  if (!existsSync(SYSTEMS)) return [];
  return readdirSync(SYSTEMS).filter((name) => existsSync(join(SYSTEMS, name, 'system.yaml')));
}

/** The folder of a system that ships (by id) or of one's own (by path); null where there is neither. */
export function findSystemFolder(name: string): string | null {
  if (/^[a-z0-9-]+$/.test(name) && existsSync(join(SYSTEMS, name, 'system.yaml'))) return join(SYSTEMS, name);
  const folder = isAbsolute(name) ? name : resolve(name);
  return existsSync(join(folder, 'system.yaml')) ? folder : null;
}

/** What to say where there is none. */
export const noSystem = (name: string): string =>
  `There is no system "${name}": neither one that ships (${shippedSystems().join(', ')}) nor a folder with a system.yaml.`;
