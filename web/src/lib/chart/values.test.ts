import { describe, expect, it } from 'vitest';
import { aheadOf } from './ahead.ts';
import { barPlace } from './marks.ts';
import { nextAt, readingsAt, sayReading } from './scrub.ts';
import { columnsOf, summaryOf, tableOf } from './table.ts';
import type { Point } from './types.ts';
import { axisTicks, durationAxis, highest, isolated, roundUp, stepOf, total, valueAt } from './values.ts';

const points: Point[] = [
  [0, 4],
  [10, null],
  [20, 6],
  [30, null],
];

describe('reading a chart', () => {
  it('never reads a value into a gap', () => {
    expect(valueAt(points, 5, 10)).toBe(4);
    expect(valueAt(points, 12, 10)).toBeNull();
    expect(valueAt(points, 29, 10)).toBe(6);
    expect(valueAt(points, 45, 10)).toBeNull();
    expect(valueAt([], 5, 10)).toBeNull();
  });

  it('does not carry the last value on for ever', () => {
    expect(valueAt([[0, 4]], 100, 50)).toBeNull();
  });

  it('finds lone points that a line would not show', () => {
    expect(isolated(points)).toEqual([
      [0, 4],
      [20, 6],
    ]);
    expect(
      isolated([
        [0, 1],
        [1, 2],
      ]),
    ).toEqual([]);
  });

  it('sums what is known and knows when nothing is', () => {
    expect(total(points)).toBe(10);
    expect(total([[0, null]])).toBeNull();
    expect(total([[0, 0]])).toBe(0);
  });

  it('measures its step and its height with bars stacked', () => {
    expect(stepOf(points, 99)).toBe(10);
    expect(stepOf([], 99)).toBe(99);
    const bars = [
      { label: 'a', points: [[0, 2]] as Point[] },
      { label: 'b', points: [[0, 3]] as Point[] },
    ];
    expect(highest([{ label: 'l', points }], bars, [])).toBe(6);
    expect(highest([], bars, [undefined])).toBe(5);
    expect(highest([], bars, [{ label: 'f', points: [[0, 7]], high: [[0, 9]] }])).toBe(9);
  });

  it('rounds the top of the axis up to a whole, round figure', () => {
    expect([0, 3.2, 9, 11, 37, 41, 1210].map(roundUp)).toEqual([1, 4, 10, 12, 40, 50, 1500]);
  });
});

describe('axis figures', () => {
  it('are whole, round and few', () => {
    expect(axisTicks(30, 4)).toEqual([10, 20, 30]);
    expect(axisTicks(25, 2)).toEqual([20]);
    expect(axisTicks(5, 2)).toEqual([3]);
    expect(axisTicks(12_000, 4)).toEqual([5000, 10_000]);
    expect(axisTicks(1, 2)).toEqual([0.5, 1]);
  });
});

describe('axis of durations', () => {
  it('ends and is cut where a clock would', () => {
    expect(durationAxis(327, 2, 60)).toEqual({ top: 480, ticks: [240, 480] });
    expect(durationAxis(8 * 60, 4, 3600)).toEqual({ top: 480, ticks: [120, 240, 360, 480] });
    expect(durationAxis(70 * 3600, 2, 3600).ticks).toEqual([48 * 3600, 96 * 3600]);
  });
});

describe('crosshair', () => {
  const axis = { from: 0, to: 100, now: 60, step: 10 };

  it('enters at now, moves by steps and stays on the axis', () => {
    expect(nextAt('ArrowLeft', null, axis)).toBe(60);
    expect(nextAt('ArrowLeft', 60, axis)).toBe(50);
    expect(nextAt('ArrowRight', 100, axis)).toBe(100);
    expect(nextAt('Home', 60, axis)).toBe(0);
    expect(nextAt('End', 0, axis)).toBe(60);
    expect(nextAt('Escape', 60, axis)).toBeNull();
    expect(nextAt('x', 60, axis)).toBeUndefined();
  });

  it('reads bars from the top down, then lines, then what is expected and usual', () => {
    const readings = readingsAt(21, {
      lines: [{ label: 'line', points }],
      bars: [
        { label: 'foot', points },
        { label: 'top', points },
      ],
      usual: { label: 'usual', points: [[20, 5]] },
      forecast: { label: 'forecast', points: [[20, 8]], low: [[20, 6]], high: [[20, 9]] },
      step: 10,
      now: null,
    });
    expect(readings.map((r) => `${r.label} ${sayReading(r, String)}`)).toEqual([
      'top 6',
      'foot 6',
      'line 6',
      'forecast 8, 6 to 9',
      'usual 5',
    ]);
  });

  it('misses nothing that has yet to come, and reads a plan ahead', () => {
    const readings = readingsAt(45, {
      lines: [{ label: 'line', points }],
      bars: [{ label: 'plan', points: [[40, 3]] }],
      step: 10,
      now: 30,
    });
    expect(readings).toEqual([{ label: 'plan', value: 3 }]);
  });
});

describe('the same numbers in words', () => {
  it('make a table, newest first, gaps kept, without rows of what is merely usual', () => {
    const usual = {
      label: 'usual',
      points: [
        [10, 7],
        [20, 5],
        [50, 2],
      ] as Point[],
    };
    const columns = columnsOf({ lines: [{ label: 'a', points }], bars: [], usual }, { measure: 'calls', say: String });
    const table = tableOf(columns, 30);
    expect(table.columns.map(({ label }) => label)).toEqual(['a', 'usual']);
    expect(table.rows).toEqual([
      { at: 30, cells: [null, undefined] },
      { at: 20, cells: [6, 5] },
      { at: 10, cells: [null, 7] },
      { at: 0, cells: [4, undefined] },
    ]);
  });

  it('hold what is forecast from now on, and no more of the past than was measured', () => {
    const forecast = {
      label: 'forecast',
      points: [
        [10, 9],
        [40, 8],
      ] as Point[],
      low: [[40, 6]] as Point[],
    };
    const columns = columnsOf(
      { lines: [{ label: 'a', points: [[20, 6]] }], bars: [], forecast },
      { measure: '', say: String },
    );
    expect(columns.map(({ label, edge }) => `${label} ${edge}`)).toEqual([
      'a false',
      'forecast false',
      'forecast, low true',
    ]);
    expect(tableOf(columns, 30).rows.map(({ at }) => at)).toEqual([40, 20]);
  });

  it('make one sentence', () => {
    const say = (v: number) => String(v);
    const sentence = { title: 'Calls', points, say, sayAt: say, usualNow: 5 };
    expect(summaryOf(sentence)).toBe('Calls: 6 at 20, usual 5; highest 6 at 20; 2 gaps in the record.');
    expect(summaryOf({ ...sentence, points: [], usualNow: null })).toBe('Calls: nothing recorded yet.');
    expect(
      summaryOf({
        ...sentence,
        points: [[0, 4]],
        usualNow: null,
        forecast: {
          label: 'forecast',
          points: [
            [30, 9],
            [40, 7],
          ],
        },
        thresholds: [{ value: 8, label: 'level 3 from 8' }],
      }),
    ).toBe('Calls: 4 at 0; highest 4 at 0; forecast to peak at 9 about 30; level 3 from 8.');
  });
});

describe('a forecast', () => {
  const forecast = {
    label: 'forecast',
    points: [
      [10, 4],
      [20, 5],
      [30, 6],
    ] as Point[],
    low: [
      [10, 1],
      [30, 2],
    ] as Point[],
  };

  it('is drawn from now on only: the past is told by what was measured', () => {
    const ahead = aheadOf(forecast, 20);
    expect(ahead?.points).toEqual([
      [20, 5],
      [30, 6],
    ]);
    expect(ahead?.low).toEqual([[30, 2]]);
    expect(aheadOf(forecast, 40)).toBeUndefined();
    expect(aheadOf(forecast, null)).toBe(forecast);
  });
});

describe('bars', () => {
  it('are as wide as their bucket, and the running one as wide as what has passed of it', () => {
    const drawing = { from: 0, now: 25, barStep: 10, partial: true };
    const whole = barPlace(0, drawing, 2, 100);
    const running = barPlace(20, drawing, 2, 100);
    expect(whole.width).toBeGreaterThan(16);
    expect(barPlace(20, { ...drawing, partial: false }, 2, 100).width).toBe(whole.width);
    expect(whole.x).toBeCloseTo(110, 0);
    expect(running.width).toBeCloseTo(whole.width / 2, 5);
    expect(running.x - running.width / 2).toBeCloseTo(whole.x - whole.width / 2 + 40, 5);
  });
});
