import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader sees the old one or the new one, never half of it. */
export function writeWhole(path: string, text: string): void {
  const next = `${path}.${process.pid}.tmp`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, path);
}
