import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { codeOf } from '../domain/error-code.ts';
import { BackupFault } from './backup-fault.ts';
import type { KeptFile } from './backup-format.ts';
import type { BackupWriter } from './backup-writer.ts';
import type { OpenedBackup } from './backup-reader.ts';

/** Not of a system's own making, or made anew: the database (copied as tables), logs, locks, what an earlier restore left. */
const LEFT_FOLDERS = /^(database|logs|journal.*|before-restore-.*|restoring)$/;
const LEFT_FILES = /^(lock.*|simulation\.json|.*\.tmp|.*\.part)$/;
/** The journal names its own stretch of time: what is restored is another, and begins a new one. */
const JOURNAL = /^journal/;
/** Says what another database was seen to have: what is restored may lack it. */
const CONFIRMED = /\.confirmed\.json$/;
const STAGING = 'restoring';

/** Files of a system's folder that a backup keeps, and what names its own time, as journals do; paths from the folder on. */
async function look(folder: string, within = ''): Promise<{ files: string[]; journals: string[] }> {
  const found = { files: [] as string[], journals: [] as string[] };
  const entries = existsSync(join(folder, within)) ? await readdir(join(folder, within), { withFileTypes: true }) : [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory() && JOURNAL.test(entry.name)) found.journals.push(path);
    else if (entry.isDirectory() && !LEFT_FOLDERS.test(entry.name)) {
      const deeper = await look(folder, path);
      found.files.push(...deeper.files);
      found.journals.push(...deeper.journals);
    } else if (entry.isFile() && CONFIRMED.test(entry.name)) found.journals.push(path);
    else if (entry.isFile() && !LEFT_FILES.test(entry.name)) found.files.push(path);
  }
  return found;
}

/** Copies the files of `folder` as long as each is now: they may be written to meanwhile, at their ends. */
export async function keepFiles(folder: string, writer: BackupWriter): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const path of (await look(folder)).files) {
    const file = await open(join(folder, path), 'r').catch((error: unknown) => {
      // Old quarantine goes by itself, and files are replaced by renaming.
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (file === null) continue;
    try {
      const { size } = await file.stat();
      const whole = size === 0 ? Readable.from([]) : file.createReadStream({ end: size - 1, autoClose: false });
      kept.push({ path, bytes: size, section: await writer.add(whole) });
    } finally {
      await file.close();
    }
  }
  return kept;
}

/** Writes the backup's files beside the folder's own, on the disk itself, touching none of those. */
export async function stageFiles(folder: string, backup: OpenedBackup): Promise<void> {
  const staging = join(folder, STAGING);
  rmSync(staging, { recursive: true, force: true });
  for (const { path, section, bytes } of backup.contents.files) {
    const target = join(staging, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const file = await open(target, 'wx', 0o600);
    try {
      // Closed by the stream, once all of it is on the disk.
      await backup.pour(section, file.createWriteStream({ flush: true }));
    } finally {
      await file.close();
    }
    const { size } = await stat(target);
    if (size !== bytes)
      throw new BackupFault('RESTORE_DIFFERS', `${path} did not come out of the backup as it went in.`);
  }
}

export interface Swap {
  /** Where what was there before lies now; null where nothing was. */
  readonly aside: string | null;
  undo(): void;
}

/**
 * Puts the staged files in the place of the folder's own, which go to a folder of their own together with the journals.
 * Renames only. Throws with everything as it was.
 */
export async function swapFiles(folder: string, backup: OpenedBackup, stamp: string): Promise<Swap> {
  const aside = join(folder, `before-restore-${stamp}`);
  const { files, journals } = await look(folder);
  const moved: { from: string; to: string }[] = [];
  const move = (from: string, to: string) => {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    moved.push({ from, to });
  };
  const undo = () => {
    for (const { from, to } of moved.splice(0).reverse()) renameSync(to, from);
  };
  try {
    for (const path of [...files, ...journals]) move(join(folder, path), join(aside, path));
    for (const { path } of backup.contents.files) move(join(folder, STAGING, path), join(folder, path));
  } catch (error) {
    undo();
    throw error;
  }
  return { aside: files.length + journals.length > 0 ? aside : null, undo };
}

export function dropStaged(folder: string): void {
  rmSync(join(folder, STAGING), { recursive: true, force: true });
}

/** Whether the folder holds anything that a restore would put aside. */
export async function hasFiles(folder: string): Promise<boolean> {
  if (!existsSync(folder) || !(await stat(folder)).isDirectory()) return false;
  const { files, journals } = await look(folder);
  return files.length + journals.length > 0;
}
