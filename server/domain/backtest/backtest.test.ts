import { describe, expect, it } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { fromInstant, MINUTE, QUARTER } from '#shared/model/time.ts';
import type { BacktestResult, BacktestSide } from '#shared/protocol/backtest.ts';
import { memorySources } from '../../../test/support/backtest-sources.ts';
import { feedDef, testDefinition, testRules } from '../../board/fixture.ts';
import type { Absence } from '#shared/model/absence.ts';
import type { LevelChange } from '../ports.ts';
import { runBacktest, type BacktestSources } from './backtest.ts';

/** A practice alone in its neighbourhood, judged on its longest wait: 5, 10 and 20 minutes are 1, 2 and 3 points. */
const rules = testRules({
  levels: [30, 60, 90],
  hysteresis: { riseAfter: 2, fallMargin: 4, fallAfterMinutes: 30 },
  indicators: testRules().indicators.filter(({ id }) => id === 'wait'),
});
const SITE = 'p0-0-0';
const definition: Definition = {
  ...testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules),
  feeds: [feedDef({ id: 'phones', adapter: 'telephony-queues', sites: [SITE], staleAfterMs: 180_000 })],
};
const DAY = '2026-03-02';
const t = (hhmmss: string, day = DAY) => fromInstant(`${day}T${hhmmss.length === 5 ? `${hhmmss}:00` : hhmmss}Z`);

interface Told {
  readonly unit: string;
  readonly metric: MetricName;
  readonly value: number | null;
  readonly absence: Absence | null;
  readonly detail: null;
  readonly observedAt: number;
}
const told = (at: string, value: number | null, metric: MetricName = 'calls.longest-wait', day = DAY): Told => ({
  unit: SITE,
  metric,
  value,
  absence: value === null ? 'unreachable' : null,
  detail: null,
  observedAt: t(at, day),
});

interface Given {
  readonly samples: readonly Told[];
  readonly tried?: Rules;
  readonly against?: Rules;
  readonly from?: number;
  readonly to?: number;
  readonly spans?: readonly { from: number; to: number }[];
  readonly levels?: readonly LevelChange[];
}

function backtest(given: Given): Promise<BacktestResult> {
  const { samples, tried = rules, against = rules, from = t('08:00'), to = t('19:00') } = given;
  const spans = given.spans ?? [{ from: from - 86_400_000, to }];
  const sources: BacktestSources = memorySources({ applied: samples, spans, levels: given.levels ?? [] });
  const job = { definition, tried, against, againstName: '1/abc', from, to };
  return runBacktest(job, sources, { progress: () => undefined, now: () => 0, breathe: () => Promise.resolve() });
}
const sideOf = (result: BacktestResult, id = SITE): BacktestSide => {
  const unit = result.units.find((u) => u.id === id);
  if (!unit) throw new Error(id);
  return unit.tried;
};
const minutes = (unknown: number, ...levels: [number, number, number, number]) => ({ unknown, levels });

describe('one practice, one indicator', () => {
  it('stands at level 1 from opening to closing while nothing presses', async () => {
    const result = await backtest({ samples: [told('07:00', 60)] });
    // 8am to 6:30pm.
    expect(sideOf(result)).toEqual({ minutes: minutes(0, 630, 0, 0, 0), changes: 0, flaps: 0 });
    expect(result.judged).toBe(630);
    expect(result.recordedMinutes).toBe(660);
  });

  it('rises with the second reading, though the history has only the first, and falls 30 minutes after the last support', async () => {
    const result = await backtest({ samples: [told('07:00', 60), told('10:00', 700), told('11:00', 60)] });
    // Two of three points at 10am, again 15 s later: level 3 within the minute; let go of at 11am, one level at a time.
    const { minutes: found, changes, flaps } = sideOf(result);
    expect(found.unknown).toBe(0);
    expect(found.levels[2]).toBeGreaterThanOrEqual(89);
    expect(found.levels[2]).toBeLessThanOrEqual(92);
    expect(found.levels.reduce((a, b) => a + b)).toBe(630);
    expect(changes).toBe(found.levels[1] === 0 ? 2 : 3);
    expect(flaps).toBe(0);
  });

  it('does not rise on one reading that the next takes back', async () => {
    const result = await backtest({ samples: [told('07:00', 60), told('10:00:05', 1300), told('10:00:20', 60)] });
    expect(sideOf(result).minutes).toEqual(minutes(0, 630, 0, 0, 0));
  });

  it('holds the last points for as long as the feed has patience, then is unknown until it is told again', async () => {
    const result = await backtest({ samples: [told('07:00', 60), told('12:00', null), told('13:00', 60)] });
    // 3 minutes held, 57 unknown (the minute in which patience ends is still held).
    expect(sideOf(result).minutes).toEqual(minutes(56, 574, 0, 0, 0));
    expect(sideOf(result).changes).toBe(2);
  });

  it('is unknown, never calm, where nothing was ever heard', async () => {
    const result = await backtest({ samples: [] });
    expect(sideOf(result)).toEqual({ minutes: minutes(630, 0, 0, 0, 0), changes: 0, flaps: 0 });
    expect(result.notes.join(' ')).toContain('"Longest wait now" has no history');
  });

  it('begins every day from nothing', async () => {
    const result = await backtest({
      samples: [told('07:00', 60), told('18:00', 1300), told('20:00', 60)],
      to: t('19:00', '2026-03-03'),
    });
    const { levels } = sideOf(result).minutes;
    expect(levels[3]).toBe(30);
    expect(levels[0]).toBe(600 + 630);
  });

  it('counts nothing while nobody recorded', async () => {
    const spans = [
      { from: t('07:00'), to: t('10:00') },
      { from: t('12:00'), to: t('19:00') },
    ];
    const result = await backtest({ samples: [told('07:00', 60)], spans });
    expect(result.recordedMinutes).toBe(540);
    expect(sideOf(result).minutes).toEqual(minutes(0, 510, 0, 0, 0));
    expect(result.notes.join(' ')).toContain('120 of 660 minutes');
  });

  it('judges a day of 23 hours and one of 25 by the wall clock', async () => {
    for (const [day, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
    ] as const) {
      const from = fromInstant(`${day}T00:00:00Z`) - (hours === 25 ? 60 * MINUTE : 0);
      const to = from + hours * 60 * MINUTE;
      const result = await backtest({ samples: [told('00:00', 60, 'calls.longest-wait', day)], from, to });
      // A Sunday: the practice is closed, 111 (which has no feed here) is open all day.
      expect(sideOf(result).minutes).toEqual(minutes(0, 0, 0, 0, 0));
      expect(result.recordedMinutes).toBe(hours * 60);
    }
  });
});

describe('two sets of rules', () => {
  const samples = [told('07:00', 60), told('10:00', 400), told('12:00', 1300), told('15:00', 60)];
  const lenient: Rules = {
    ...rules,
    indicators: rules.indicators.map((rule) => ({ ...rule, cutoffs: [500, 900, 1800] })),
  };

  it('the same rules on both sides differ nowhere', async () => {
    const result = await backtest({ samples });
    expect(result.units.map((u) => u.differs)).toEqual(result.units.map(() => 0));
    for (const unit of result.units) expect(unit.tried).toEqual(unit.against);
  });

  it('counts the minutes at which they differ, and draws groups of both', async () => {
    const result = await backtest({ samples, tried: lenient });
    const unit = result.units.find((u) => u.id === SITE);
    // From 10am on the stricter side stands higher, until both have come down again.
    expect(unit?.differs).toBeGreaterThanOrEqual(300);
    const group = result.units.find((u) => u.id === 'n0-0');
    const quarter = (hhmm: string) => Math.floor((t(hhmm) - t('08:00')) / QUARTER);
    expect(group?.againstStrip[quarter('11:00')]).toBe('2');
    expect(group?.triedStrip[quarter('11:00')]).toBe('1');
    expect(group?.triedStrip[quarter('18:45')]).toBe('.');
    expect(unit?.triedStrip).toBe('');
  });

  it('lower cut-offs never lower a level at any minute', async () => {
    const result = await backtest({ samples, tried: lenient });
    const [tried, against] = [result.triedTotals, result.againstTotals];
    let [higherTried, higherAgainst] = [0, 0];
    for (const level of [3, 2, 1] as const) {
      higherTried += tried.minutes.levels[level];
      higherAgainst += against.minutes.levels[level];
      expect(higherAgainst).toBeGreaterThanOrEqual(higherTried);
    }
  });
});

describe('what was known', () => {
  const change = (at: string, from: LevelChange['from'], to: LevelChange['to'], by = '1/abc'): LevelChange => ({
    at: t(at),
    unit: SITE,
    from,
    to,
    score: null,
    text: '',
    rules: by,
  });
  const samples = [told('07:00', 60)];

  it('agreement is the share of minutes at which the recorded level was the same', async () => {
    const levels = [change('08:00', null, 1), change('10:00', 1, 2), change('11:03', 2, 1), change('18:30', 1, null)];
    const result = await backtest({ samples, levels });
    expect(result.agreement).toBeCloseTo((630 - 63) / 630, 10);
  });

  it('levels that were recorded by other rules say nothing of it', async () => {
    const result = await backtest({ samples, levels: [change('08:00', null, 1, '2/other')] });
    expect(result.agreement).toBeNull();
    expect(result.notes.join(' ')).toContain('agreement cannot be told');
  });

  it('a declared distress has the minutes since either side first stood at level 3', async () => {
    const declared = (at: string, value: number) => told(at, value, 'declared.level');
    const waits = [told('07:00', 60), told('10:00', 700), told('11:00', 60)];
    const result = await backtest({
      samples: [...waits, declared('09:00', 3), declared('10:30', 4), declared('17:30', 4)],
    });
    const [early, late, ...more] = result.leadTimes;
    expect(more).toEqual([]);
    expect(early).toMatchObject({ what: 'declared level 3', triedMinutes: null, againstMinutes: null });
    // What is said again, or said worse, is the same distress going on.
    expect(late).toBeUndefined();
  });

  it('looks six hours back for signs of a distress', async () => {
    const result = await backtest({
      samples: [told('07:00', 60), told('10:00', 700), told('10:40', 3, 'declared.level')],
    });
    expect(result.leadTimes).toEqual([
      {
        unit: SITE,
        name: SITE,
        at: '2026-03-02T10:40:00.000Z',
        what: 'declared level 3',
        triedMinutes: 40,
        againstMinutes: 40,
      },
    ]);
  });

  it('a recorded level 4 of a site is a distress, of a group it is none', async () => {
    const group: LevelChange = { ...change('10:00', 1, 4), unit: 'n0-0' };
    const result = await backtest({ samples, levels: [group, change('12:00', 1, 4)] });
    expect(result.leadTimes.map(({ unit, what, triedMinutes }) => [unit, what, triedMinutes])).toEqual([
      [SITE, 'recorded level 4', null],
    ]);
  });
});
