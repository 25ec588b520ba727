import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { BackupFault, explainDisk } from './backup-fault.ts';
import { END, MAGIC, type Contents, type Header, type Section } from './backup-format.ts';

export interface BackupWriter {
  /** Compresses a stream into the file, a piece at a time. */
  add(source: Readable): Promise<Section>;
  /** Puts the table of contents behind it and gives the file its name. Resolves to its size. */
  finish(contents: Omit<Contents, 'header'>): Promise<number>;
  /** Removes what was written so far. */
  discard(): Promise<void>;
}

/** What a file is written through; a test puts a full disk here. */
export type OpenFile = (
  path: string,
  flags: 'wx',
  mode: number,
) => Promise<Pick<FileHandle, 'write' | 'sync' | 'close'>>;

/**
 * Writes a backup under a temporary name beside `path`, so that what bears the name is whole. Rejects with `BackupFault`
 * where the name is taken or the disk refuses.
 */
export async function createBackupWriter(
  path: string,
  header: Header,
  openFile: OpenFile = open,
): Promise<BackupWriter> {
  if (existsSync(path))
    throw new BackupFault('BACKUP_EXISTS', `${path} is there already: backups are never overwritten.`);
  const part = `${path}.${process.pid}.part`;
  const file = await openFile(part, 'wx', 0o600).catch((error: unknown) => {
    throw explainDisk(error, path);
  });
  let at = 0;
  let closed = false;

  async function append(chunk: Buffer): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at);
      done += bytesWritten;
      at += bytesWritten;
    }
  }
  const telling = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainDisk(error, path);
    }
  };
  const close = async () => {
    if (!closed) await file.close();
    closed = true;
  };
  const head = Buffer.from(JSON.stringify(header));

  const writer: BackupWriter = {
    add: (source) =>
      telling(async () => {
        const offset = at;
        const hash = createHash('sha256');
        const zstd = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
        await pipeline(source, zstd, async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) {
            hash.update(chunk);
            await append(chunk);
          }
        });
        return { offset, bytes: at - offset, sha256: hash.digest('hex') };
      }),
    finish: (contents) =>
      telling(async () => {
        const whole: Contents = { header: sha256(head).toString('hex'), ...contents };
        const text = Buffer.from(JSON.stringify(whole));
        const place = Buffer.alloc(12);
        place.writeBigUInt64BE(BigInt(at));
        place.writeUInt32BE(text.length, 8);
        await append(Buffer.concat([text, place, sha256(text), END]));
        await file.sync();
        await close();
        if (existsSync(path))
          throw new BackupFault('BACKUP_EXISTS', `${path} has been made meanwhile: it is left alone.`);
        await rename(part, path);
        await syncFolder(dirname(path));
        return at;
      }),
    async discard() {
      await close();
      await rm(part, { force: true });
    },
  };
  try {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(head.length);
    await telling(() => append(Buffer.concat([MAGIC, length, head])));
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return writer;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
