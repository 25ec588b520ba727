import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { PackedUnreadable, type ByteReader, type ByteWriter } from './bytes.ts';

/** Numbers with up to so many decimals are kept as whole ones; with more, as doubles. */
const MOST_DECIMALS = 4;
const AS_DOUBLES = 15;
/** Beyond this a double no longer tells neighbours apart once it is scaled. */
const EXACT = 2 ** 51;

const SCALES = Array.from({ length: MOST_DECIMALS + 1 }, (_, decimals) => 10 ** decimals);

function decimalsOf(values: ArrayLike<number>): number {
  let decimals = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    for (;;) {
      const scale = SCALES[decimals];
      if (scale === undefined) return AS_DOUBLES;
      const scaled = Math.round(value * scale);
      if (Math.abs(scaled) < EXACT && scaled / scale === value) break;
      decimals += 1;
    }
  }
  return decimals;
}

/** A column of finite numbers, exactly: as differences where few decimals allow, which the values of a metric mostly do. */
export function writeNumbers(to: ByteWriter, values: ArrayLike<number>): void {
  const decimals = decimalsOf(values);
  to.byte(decimals);
  const scale = SCALES[decimals];
  let before = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (scale === undefined) {
      to.double(value);
      continue;
    }
    const scaled = Math.round(value * scale);
    to.signed(scaled - before);
    before = scaled;
  }
}

export function readNumbers(from: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  const decimals = from.byte();
  const scale = SCALES[decimals];
  if (scale === undefined && decimals !== AS_DOUBLES) throw new PackedUnreadable('Packed numbers of an unknown form.');
  if (scale === undefined) {
    for (let i = 0; i < count; i += 1) values[i] = from.double();
    return values;
  }
  from.signeds(values);
  let before = 0;
  for (let i = 0; i < count; i += 1) values[i] = (before += values[i] ?? 0) / scale;
  return values;
}

function commonDivisor(values: ArrayLike<number>): number {
  let common = 0;
  for (let i = 0; i < values.length && common !== 1; i += 1) {
    let rest = Math.abs(values[i] ?? 0);
    while (rest > 0) [common, rest] = [rest, common % rest];
  }
  return Math.max(1, common);
}

/** A column of whole milliseconds, as multiples of what they have in common: most times are of whole seconds. */
export function writeSpans(to: ByteWriter, values: ArrayLike<number>): void {
  const common = commonDivisor(values);
  to.whole(common);
  for (let i = 0; i < values.length; i += 1) to.signed((values[i] ?? 0) / common);
}

export function readSpanColumn(from: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  const common = from.whole();
  from.signeds(values);
  for (let i = 0; common !== 1 && i < count; i += 1) values[i] = (values[i] ?? 0) * common;
  return values;
}

/** A column of small whole numbers that mostly repeat: each with how often it stands in a row. */
export function writeRuns(to: ByteWriter, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length;) {
    let end = i + 1;
    while (end < values.length && values[end] === values[i]) end += 1;
    to.signed(values[i] ?? 0);
    to.whole(end - i);
    i = end;
  }
}

export function readRuns(from: ByteReader, count: number): Int32Array {
  const values = new Int32Array(count);
  for (let i = 0; i < count;) {
    const value = from.signed();
    const end = i + from.whole();
    if (end > count || end === i) throw new PackedUnreadable('Packed history does not add up.');
    values.fill(value, i, end);
    i = end;
  }
  return values;
}

const PLAIN = 0;
const SQUEEZED = 1;
/** Shorter ones only grow. */
const WORTH_SQUEEZING = 48;

/** Squeezed where that makes it shorter; the first byte says which. */
export function seal(bytes: Uint8Array): Buffer {
  if (bytes.length >= WORTH_SQUEEZING) {
    const squeezed = zstdCompressSync(bytes);
    if (squeezed.length < bytes.length) return Buffer.concat([Buffer.of(SQUEEZED), squeezed]);
  }
  return Buffer.concat([Buffer.of(PLAIN), bytes]);
}

export function unseal(sealed: Uint8Array): Uint8Array {
  const [form] = sealed;
  const body = sealed.subarray(1);
  if (form === PLAIN) return body;
  if (form === SQUEEZED) return zstdDecompressSync(body);
  throw new PackedUnreadable(`Packed history of an unknown form (${String(form)}).`);
}
