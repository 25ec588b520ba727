import type { BacktestResult, BacktestSide, BacktestUnit } from '$shared/protocol/backtest';
import { sayCount, sayNumber } from '../format/numbers.ts';
import { sayDuration } from '../format/time.ts';

const MINUTE = 60_000;

export const severe = (side: BacktestSide): number => side.minutes.levels[2] + side.minutes.levels[3];
const judged = (side: BacktestSide): number => side.minutes.levels.reduce((sum, n) => sum + n, side.minutes.unknown);

/** What a back-test comes to, in one sentence; figures marked `**bold**`. */
export function sayResult(result: BacktestResult): string {
  const moved = result.units.filter((unit) => unit.differs > 0);
  if (result.judged === 0) return 'Nothing was open and recorded in that stretch.';
  if (moved.length === 0)
    return `No level would have been another one, at **${sayCount(result.units.length, 'unit')}**.`;
  const before = severe(result.againstTotals);
  const after = severe(result.triedTotals);
  const change =
    before === after
      ? `as long at level 3 or 4 (**${sayDuration(after * MINUTE)}**)`
      : `**${sayDuration(after * MINUTE)}** at level 3 or 4 instead of **${sayDuration(before * MINUTE)}**`;
  const flaps = result.triedTotals.flaps - result.againstTotals.flaps;
  const steady = flaps === 0 ? 'as steady' : `**${sayNumber(Math.abs(flaps))}** ${flaps > 0 ? 'more' : 'fewer'} flaps`;
  return `**${sayCount(moved.length, 'unit')}** would have stood elsewhere for a while: all together ${change}, ${steady}.`;
}

/** Rows of the table of totals: minutes at each level as shares of what was judged, then how often it moved. */
export function totalsOf(result: BacktestResult): { label: string; tried: string; against: string }[] {
  const { triedTotals: tried, againstTotals: against } = result;
  const share = (n: number, side: BacktestSide) => {
    const of = judged(side);
    return of === 0 ? '–' : `${((n / of) * 100).toFixed(1)}%`;
  };
  const level = (i: 0 | 1 | 2 | 3) => ({
    label: `at level ${i + 1}`,
    tried: share(tried.minutes.levels[i], tried),
    against: share(against.minutes.levels[i], against),
  });
  return [
    level(0),
    level(1),
    level(2),
    level(3),
    { label: 'unknown', tried: share(tried.minutes.unknown, tried), against: share(against.minutes.unknown, against) },
    { label: 'changes of level', tried: sayNumber(tried.changes), against: sayNumber(against.changes) },
    { label: 'flaps within 30 min', tried: sayNumber(tried.flaps), against: sayNumber(against.flaps) },
  ];
}

/** Units that would have stood elsewhere, most of it first. */
export const movedMost = (units: readonly BacktestUnit[]): BacktestUnit[] =>
  units.filter((unit) => unit.differs > 0).sort((a, b) => b.differs - a.differs);
