/** Writes whole numbers in as few bytes as they need. */
export interface ByteWriter {
  byte(value: number): void;
  /** 0 up to 2^53. */
  whole(value: number): void;
  /** From -2^52 to 2^52. */
  signed(value: number): void;
  double(value: number): void;
  float(value: number): void;
  /** A copy of what was written so far. */
  bytes(): Uint8Array;
}

export interface ByteReader {
  byte(): number;
  whole(): number;
  signed(): number;
  /** As many signed ones as there is room for: a column is read several times as fast at once as one by one. */
  signeds(into: Float64Array): void;
  double(): number;
  float(): number;
  readonly done: boolean;
}

/** Bytes that are not what they were written as: cut short, or of a form that this program does not know. */
export class PackedUnreadable extends Error {
  readonly code = 'PACKED_UNREADABLE';
}

const HALF = 2 ** 31;

export function createByteWriter(room = 1024): ByteWriter {
  let held = new Uint8Array(room);
  let view = new DataView(held.buffer);
  let size = 0;
  const reserve = (more: number) => {
    if (size + more <= held.length) return;
    const wider = new Uint8Array(Math.max(held.length * 2, size + more));
    wider.set(held);
    held = wider;
    view = new DataView(held.buffer);
  };
  const whole = (value: number) => {
    reserve(8);
    let rest = value;
    // Bit operations hold 31 bits; what is longer is divided down first.
    for (; rest >= HALF; rest = Math.floor(rest / 128)) held[size++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) held[size++] = (rest & 127) | 128;
    held[size++] = rest;
  };
  return {
    whole,
    signed: (value) => whole(value < 0 ? -2 * value - 1 : 2 * value),
    byte(value) {
      reserve(1);
      held[size++] = value;
    },
    double(value) {
      reserve(8);
      view.setFloat64(size, value, true);
      size += 8;
    },
    float(value) {
      reserve(4);
      view.setFloat32(size, value, true);
      size += 4;
    },
    bytes: () => held.slice(0, size),
  };
}

const tooEarly = () => new PackedUnreadable('Packed history ends too early.');

/** A signed number of several bytes from `from` on into its place; where the next one begins. */
function readLong(held: Uint8Array, from: number, into: Float64Array, place: number): number {
  let at = from;
  let [value, factor] = [0, 1];
  for (;;) {
    const byte = held[at++];
    if (byte === undefined) throw tooEarly();
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) break;
  }
  into[place] = value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  return at;
}

export function createByteReader(held: Uint8Array): ByteReader {
  const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
  let at = 0;
  const byte = () => {
    const value = held[at++];
    if (value === undefined) throw tooEarly();
    return value;
  };
  const whole = () => {
    let next = byte();
    if (next < 128) return next;
    let value = next & 127;
    let factor = 128;
    do {
      next = byte();
      value += (next & 127) * factor;
      factor *= 128;
    } while (next >= 128);
    return value;
  };
  const wide = (bytes: number) => {
    at += bytes;
    if (at > held.length) throw tooEarly();
    return at - bytes;
  };
  return {
    byte,
    whole,
    signed() {
      const value = whole();
      return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    },
    signeds(into) {
      let next = at;
      for (let i = 0; i < into.length; i += 1) {
        const first = held[next] ?? 128;
        if (first < 128) {
          into[i] = (first >> 1) ^ -(first & 1);
          next += 1;
        } else next = readLong(held, next, into, i);
      }
      at = next;
    },
    double: () => view.getFloat64(wide(8), true),
    float: () => view.getFloat32(wide(4), true),
    get done() {
      return at >= held.length;
    },
  };
}
