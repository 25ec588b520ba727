import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces a file whole: a reader sees the old text or the new one, and so does whoever starts after the power has gone. */
export function replaceFile(path: string, text: string): void {
  const next = `${path}.tmp`;
  try {
    const open = openSync(next, 'w', 0o600);
    try {
      // All of it or an error: a single write may take only a part, without a word.
      writeFileSync(open, text);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(next, path);
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (cause) {
    rmSync(next, { force: true });
    throw cause;
  }
}
