import type { EpochMs } from '#shared/model/time.ts';
import { createByteReader, createByteWriter, type ByteReader } from './bytes.ts';
import { readNumbers, readRuns, readSpanColumn, seal, unseal, writeNumbers, writeRuns, writeSpans } from './columns.ts';

/** Readings of one metric of one unit in columns, ascending by `at`; of two at one time the later arrival stands behind. */
export interface Samples {
  /** Epoch ms. */
  readonly at: Float64Array;
  readonly received: Float64Array;
  /** NaN: absent from here on. */
  readonly value: Float64Array;
  /** As the history numbers them: 0 present, `LEVEL` a total that is no rise, else why it is absent. */
  readonly code: Int32Array;
}

export const NO_SAMPLES: Samples = {
  at: new Float64Array(0),
  received: new Float64Array(0),
  value: new Float64Array(0),
  code: new Int32Array(0),
};

/** A London day's readings in a few bytes each. `day` is the day's start; all of `samples` lie within it. */
export function packDay(day: EpochMs, samples: Samples): Buffer {
  const { at, received, value, code } = samples;
  const to = createByteWriter(64 + at.length * 6);
  to.whole(at.length);
  writeSpans(
    to,
    at.map((time, i) => time - (i === 0 ? day : (at[i - 1] ?? day))),
  );
  writeRuns(to, code);
  writeNumbers(
    to,
    value.filter((_, i) => (code[i] ?? 0) <= 0),
  );
  // Last, because only exports and replays of what was known ask for it.
  writeSpans(
    to,
    received.map((time, i) => time - (at[i] ?? 0)),
  );
  return seal(to.bytes());
}

/** What was told and when, without when it was received. */
export type Told = Omit<Samples, 'received'>;

/** Throws `PackedUnreadable`. */
export function unpackDay(day: EpochMs, packed: Uint8Array): Samples {
  const reader = createByteReader(unseal(packed));
  const told = readTold(day, reader);
  const received = readSpanColumn(reader, told.at.length);
  for (let i = 0; i < received.length; i += 1) received[i] = (received[i] ?? 0) + (told.at[i] ?? 0);
  return { ...told, received };
}

/** Half the work of the whole. Throws `PackedUnreadable`. */
export const unpackTold = (day: EpochMs, packed: Uint8Array): Told => readTold(day, createByteReader(unseal(packed)));

function readTold(day: EpochMs, reader: ByteReader): Told {
  const count = reader.whole();
  const at = readSpanColumn(reader, count);
  let time = day;
  for (let i = 0; i < count; i += 1) at[i] = time += at[i] ?? 0;
  const code = readRuns(reader, count);
  let present = 0;
  for (let i = 0; i < count; i += 1) if ((code[i] ?? 0) <= 0) present += 1;
  const known = readNumbers(reader, present);
  if (present === count) return { at, value: known, code };
  const value = new Float64Array(count);
  for (let i = 0, k = 0; i < count; i += 1) value[i] = (code[i] ?? 0) <= 0 ? (known[k++] ?? NaN) : NaN;
  return { at, value, code };
}

/** Both in one order; of two at one time that of `later` stands behind. */
export function mergeSamples(earlier: Samples, later: Samples): Samples {
  if (earlier.at.length === 0) return later;
  if (later.at.length === 0) return earlier;
  const size = earlier.at.length + later.at.length;
  const merged = emptySamples(size);
  for (let i = 0, a = 0, b = 0; i < size; i += 1) {
    const first = b >= later.at.length || (earlier.at[a] ?? Infinity) <= (later.at[b] ?? Infinity);
    copySample(first ? earlier : later, first ? a++ : b++, merged, i);
  }
  return merged;
}

/** Those in [from, to). */
export function cutSamples(samples: Samples, from: EpochMs, to: EpochMs): Samples {
  const start = firstAt(samples.at, from);
  const end = firstAt(samples.at, to);
  return {
    at: samples.at.subarray(start, end),
    received: samples.received.subarray(start, end),
    value: samples.value.subarray(start, end),
    code: samples.code.subarray(start, end),
  };
}

/** The place of the first at or after `time` in an ascending column. */
export function firstAt(at: ArrayLike<number>, time: EpochMs): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function emptySamples(size: number) {
  return {
    at: new Float64Array(size),
    received: new Float64Array(size),
    value: new Float64Array(size),
    code: new Int32Array(size),
  };
}

export function copySample(from: Samples, place: number, to: Samples, at: number): void {
  to.at[at] = from.at[place] ?? 0;
  to.received[at] = from.received[place] ?? 0;
  to.value[at] = from.value[place] ?? NaN;
  to.code[at] = from.code[place] ?? 0;
}
