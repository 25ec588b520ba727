import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { RecordingBroken } from '../domain/replay/read.ts';
import type { RecordedRow } from '../domain/replay/recorded.ts';
import type { PackedRow, StoredRow } from './recorded-rows.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Measured on Greater Manchester: level 9 takes a third less room than level 3 for 20 ms a minute of product time. */
const LEVELS = { lasting: 9, passing: 3 };
/** Less at a go is not allowed. */
const LEAST_CHUNK = 64;
/** So long at a go on the main thread, in real ms: live frames are waiting. */
const SLICE_MS = 6;

/** Lets others have their turn whenever a slice of real time is over. */
export function createBreath(): () => Promise<void> | undefined {
  let until = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return turn().then(() => {
      until = performance.now() + SLICE_MS;
    });
  };
}

/** A row with its lines, compressed off the main thread. `lasting`: worth the time to be made small. */
export async function packRow(
  row: Omit<PackedRow, 'body' | 'bytes'>,
  lines: readonly string[],
  lasting: boolean,
): Promise<PackedRow> {
  const text = Buffer.from(lines.join('\n'), 'latin1');
  const level = lasting ? LEVELS.lasting : LEVELS.passing;
  const body = await compress(text, { params: { [constants.ZSTD_c_compressionLevel]: level } });
  return { ...row, bytes: text.length, body };
}

/** Rejects with `RecordingBroken` where the row cannot be read. */
export async function unpackRow({ kind, body, bytes, ...row }: StoredRow): Promise<RecordedRow> {
  try {
    // In one piece: else it is made of hundreds, each of which waits for its turn.
    const text = await decompress(body, {
      maxOutputLength: Math.max(1, bytes),
      chunkSize: Math.max(LEAST_CHUNK, bytes),
    });
    return { ...row, kind: kind === 0 ? 'board' : 'changes', text };
  } catch (error) {
    throw new RecordingBroken(`a row of the recording (revision ${row.fromSeq}) cannot be read`, { cause: error });
  }
}
