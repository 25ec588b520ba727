import type { UnitDef } from '#shared/model/definition.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { BacktestUnit } from '#shared/protocol/backtest.ts';
import type { Agreement } from './agreement.ts';
import type { Day, Span } from './day.ts';
import { createStretches, type Stretches } from './distress.ts';
import { createTally, type Tally } from './tally.ts';
import { isJudged, type Track } from './track.ts';

/** One unit's figures on both sides, added up day by day. */
export interface UnitCount {
  readonly def: UnitDef;
  readonly stretches: readonly [Stretches, Stretches];
  readonly judged: () => number;
  addDay(day: Day, tried: Track, against: Track, agreement: Agreement): void;
  unit(): BacktestUnit;
}

/** Unknown and every level tell two sides apart; why nothing is judged does not. */
const shown = (state: number): number => (isJudged(state) ? state : 0);

export function createUnitCount(def: UnitDef, within: Span): UnitCount {
  const withStrip = def.kind !== 'site';
  const tallies: readonly [Tally, Tally] = [createTally(within.from, withStrip), createTally(within.from, withStrip)];
  const stretches = [createStretches(), createStretches()] as const;
  let [differs, judged] = [0, 0];

  const addMinute = (at: EpochMs, tried: number, against: number, agreement: Agreement) => {
    stretches[0].add(at, tried);
    stretches[1].add(at, against);
    if (at < within.from) return;
    tallies[0].add(at, tried);
    tallies[1].add(at, against);
    if (shown(tried) !== shown(against)) differs += 1;
    if (isJudged(tried) || isJudged(against)) judged += 1;
    agreement.compare(def.id, at + MINUTE, against);
  };
  return {
    def,
    stretches,
    judged: () => judged,
    addDay(day, tried, against, agreement) {
      for (let m = 0; m < day.minutes; m += 1) {
        const at = day.start + m * MINUTE;
        if (at >= within.to) return;
        if (day.recorded[m] === 1) addMinute(at, tried.states[m] ?? 0, against.states[m] ?? 0, agreement);
      }
    },
    unit: () => ({
      id: def.id,
      name: def.name,
      kind: def.siteKind ?? def.kind,
      tried: tallies[0].side(),
      against: tallies[1].side(),
      differs,
      triedStrip: tallies[0].strip(),
      againstStrip: tallies[1].strip(),
    }),
  };
}
