import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame, scan, type Piece } from './journal-frame.ts';

const bodies = [
  { n: 1, text: 'short' },
  { n: 2, text: 'long enough to be compressed '.repeat(100) },
  { n: 3, text: 'the end' },
];
const frames = bodies.map((body, i) => encodeFrame('commit', i + 1, body));
const file = Buffer.concat(frames);
const ends = frames.map((_, i) => frames.slice(0, i + 1).reduce((sum, f) => sum + f.length, 0));

const readable = (bytes: Buffer) =>
  [...scan(bytes)].filter((p): p is Extract<Piece, { type: 'frame' }> => p.type === 'frame');
const bodiesOf = (bytes: Buffer) => readable(bytes).map((frame) => decodeFrame(bytes, frame));

test('every record comes back as it was written', () => {
  expect(bodiesOf(file)).toEqual(bodies);
  expect(readable(file).map((f) => f.seq)).toEqual([1, 2, 3]);
});

test('any one changed byte costs the one record that it is in, and never yields a wrong one', () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(file);
      bad.writeUInt8(bad.readUInt8(at) ^ change, at);
      const hit = ends.findIndex((end) => at < end);
      expect(bodiesOf(bad)).toEqual(bodies.filter((_, i) => i !== hit));
      const damage = [...scan(bad)].filter((p) => p.type === 'damage');
      expect(damage).toEqual([{ type: 'damage', from: ends[hit - 1] ?? 0, to: ends[hit], torn: false }]);
    }),
    { numRuns: 400 },
  );
});

test('a file that ends within a record: the ones before are whole, and the end is told as torn', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: file.length - 1 }), (length) => {
      const cut = file.subarray(0, length);
      const whole = ends.filter((end) => end <= length).length;
      expect(bodiesOf(cut)).toEqual(bodies.slice(0, whole));
      const rest = [...scan(cut)].filter((p) => p.type === 'damage');
      const from = ends[whole - 1] ?? 0;
      expect(rest).toEqual(from === length ? [] : [{ type: 'damage', from, to: length, torn: true }]);
    }),
  );
});

test('rubbish after the last record is no unfinished record', () => {
  const [, , , rubbish] = [...scan(Buffer.concat([file, Buffer.alloc(100)]))];
  expect(rubbish).toEqual({ type: 'damage', from: file.length, to: file.length + 100, torn: false });
});
