import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** The few calls that the journal's writer makes: a seam for tests of full and failing disks, nothing else. */
export interface JournalDisk {
  openSync(path: string, flags: string, mode: number): number;
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  ftruncateSync(fd: number, length: number): void;
  closeSync(fd: number): void;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
}

export const realDisk: JournalDisk = {
  openSync,
  writeSync: (fd, bytes, offset, length) => writeSync(fd, bytes, offset, length),
  ftruncateSync,
  closeSync,
  fdatasync,
};
