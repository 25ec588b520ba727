import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE, urlOf } from './embedded.ts';

/** Address of the embedded database that runs on `folder` now, for a second program beside the server; null: none does. */
export function runningEmbedded(folder: string): string | null {
  try {
    const elsewhere = join(folder, 'place.txt');
    const place = existsSync(elsewhere) ? readFileSync(elsewhere, 'utf8').trim() : join(folder, 'cluster');
    const lines = readFileSync(join(place, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const port = Number(lines[3]);
    if (lines[7]?.trim() !== 'ready' || !Number.isInteger(port)) return null;
    return urlOf({ password: readFileSync(join(folder, 'password'), 'utf8').trim() }, port, DATABASE);
  } catch {
    // No such folder yet, or no database on it: there is none, whatever the reason.
    return null;
  }
}
