import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayEnd, dayStart, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { foldSeries, type PlainSample } from '../../test/support/plain-series.ts';
import { bucketStarts } from './buckets.ts';
import { packCells, unpackCells } from './cell-codec.ts';
import { rollUp, type Cell } from './cells.ts';
import { mergeSamples, packDay, unpackDay, type Samples } from './day-samples.ts';
import { foldBounds, foldCells } from './fold-cells.ts';
import { LEVEL } from './history.ts';
import type { Span } from './recording.ts';
import { cellBounds, WIDTHS, widthFor } from './widths.ts';

/** Three days around an ordinary midnight and around both changes of the clocks. */
const STARTS = ['2026-01-12T00:00Z', '2026-03-28T00:00Z', '2026-10-23T23:00Z'].map(
  (text) => Temporal.Instant.from(text).epochMilliseconds,
);
const SPAN = 70 * HOUR;

interface Stream {
  readonly from: EpochMs;
  readonly samples: Samples;
  readonly spans: Span[];
}

/** Readings that change, stop, come twice at one time, and levels among them; recorded with gaps. */
const streams: fc.Arbitrary<Stream> = fc
  .record({
    from: fc.constantFrom(...STARTS),
    given: fc.array(
      fc.tuple(
        // Mostly close together, sometimes hours apart, sometimes at the same time or on a bound.
        fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 20_000 }), fc.constant(300)),
        fc.option(fc.integer({ min: 0, max: 40 }), { freq: 6 }),
        fc.integer({ min: 0, max: 9 }),
      ),
      { maxLength: 60 },
    ),
    pauses: fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 6, max: 300 })), { maxLength: 5 }),
  })
  .map(({ from, given, pauses }) => {
    let second = 0;
    const rows = given.map(([wait, value, kind]) => {
      second += wait;
      return { at: from + second * 1000, value, code: value === null ? 1 + (kind % 6) : kind === 0 ? LEVEL : 0 };
    });
    return { from, samples: columns(rows.filter((r) => r.at < from + SPAN)), spans: spansAround(from, pauses) };
  });

function columns(rows: readonly { at: number; value: number | null; code: number }[]): Samples {
  return {
    at: Float64Array.from(rows, (r) => r.at),
    received: Float64Array.from(rows, (r, i) => r.at + 500 + i),
    value: Float64Array.from(rows, (r) => r.value ?? NaN),
    code: Int32Array.from(rows, (r) => r.code),
  };
}

function spansAround(from: EpochMs, pauses: readonly [number, number][]): Span[] {
  const spans: Span[] = [];
  let at = from - HOUR;
  for (const [run, pause] of pauses) {
    spans.push({ from: at, to: at + run * MINUTE });
    at += (run + pause) * MINUTE;
  }
  return [...spans, { from: at, to: Math.max(at, from + 4 * SPAN) }];
}

const samplesOf = ({ at, value, code }: Samples): PlainSample[] =>
  Array.from(at, (time, i) => {
    const known = value[i] ?? NaN;
    const sample = { at: time, value: Number.isNaN(known) ? null : known };
    return code[i] === LEVEL ? { ...sample, level: true } : sample;
  });

/** Rolled up day by day in every width, through the bytes in which they are kept. */
function rolled({ from, samples, spans }: Stream, ms: number, counter: boolean): Cell[] {
  const width = WIDTHS.find((w) => w.ms === ms) ?? WIDTHS[0];
  const cells: Cell[] = [];
  for (let day = dayStart(from); width !== undefined && day < from + SPAN; day = dayEnd(day)) {
    cells.push(...unpackCells(day, packCells(day, rollUp(samples, cellBounds(width, day), spans, counter))));
  }
  return cells;
}

test.for([
  { step: 5 * MINUTE },
  { step: 15 * MINUTE },
  { step: HOUR },
  { step: 7 * HOUR },
  { step: 24 * HOUR },
  { step: 48 * HOUR },
])('in buckets of $step ms a roll-up says the same as the readings themselves', ({ step }) => {
  fc.assert(
    fc.property(streams, fc.constantFrom('gauge', 'window', 'daily', 'since-midnight'), (stream, shape) => {
      const { from, samples, spans } = stream;
      const end = dayEnd(from + 2 * 24 * HOUR);
      const starts = bucketStarts(from, end, step);
      const raw = foldSeries({ shape, samples: samplesOf(samples), spans, starts, end });
      for (const { ms } of WIDTHS) {
        if (ms > step || (ms < 24 * HOUR && step % ms !== 0)) continue;
        const cells = rolled(stream, ms, shape === 'since-midnight');
        expect(foldCells({ shape, cells, standing: null, spans, starts, end })).toEqual(raw);
      }
    }),
    { seed: 4, numRuns: 150 },
  );
});

test('bounds, mean, coverage and count are the same whichever roll-up they come from', () => {
  fc.assert(
    fc.property(streams, fc.constantFrom(HOUR, 24 * HOUR), (stream, step) => {
      const { from, spans } = stream;
      const end = dayEnd(from + 2 * 24 * HOUR);
      const starts = bucketStarts(from, end, step);
      const input = { shape: 'gauge' as const, standing: null, spans, starts, end };
      const fine = foldBounds({ ...input, cells: rolled(stream, 5 * MINUTE, false) });
      const wide = foldBounds({ ...input, cells: rolled(stream, step, false) });
      wide.forEach((bounds, i) => {
        const other = fine[i];
        expect({ ...bounds, mean: 0, coverage: 0 }).toEqual({ ...other, mean: 0, coverage: 0 });
        expect(bounds.coverage).toBeCloseTo(other?.coverage ?? -1, 9);
        expect(bounds.mean ?? -1).toBeCloseTo(other?.mean ?? -1, 3);
        expect(bounds.coverage).toBeLessThanOrEqual(1);
      });
    }),
    { seed: 4, numRuns: 150 },
  );
});

test('a mean goes by how long a value stood, and a bound includes the value with which the bucket began', () => {
  const eight = Date.UTC(2026, 0, 12, 8);
  const samples = columns([
    { at: eight - HOUR, value: 10, code: 0 },
    { at: eight + 15 * MINUTE, value: 4, code: 0 },
    { at: eight + 45 * MINUTE, value: null, code: 2 },
  ]);
  const spans = [
    { from: eight - 2 * HOUR, to: eight + 30 * MINUTE },
    { from: eight + 40 * MINUTE, to: eight + HOUR },
  ];
  const cells = rollUp(samples, [eight - HOUR, eight, eight + HOUR], spans, false);
  const input = { shape: 'gauge' as const, cells, standing: null, spans, starts: [eight], end: eight + HOUR };
  // 15 minutes at 10, then 4 for 15 and, after a pause of 10 without recording, 5 more; absent for the last quarter.
  expect(foldBounds(input)).toEqual([
    { at: eight, min: 4, max: 10, mean: (15 * 10 + 20 * 4) / 35, coverage: 35 / 60, count: 2 },
  ]);
});

test('a packed day comes back as it was, and late readings find their place in it', () => {
  fc.assert(
    fc.property(streams, fc.integer({ min: 0, max: 60 }), ({ from, samples }, cut) => {
      expect(unpackDay(from, packDay(from, samples))).toEqual(samples);
      const isLate = (_: unknown, i: number) => i % 3 === cut % 3;
      const pick = (keep: (_: unknown, i: number) => boolean): Samples => ({
        at: samples.at.filter(keep),
        received: samples.received.filter(keep),
        value: samples.value.filter(keep),
        code: samples.code.filter(keep),
      });
      const merged = mergeSamples(
        pick((x, i) => !isLate(x, i)),
        pick(isLate),
      );
      expect(merged.at).toEqual(samples.at);
      expect([...merged.received].sort((a, b) => a - b)).toEqual([...samples.received].sort((a, b) => a - b));
    }),
    { seed: 4, numRuns: 200 },
  );
});

test('of a late reading and one that was there at the same time, the late one counts', () => {
  const eight = Date.UTC(2026, 0, 12, 8);
  const one = columns([{ at: eight, value: 1, code: 0 }]);
  const late = columns([{ at: eight, value: 2, code: 0 }]);
  expect([...mergeSamples(one, late).value]).toEqual([1, 2]);
});

test('values that no decimals hold come back to the last bit', () => {
  const eight = Date.UTC(2026, 0, 12, 8);
  const values = [1 / 3, -0.1, 1e-9, 1e300, 2 ** 53, 0.1 + 0.2, 1768204800123];
  const samples = columns(values.map((value, i) => ({ at: eight + i, value, code: 0 })));
  expect(unpackDay(eight, packDay(eight, samples))).toEqual(samples);
});

test.for([
  { step: MINUTE, name: undefined },
  { step: 7 * MINUTE, name: undefined },
  { step: 5 * MINUTE, name: 'five-minutes' },
  { step: 15 * MINUTE, name: 'five-minutes' },
  { step: HOUR, name: 'hours' },
  { step: 90 * MINUTE, name: 'five-minutes' },
  { step: 6 * HOUR, name: 'hours' },
  { step: 24 * HOUR, name: 'days' },
  { step: 72 * HOUR, name: 'days' },
])('a step of $step ms reads $name', ({ step, name }) => {
  expect(widthFor(step)?.name).toBe(name);
});
