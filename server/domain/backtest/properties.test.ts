import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rules } from '#shared/model/rules.ts';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import { memorySources } from '../../../test/support/backtest-sources.ts';
import { feedDef, testDefinition, testRules } from '../../board/fixture.ts';
import { judge } from '../pressure/indicators.ts';
import { runBacktest } from './backtest.ts';
import { createFences, setFences } from './fences.ts';
import { createPlan } from './plan.ts';
import { createReadings, evidenceOf } from './readings.ts';
import { createSideState, rescore } from './side.ts';

const SEEDED = { seed: 20260302, numRuns: 25 };
const cutoffsOf = (values: readonly number[], direction: 'high' | 'low') => {
  const sorted = [...values].sort((a, b) => (direction === 'high' ? a - b : b - a));
  return sorted as [number, number, number];
};
const three = fc.uniqueArray(fc.integer({ min: -20, max: 60 }), { minLength: 3, maxLength: 3 });

describe('fences', () => {
  it('no value within them has another verdict than the one they were set around', () => {
    const ruleArb = fc.record({
      direction: fc.constantFrom('high' as const, 'low' as const),
      against: fc.constantFrom('absolute' as const, 'usual-difference' as const, 'usual-ratio' as const),
      cutoffs: three,
      minimumBase: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
    });
    const value = fc.option(fc.integer({ min: -30, max: 80 }), { nil: NaN });
    fc.assert(
      fc.property(
        fc.array(ruleArb, { minLength: 1, maxLength: 4 }),
        fc.array(value, { minLength: 4, maxLength: 4 }),
        (given, [a, base, usual, other]) => {
          const rules: Rules = {
            ...testRules(),
            indicators: given.map(({ minimumBase, cutoffs, ...rule }, i) => ({
              ...rule,
              ...(minimumBase === undefined ? {} : { minimumBase }),
              ...{ id: `r${i}`, label: 'r', metric: 'calls.answered-share', siteKinds: ['practice'], weight: 1 },
              ...{ cutoffs: cutoffsOf(cutoffs, rule.direction), sentence: 'x', brief: 'x' },
            })),
          };
          const definition = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules);
          const [site] = createPlan(definition, [rules]).sites;
          const side = site?.sides[0];
          if (!site || !side) throw new Error('no practice');
          const readings = createReadings(site);
          const now = { at: 0, minute: 600 };
          const put = (metric: 'calls.answered-share' | 'calls.inbound-60m', to: number) => {
            const place = site.metricPlace.get(metric) ?? -1;
            readings.values[place] = to;
            readings.absences[place] = Number.isNaN(to) ? 6 : 0;
            return place;
          };
          const place = put('calls.answered-share', a ?? NaN);
          put('calls.inbound-60m', base ?? NaN);
          readings.usuals[place] = usual ?? NaN;
          const state = createSideState(side);
          rescore(site, side, state, readings, now, rules);
          const fences = createFences(site);
          setFences(site, readings, [state], fences);
          const inside = (other ?? NaN) >= (fences.low[place] ?? 0) && (other ?? NaN) < (fences.high[place] ?? 0);
          fc.pre(inside);
          const verdicts = () =>
            side.rules.map((rule) => {
              const found = judge(rule.ready, evidenceOf(site, readings, rule), now.minute);
              return found.kind === 'judged' ? found.points : found.kind;
            });
          const before = verdicts();
          put('calls.answered-share', other ?? NaN);
          expect(verdicts()).toEqual(before);
        },
      ),
      { ...SEEDED, numRuns: 300 },
    );
  });

  it('where a value and its base are worked out from one another, both may move within theirs', () => {
    const ratio = fc.integer({ min: 0, max: 300 }).map((n) => n / 100);
    const calls = fc.option(fc.integer({ min: 0, max: 60 }), { nil: NaN, freq: 9 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), ratio, calls, ratio, calls, (minimumBase, a, base, b, otherBase) => {
        const rules: Rules = {
          ...testRules(),
          indicators: [
            {
              ...{
                id: 'r',
                label: 'r',
                metric: 'calls.against-usual',
                siteKinds: ['practice'],
                weight: 1,
                minimumBase,
              },
              ...{ direction: 'high', against: 'absolute', cutoffs: [1.1, 1.25, 1.5], sentence: 'x', brief: 'x' },
            },
          ],
        };
        const definition = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules);
        const [site] = createPlan(definition, [rules]).sites;
        const [side] = site?.sides ?? [];
        const [rule] = side?.rules ?? [];
        if (!site || !side || !rule) throw new Error('no practice');
        const readings = createReadings(site);
        const put = (place: number, to: number) => {
          readings.values[place] = to;
          readings.absences[place] = Number.isNaN(to) ? 6 : 0;
        };
        put(rule.metric, a);
        put(rule.base, base);
        const state = createSideState(side);
        rescore(site, side, state, readings, { at: 0, minute: 600 }, rules);
        const { low, high } = createFences(site);
        setFences(site, readings, [state], { low, high });
        const within = (place: number, to: number) => to >= (low[place] ?? 0) && to < (high[place] ?? 0);
        const verdict = () => {
          const found = judge(rule.ready, evidenceOf(site, readings, rule), 600);
          return found.kind === 'judged' ? found.points : found.kind;
        };
        const before = verdict();
        if (within(rule.metric, b)) put(rule.metric, b);
        if (within(rule.base, otherBase)) put(rule.base, otherBase);
        expect(verdict()).toBe(before);
      }),
      { ...SEEDED, numRuns: 2000 },
    );
  });
});

describe('stricter rules', () => {
  const from = fromInstant('2026-03-02T08:00:00Z');
  const to = from + 4 * 60 * MINUTE;
  const site = 'p0-0-0';
  const waitOnly = (cutoffs: [number, number, number], levels: [number, number, number]): Rules =>
    testRules({
      levels,
      indicators: testRules()
        .indicators.filter(({ id }) => id === 'wait')
        .map((rule) => ({ ...rule, cutoffs })),
    });

  it('never stand lower at any time, whatever the waits and silences', { timeout: 30_000 }, async () => {
    const told = fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 900 }),
        value: fc.option(fc.integer({ min: 0, max: 1500 }), { freq: 6 }),
      }),
      { minLength: 3, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(
        told,
        fc.integer({ min: 0, max: 250 }),
        fc.integer({ min: 0, max: 15 }),
        async (stream, down, less) => {
          let at = from - 30 * MINUTE;
          const applied = stream.map(({ after, value }) => {
            at += after * 1000;
            const absence = value === null ? ('unreachable' as const) : null;
            return { unit: site, metric: 'calls.longest-wait' as const, value, absence, detail: null, observedAt: at };
          });
          const against = waitOnly([300, 600, 1200], [30, 60, 90]);
          const tried = waitOnly([300 - down, 600 - down, 1200 - down], [30 - less, 60 - less, 90 - less]);
          const definition = {
            ...testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, against),
            feeds: [feedDef({ id: 'phones', adapter: 'telephony-queues', sites: [site] })],
          };
          const result = await runBacktest(
            { definition, tried, against, againstName: 'x', from, to },
            memorySources({ applied, spans: [{ from: from - 86_400_000, to }] }),
            { progress: () => undefined, now: () => 0, breathe: () => Promise.resolve() },
          );
          const group = result.units.find(({ id }) => id === 'n0-0');
          const worse = (a: string, b: string) => '.?1234'.indexOf(a) >= '.?1234'.indexOf(b);
          const strips = [...(group?.triedStrip ?? '')].map((mark, i) => worse(mark, group?.againstStrip[i] ?? '.'));
          expect(strips).not.toContain(false);
          const above = (level: number, side: 'triedTotals' | 'againstTotals') =>
            result[side].minutes.levels.slice(level - 1).reduce((sum, minutes) => sum + minutes, 0);
          for (const level of [2, 3, 4]) {
            expect(above(level, 'triedTotals')).toBeGreaterThanOrEqual(above(level, 'againstTotals'));
          }
        },
      ),
      SEEDED,
    );
  });
});
