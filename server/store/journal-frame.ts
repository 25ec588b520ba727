import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * One record on disk, little-endian: magic, what it is, its number, how long the payload is, and two checksums: one of
 * the payload, one of the header itself, so that a record cut short can be told from one that went bad later.
 */
export const HEADER_BYTES = 28;
const MAGIC = Buffer.from('HRj1', 'latin1');
const MAX_PAYLOAD = 512 * 1024 * 1024;
/** Below this, zstd costs more than it saves. */
const WORTH_COMPRESSING = 512;

export type FrameKind = 'commit' | 'thinned' | 'checkpoint';
const KINDS: readonly FrameKind[] = ['commit', 'thinned', 'checkpoint'];

export interface Frame {
  readonly kind: FrameKind;
  readonly seq: number;
  /** Where the record begins and ends in its file. */
  readonly from: number;
  readonly to: number;
}
export type Piece =
  | ({ readonly type: 'frame' } & Frame)
  /** Bytes that are no record. `torn`: a record that was never finished, so never acknowledged. */
  | { readonly type: 'damage'; readonly from: number; readonly to: number; readonly torn: boolean };

export function encodeFrame(kind: FrameKind, seq: number, body: unknown): Buffer {
  return encodeText(kind, seq, JSON.stringify(body));
}

export function encodeText(kind: FrameKind, seq: number, text: string): Buffer {
  const raw = Buffer.from(text);
  let payload = raw;
  let codec = 0;
  if (raw.length >= WORTH_COMPRESSING) {
    const packed = zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    if (packed.length < raw.length * 0.9) {
      payload = packed;
      codec = 1;
    }
  }
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  MAGIC.copy(frame, 0);
  frame.writeUInt8(KINDS.indexOf(kind), 4);
  frame.writeUInt8(codec, 5);
  frame.writeUInt16LE(0, 6);
  frame.writeBigUInt64LE(BigInt(seq), 8);
  frame.writeUInt32LE(payload.length, 16);
  frame.writeUInt32LE(crc32(payload), 20);
  frame.writeUInt32LE(crc32(frame.subarray(0, 24)), 24);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/** The payload of a record that `scan` found. */
export function decodeFrame(file: Buffer, frame: Frame): unknown {
  const payload = file.subarray(frame.from + HEADER_BYTES, frame.to);
  const text = file.readUInt8(frame.from + 5) === 1 ? zstdDecompressSync(payload) : payload;
  return JSON.parse(text.toString('utf8'));
}

/** Walks a file from `start`: every whole record in order, and every stretch that is none. */
export function* scan(file: Buffer, start = 0): Generator<Piece> {
  let at = start;
  while (at < file.length) {
    const frame = frameAt(file, at);
    if (frame !== null) {
      yield { type: 'frame', ...frame };
      at = frame.to;
      continue;
    }
    const next = nextFrame(file, at + 1);
    yield { type: 'damage', from: at, to: next, torn: next === file.length && isTorn(file, at) };
    at = next;
  }
}

function frameAt(file: Buffer, at: number): Frame | null {
  const length = headerAt(file, at);
  if (length === null) return null;
  const to = at + HEADER_BYTES + length;
  if (to > file.length || crc32(file.subarray(at + HEADER_BYTES, to)) !== file.readUInt32LE(at + 20)) return null;
  const kind = KINDS[file.readUInt8(at + 4)];
  return kind === undefined ? null : { kind, seq: Number(file.readBigUInt64LE(at + 8)), from: at, to };
}

/** Length of the payload by an intact header, else null. */
function headerAt(file: Buffer, at: number): number | null {
  if (at + HEADER_BYTES > file.length || file.compare(MAGIC, 0, 4, at, at + 4) !== 0) return null;
  if (crc32(file.subarray(at, at + 24)) !== file.readUInt32LE(at + 24)) return null;
  const length = file.readUInt32LE(at + 16);
  return length > MAX_PAYLOAD ? null : length;
}

function nextFrame(file: Buffer, from: number): number {
  for (let at = file.indexOf(MAGIC, from); at !== -1; at = file.indexOf(MAGIC, at + 1)) {
    if (frameAt(file, at) !== null) return at;
  }
  return file.length;
}

/** A write that was cut short leaves a good beginning and nothing behind it; anything else went bad afterwards. */
function isTorn(file: Buffer, at: number): boolean {
  const left = file.length - at;
  if (left < HEADER_BYTES) return file.compare(MAGIC, 0, Math.min(4, left), at, at + Math.min(4, left)) === 0;
  const length = headerAt(file, at);
  return length !== null && at + HEADER_BYTES + length > file.length;
}
