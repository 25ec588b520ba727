import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import type Type from 'typebox';
import { Value } from 'typebox/value';
import { BackupFault, explainDisk } from './backup-fault.ts';
import {
  ContentsSchema,
  END,
  FOOTER_BYTES,
  FORMAT,
  HeaderSchema,
  MAGIC,
  MOST_JSON_BYTES,
  type Contents,
  type Header,
  type Section,
} from './backup-format.ts';

const PIECE_BYTES = 256 * 1024;

export interface OpenedBackup {
  readonly header: Header;
  readonly contents: Contents;
  /** Reads every byte of every section and rejects with BACKUP_CORRUPT at the first that is not as it was written. */
  verify(): Promise<void>;
  /** Decompresses a section into `target`, a piece at a time, and ends it. */
  pour(section: Section, target: Writable): Promise<void>;
  close(): Promise<void>;
}

/** Opens a backup and reads what it holds. Rejects with `BackupFault`. */
export async function openBackup(path: string): Promise<OpenedBackup> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw explainDisk(error, path);
  });
  try {
    const { header, contents } = await readFrame(file, path);
    return {
      header,
      contents,
      close: () => file.close(),
      async verify() {
        for (const section of sectionsOf(contents)) {
          const hash = createHash('sha256');
          let bytes = 0;
          for await (const chunk of stretch(file, section)) {
            hash.update(chunk);
            bytes += chunk.length;
          }
          if (bytes !== section.bytes || hash.digest('hex') !== section.sha256) throw corrupt(path, section.offset);
        }
      },
      async pour(section, target) {
        await pipeline(stretch(file, section), createZstdDecompress(), target);
      },
    };
  } catch (error) {
    await file.close();
    throw error instanceof BackupFault ? error : explainDisk(error, path);
  }
}

const sectionsOf = ({ tables, files }: Contents): Section[] => [
  ...tables.flatMap(({ section }) => section ?? []),
  ...files.map(({ section }) => section),
];

/** A section's bytes, a piece at a time; fewer than it tells where the file ends before. */
async function* stretch(file: FileHandle, { offset, bytes }: Section): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes;) {
    const piece = await readAt(file, offset + done, Math.min(PIECE_BYTES, bytes - done));
    if (piece.length === 0) return;
    done += piece.length;
    yield piece;
  }
}

async function readFrame(file: FileHandle, path: string): Promise<{ header: Header; contents: Contents }> {
  const { size } = await file.stat();
  const start = await readAt(file, 0, Math.min(size, MAGIC.length + 4));
  if (!start.subarray(0, MAGIC.length).equals(MAGIC))
    throw new BackupFault('BACKUP_NO_BACKUP', `${path} is no backup of Headroom.`);
  const cut = new BackupFault('BACKUP_CUT', `${path} is not whole: its end is missing.`);
  if (size < MAGIC.length + 4 + FOOTER_BYTES) throw cut;
  const footer = await readAt(file, size - FOOTER_BYTES, FOOTER_BYTES);
  if (!footer.subarray(-END.length).equals(END)) throw cut;
  const offset = Number(footer.readBigUInt64BE(0));
  const length = footer.readUInt32BE(8);
  const headLength = start.readUInt32BE(MAGIC.length);
  if (headLength > MOST_JSON_BYTES || length > MOST_JSON_BYTES) throw corrupt(path, 0);
  if (offset + length !== size - FOOTER_BYTES || MAGIC.length + 4 + headLength > offset) throw corrupt(path, offset);
  const [head, text] = [await readAt(file, MAGIC.length + 4, headLength), await readAt(file, offset, length)];
  if (!createHash('sha256').update(text).digest().equals(footer.subarray(12, 44))) throw corrupt(path, offset);
  const header: unknown = parse(head);
  refuseNewer(header, path);
  const contents = parse(text);
  if (!is(HeaderSchema, header) || !is(ContentsSchema, contents)) throw corrupt(path, offset);
  if (createHash('sha256').update(head).digest('hex') !== contents.header) throw corrupt(path, MAGIC.length);
  for (const section of sectionsOf(contents)) {
    if (section.bytes === 0 || section.offset + section.bytes > offset) throw corrupt(path, section.offset);
  }
  return { header, contents };
}

const is = <T extends Type.TSchema>(schema: T, value: unknown): value is Type.Static<T> => Value.Check(schema, value);
const corrupt = (path: string, at: number) =>
  new BackupFault('BACKUP_CORRUPT', `${path} is damaged (near byte ${at}): nothing of it is used.`);

/** Before its form is checked: a later format may look different. */
function refuseNewer(header: unknown, path: string): void {
  const format: unknown = typeof header === 'object' && header !== null ? Reflect.get(header, 'format') : null;
  if (typeof format === 'number' && format > FORMAT) {
    throw new BackupFault('BACKUP_NEWER', `${path} was made by a newer version, in format ${format}. Use that one.`);
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The caller says that it is damaged, and where.
    return null;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
