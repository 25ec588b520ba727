import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, FEWEST_DAYS, foldCells, MOST_DAYS } from './cells.ts';
import { QUARTERS } from './day-fold.ts';

const SEED = { seed: 2026, numRuns: 200 };
const flat = (value: number) => new Float32Array(QUARTERS).fill(value);
const at = (place: number, value: number) => {
  const row = new Float32Array(QUARTERS).fill(NaN);
  row[place] = value;
  return row;
};
const whole = fc.integer({ min: 0, max: 500 });

describe('the cells of a normal', () => {
  it('need three days', () => {
    expect(foldCells([flat(1), flat(2)], 'mean')).toBeNull();
    expect(foldCells([flat(1), flat(2), flat(9)], 'mean')).toMatchObject({ days: 3 });
    expect(foldCells([flat(1), flat(2), flat(9)], 'mean')?.usual[40]).toBe(2);
  });

  it('hold the middle of the days, and what half of them lie between', () => {
    const cells = foldCells([5, 1, 4, 2, 3].map(flat), 'mean');
    expect([cells?.low[0], cells?.usual[0], cells?.high[0]]).toEqual([2, 3, 4]);
  });

  it('look at the newest eight days that are known, whatever the older ones were', () => {
    const rows = [flat(NaN), ...Array.from({ length: MOST_DAYS }, () => flat(10)), flat(1000), flat(1000)];
    expect(foldCells(rows, 'mean')?.usual[7]).toBe(10);
  });

  it('take nothing absent for zero', () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: FEWEST_DAYS, maxLength: MOST_DAYS }), whole, (values, place) => {
        const q = place % QUARTERS;
        const known = values.map((value) => at(q, value));
        const between = known.flatMap((row) => [row, flat(NaN)]);
        expect(foldCells(between, 'mean')?.usual[q]).toBe(foldCells(known, 'mean')?.usual[q]);
        expect(foldCells(between, 'mean')?.usual[(q + 1) % QUARTERS]).toBeNaN();
      }),
      SEED,
    );
  });

  it('stay within the range of the ordinary days, however wild the fewer odd ones', () => {
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 4, maxLength: 5 }),
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 5000, max: 1e6 })), { maxLength: 3 }),
        fc.nat(),
        (ordinary, odd, turn) => {
          const rows = [...ordinary, ...odd].map(flat);
          const turned = rows.map((_, i) => rows[(i + turn) % rows.length] ?? flat(0));
          const usual = foldCells(turned, 'mean')?.usual[0] ?? NaN;
          expect(usual).toBeGreaterThanOrEqual(Math.min(...ordinary));
          expect(usual).toBeLessThanOrEqual(Math.max(...ordinary));
        },
      ),
      SEED,
    );
  });

  it('never let a running total fall, though the days behind two quarters differ', () => {
    const hole = flat(100);
    hole.fill(NaN, 50);
    const rows = [hole, hole, ...[20, 30, 40].map(flat)];
    const usual = foldCells(rows, 'total')?.usual ?? flat(NaN);
    for (let q = 1; q < QUARTERS; q += 1) expect(usual[q]).toBeGreaterThanOrEqual(usual[q - 1] ?? 0);
  });
});

describe('the usual at a minute', () => {
  const steps = new Float32Array(QUARTERS).map((_, q) => q * 10);

  it('begins a day of counting at nothing and reaches each quarter’s total at its end', () => {
    expect(cellAt(steps, 'total', 0)).toBe(0);
    expect(cellAt(steps, 'total', 22.5)).toBe(5);
    expect(cellAt(steps, 'total', 30)).toBe(10);
    expect(cellAt(steps, 'total', 1440)).toBe(950);
  });

  it('stands for the middle of a quarter where it is a mean', () => {
    expect(cellAt(steps, 'mean', 37.5)).toBe(20);
    expect(cellAt(steps, 'mean', 45)).toBe(25);
    expect(cellAt(steps, 'mean', 3)).toBe(0);
  });

  it('says nothing of a quarter that is not known, and does not reach across it', () => {
    const holed = steps.slice();
    holed[40] = NaN;
    expect(cellAt(holed, 'end', 605)).toBeNaN();
    expect(cellAt(holed, 'end', 616)).toBe(410);
    expect(cellAt(holed, 'mean', 599)).toBe(390);
  });

  it('passes from quarter to quarter without a jump', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('mean', 'end', 'total'),
        fc.double({ min: 0, max: 1439, noNaN: true }),
        (hold, minute) => {
          expect(Math.abs(cellAt(steps, hold, minute + 0.01) - cellAt(steps, hold, minute))).toBeLessThan(0.05);
        },
      ),
      SEED,
    );
  });
});
