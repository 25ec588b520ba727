import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { testDefinition, testRules } from '../../board/fixture.ts';
import { judge } from '../pressure/indicators.ts';
import { createPlan } from './plan.ts';
import { evidenceOf, takeSample } from './readings.ts';
import { createLook } from './site-look.ts';
import { createSiteState } from './site-state.ts';

/** Shares and a ratio that all stand on the calls of the last hour, of which the ratio is worked out from them as well. */
const BASE: MetricName = 'calls.inbound-60m';
const ruleArb = fc.record({
  metric: fc.constantFrom('calls.against-usual', 'calls.answered-share', 'calls.missed-share'),
  direction: fc.constantFrom('high' as const, 'low' as const),
  cutoffs: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 3, maxLength: 3 }),
  minimumBase: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 4 }),
});
const sampleArb = fc.record({
  metric: fc.constantFrom<MetricName>('calls.against-usual', 'calls.answered-share', 'calls.missed-share', BASE),
  value: fc.option(fc.integer({ min: 0, max: 40 }), { nil: NaN, freq: 12 }),
});

function siteOf(given: readonly (typeof ruleArb extends fc.Arbitrary<infer T> ? T : never)[]) {
  const indicators = given.map(({ minimumBase, cutoffs, ...rule }, i) => ({
    ...{ ...rule, id: `r${i}`, label: 'r', siteKinds: ['practice' as const], weight: 1, sentence: 'x', brief: 'x' },
    ...{ against: 'absolute', ...(minimumBase === undefined ? {} : { minimumBase }) },
    cutoffs: cutoffs.map((c) => c / 10).sort((a, b) => (rule.direction === 'high' ? a - b : b - a)),
  })) as unknown as Rules['indicators'];
  const rules = testRules({ indicators, escalators: [] });
  const plan = createPlan(testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules), [rules]);
  const [site] = plan.sites;
  if (!site) throw new Error('no practice');
  return { plan, site };
}

it('no reading that is passed over would have had another verdict, whatever came before it', () => {
  fc.assert(
    fc.property(
      fc.array(ruleArb, { minLength: 1, maxLength: 3 }),
      fc.array(sampleArb, { minLength: 1, maxLength: 60 }),
      (given, samples) => {
        const { plan, site } = siteOf(given);
        const state = createSiteState(site);
        const { readings, fences } = state;
        const changed: number[] = [];
        const look = createLook(plan, site, state, changed);
        look.evaluate(0, 600, true, true, true);
        samples.forEach(({ metric, value }, i) => {
          const place = site.metricPlace.get(metric);
          if (place === undefined) return;
          const raw = metric === BASE ? value : value / 10;
          if (takeSample(site, readings, fences, place, raw, 1)) {
            changed.push(place);
            look.evaluate(i + 1, 600, true, false, false);
          }
          for (const rule of site.sides[0]?.rules ?? []) {
            const found = judge(rule.ready, evidenceOf(site, readings, rule), 600);
            const expected = found.kind === 'judged' ? found.points : found.kind === 'idle' ? -1 : -2;
            expect(state.sides[0]?.verdicts[rule.place]).toBe(expected);
          }
        });
      },
    ),
    { seed: 20260302, numRuns: 1500 },
  );
});
