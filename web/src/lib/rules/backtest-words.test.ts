import { describe, expect, it } from 'vitest';
import type { BacktestResult, BacktestSide } from '$shared/protocol/backtest';
import { movedMost, sayResult, totalsOf } from './backtest-words.ts';

const side = (levels: [number, number, number, number], over: Partial<BacktestSide> = {}): BacktestSide => ({
  minutes: { unknown: 0, levels },
  changes: 4,
  flaps: 0,
  ...over,
});
const unit = (id: string, differs: number) => ({
  id,
  name: id,
  kind: 'site',
  tried: side([10, 0, 0, 0]),
  against: side([10, 0, 0, 0]),
  differs,
  triedStrip: '',
  againstStrip: '',
});
const result = (over: Partial<BacktestResult>): BacktestResult => ({
  from: '2026-01-12T00:00:00Z',
  to: '2026-01-13T00:00:00Z',
  recordedMinutes: 1440,
  sites: 2,
  judged: 1200,
  tookMs: 800,
  triedTotals: side([500, 300, 120, 80]),
  againstTotals: side([500, 300, 180, 20], { flaps: 3 }),
  agreement: 0.99,
  units: [unit('a', 5), unit('b', 0), unit('c', 90)],
  leadTimes: [],
  notes: [],
  ...over,
});

describe('what a back-test comes to', () => {
  it('says how much longer and how much steadier', () => {
    expect(sayResult(result({}))).toBe(
      '**2 units** would have stood elsewhere for a while: all together as long at level 3 or 4 (**3 h 20 min**), **3** fewer flaps.',
    );
    expect(sayResult(result({ triedTotals: side([500, 440, 40, 20], { flaps: 3 }) }))).toContain(
      '**1 h** at level 3 or 4 instead of **3 h 20 min**, as steady',
    );
  });

  it('says that nothing moved, and that nothing was there to judge', () => {
    expect(sayResult(result({ units: [unit('a', 0)] }))).toBe('No level would have been another one, at **1 unit**.');
    expect(sayResult(result({ judged: 0 }))).toBe('Nothing was open and recorded in that stretch.');
  });

  it('gives minutes as shares of what was judged, and none of nothing', () => {
    expect(totalsOf(result({})).map(({ label, tried, against }) => [label, tried, against])).toEqual([
      ['at level 1', '50.0%', '50.0%'],
      ['at level 2', '30.0%', '30.0%'],
      ['at level 3', '12.0%', '18.0%'],
      ['at level 4', '8.0%', '2.0%'],
      ['unknown', '0.0%', '0.0%'],
      ['changes of level', '4', '4'],
      ['flaps within 30 min', '0', '3'],
    ]);
    expect(totalsOf(result({ triedTotals: side([0, 0, 0, 0]) }))[0]?.tried).toBe('–');
  });

  it('lists what moved, most of it first', () => {
    expect(movedMost(result({}).units).map(({ id }) => id)).toEqual(['c', 'a']);
  });
});
