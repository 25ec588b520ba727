import type { EpochMs } from '#shared/model/time.ts';
import { createByteReader, createByteWriter, type ByteReader, type ByteWriter } from './bytes.ts';
import type { Cell, CellRise } from './cells.ts';
import { readNumbers, readRuns, readSpanColumn, seal, unseal, writeNumbers, writeRuns, writeSpans } from './columns.ts';

const GAUGES = 0;
const COUNTERS = 1;

/** Cells of one metric of one unit in columns; `origin` is the start of the period that the row stands for. */
export function packCells(origin: EpochMs, cells: readonly Cell[]): Buffer {
  const to = createByteWriter(32 + cells.length * 16);
  const counter = cells.some((c) => c.rise !== null);
  to.byte(counter ? COUNTERS : GAUGES);
  to.whole(cells.length);
  writeSpans(
    to,
    cells.map((c, i) => c.at - (cells[i - 1]?.at ?? origin)),
  );
  writeRuns(
    to,
    cells.map((c) => c.end - c.at),
  );
  writeSpans(
    to,
    cells.map((c) => c.firstAt - c.at),
  );
  writeNumbers(
    to,
    cells.map((c) => c.count),
  );
  // Mostly a value stands from the first sample to the end: what is missing from that is mostly 0.
  writeSpans(
    to,
    cells.map((c) => c.end - c.firstAt - c.covered),
  );
  writeKnown(to, cells);
  if (counter) writeRises(to, cells);
  return seal(to.bytes());
}

/** Throws `PackedUnreadable`. */
export function unpackCells(origin: EpochMs, packed: Uint8Array): Cell[] {
  const from = createByteReader(unseal(packed));
  const counter = from.byte() === COUNTERS;
  const count = from.whole();
  const steps = readSpanColumn(from, count);
  const widths = readRuns(from, count);
  const leads = readSpanColumn(from, count);
  const counts = readNumbers(from, count);
  const lacking = readSpanColumn(from, count);
  let at = origin;
  const frames = Array.from(steps, (step, i) => {
    at += step;
    const end = at + (widths[i] ?? 0);
    const firstAt = at + (leads[i] ?? 0);
    return { at, end, firstAt, count: counts[i] ?? 0, covered: end - firstAt - (lacking[i] ?? 0) };
  });
  const values = readKnown(from, count);
  const rises = counter ? readRises(from, frames, values) : null;
  return frames.map((frame, i): Cell => ({ ...frame, ...(values[i] ?? ABSENT), rise: rises?.[i] ?? null }));
}

type Values = Pick<Cell, 'last' | 'known' | 'min' | 'max' | 'mean'>;
const ABSENT: Values = { last: null, known: null, min: null, max: null, mean: 0 };

/** Absent throughout, absent at the end, or a value at the end. */
const [NEVER, ENDED, STANDS] = [0, 1, 2];

function writeKnown(to: ByteWriter, cells: readonly Cell[]): void {
  writeRuns(
    to,
    cells.map((c) => (c.known === null ? NEVER : c.last === null ? ENDED : STANDS)),
  );
  const known = cells.filter((c) => c.known !== null);
  writeNumbers(
    to,
    known.flatMap((c) => [c.known ?? 0, c.min ?? 0, c.max ?? 0]),
  );
  // Seven digits of a mean are enough for anybody.
  for (const cell of known) if (cell.min !== cell.max) to.float(cell.mean);
}

function readKnown(from: ByteReader, count: number): Values[] {
  const ends = readRuns(from, count);
  const there = ends.reduce((sum, end) => sum + (end === NEVER ? 0 : 1), 0);
  const numbers = readNumbers(from, there * 3);
  let next = 0;
  return Array.from(ends, (end): Values => {
    if (end === NEVER) return ABSENT;
    const [known = 0, min = 0, max = 0] = numbers.subarray(next, (next += 3));
    return { known, min, max, last: end === STANDS ? known : null, mean: min === max ? min : from.float() };
  });
}

const LEVEL_FIRST = 1;
const BROKEN = 2;
const HAS_LEVEL = 4;

function writeRises(to: ByteWriter, cells: readonly Cell[]): void {
  const given = cells.flatMap((c) => (c.rise === null ? [] : { ...c.rise, cell: c }));
  writeRuns(
    to,
    given.map((r) => (r.firstIsLevel ? LEVEL_FIRST : 0) + (r.brokenBefore ? BROKEN : 0) + (r.level ? HAS_LEVEL : 0)),
  );
  writeSpans(
    to,
    given.flatMap((r) => [r.firstAt - r.cell.firstAt, r.knownAt - r.firstAt]),
  );
  writeNumbers(
    to,
    given.flatMap((r) => [r.first]),
  );
  writeNumbers(
    to,
    given.map((r) => r.rise),
  );
  writeNumbers(
    to,
    given.flatMap((r) => (r.level === null ? [] : [r.level.value, r.level.riseAfter])),
  );
}

function readRises(from: ByteReader, frames: readonly { firstAt: EpochMs }[], values: readonly Values[]) {
  const there = values.filter((v) => v.known !== null).length;
  const flags = readRuns(from, there);
  const times = readSpanColumn(from, there * 2);
  const first = readNumbers(from, there);
  const rise = readNumbers(from, there);
  const levels = readNumbers(
    from,
    flags.reduce((sum, f) => sum + (f & HAS_LEVEL ? 2 : 0), 0),
  );
  let [next, nextLevel] = [0, 0];
  return values.map((value, i): CellRise | null => {
    if (value.known === null) return null;
    const k = next++;
    const flag = flags[k] ?? 0;
    const firstAt = (frames[i]?.firstAt ?? 0) + (times[2 * k] ?? 0);
    const [told = 0, riseAfter = 0] = flag & HAS_LEVEL ? levels.subarray(nextLevel, (nextLevel += 2)) : [];
    return {
      ...{ firstAt, first: first[k] ?? 0, firstIsLevel: (flag & LEVEL_FIRST) !== 0 },
      ...{ brokenBefore: (flag & BROKEN) !== 0, knownAt: firstAt + (times[2 * k + 1] ?? 0), rise: rise[k] ?? 0 },
      level: flag & HAS_LEVEL ? { value: told, riseAfter } : null,
    };
  });
}
