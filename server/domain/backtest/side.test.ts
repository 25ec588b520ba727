import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Rules } from '#shared/model/rules.ts';
import { feedDef, testDefinition, testRules } from '../../board/fixture.ts';
import { scoreSite, type Remembered } from '../pressure/score.ts';
import { createPlan } from './plan.ts';
import { createReadings, evidenceOf } from './readings.ts';
import { close, createSideState, holds, rescore } from './side.ts';

const METRICS = ['calls.answered-share', 'calls.longest-wait', 'calls.against-usual', 'online.per-1000'] as const;
const ruleArb = fc.record({
  metric: fc.constantFrom(...METRICS),
  direction: fc.constantFrom('high' as const, 'low' as const),
  against: fc.constantFrom('absolute', 'usual-difference', 'usual-ratio', 'per-1000'),
  cutoffs: fc.uniqueArray(fc.integer({ min: -20, max: 60 }), { minLength: 3, maxLength: 3 }),
  weight: fc.constantFrom(0.5, 1, 1.7, 3),
  minimumBase: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  hours: fc.option(fc.constantFrom(['00:00', '10:00'], ['10:00', '12:00']), { nil: undefined }),
  escalates: fc.option(fc.record({ points: fc.integer({ min: 1, max: 3 }), level: fc.constantFrom(2, 3, 4) })),
});
const lookArb = fc.record({
  place: fc.nat({ max: 30 }),
  value: fc.option(fc.integer({ min: -30, max: 80 }), { nil: NaN, freq: 3 }),
  absence: fc.integer({ min: 1, max: 7 }),
  usual: fc.option(fc.integer({ min: 0, max: 40 }), { nil: NaN }),
  afterMs: fc.integer({ min: 1, max: 200_000 }),
  minute: fc.constantFrom(599.5, 600, 700, 720),
  closes: fc.boolean(),
});
type GivenRule = typeof ruleArb extends fc.Arbitrary<infer T> ? T : never;

function rulesOf(given: readonly GivenRule[]): Rules {
  const indicators = given.map(({ minimumBase, cutoffs, hours, ...rule }, i) => ({
    ...{ ...rule, id: `r${i}`, label: 'r', siteKinds: ['practice' as const], sentence: 'x', brief: 'x' },
    cutoffs: [...cutoffs].sort((a, b) => (rule.direction === 'high' ? a - b : b - a)),
    ...(minimumBase === undefined ? {} : { minimumBase }),
    ...(hours === undefined ? {} : { from: hours[0], to: hours[1] }),
  })) as unknown as Rules['indicators'];
  const escalators = given.flatMap(({ escalates }, i) =>
    escalates ? [{ ...escalates, indicator: `r${i}`, sentence: 'x' }] : [],
  ) as unknown as Rules['escalators'];
  return testRules({ indicators, escalators, minimumCoverage: 0.4 });
}

/** A side as a back-test judges it, and what the board's own code says at the same looks. */
function bothOf(rules: Rules) {
  const definition = {
    ...testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules),
    feeds: [feedDef({ id: 'phones', adapter: 'telephony-queues', sites: ['p0-0-0'], staleAfterMs: 180_000 })],
  };
  const [site] = createPlan(definition, [rules]).sites;
  const side = site?.sides[0];
  if (!site || !side) throw new Error('no practice');
  const ready = side.rules.map((rule) => rule.ready);
  const readings = createReadings(site);
  const state = createSideState(side);
  let memory: (Remembered | undefined)[] = [];
  return {
    site,
    readings,
    judged(at: number, minute: number) {
      rescore(site, side, state, readings, { at, minute }, rules);
      const { score, floor, fallScore, fallFloor, idle } = state.score;
      return { score, floor, fallScore, fallFloor, idle, held: holds(state) };
    },
    expected(at: number, minute: number) {
      const ruleOf = (index: number) => {
        const rule = side.rules.find(({ ready }) => ready.index === index);
        if (!rule) throw new Error(`rule ${index}`);
        return rule;
      };
      const found = scoreSite(ready, ({ index }) => evidenceOf(site, readings, ruleOf(index)), memory, {
        ...{ at, minute, minimumCoverage: rules.minimumCoverage },
        holdMs: ({ index }) => site.metrics[ruleOf(index).metric]?.holdMs ?? 0,
      });
      const { score, floor, fallScore, fallFloor, idle } = found;
      return { score, floor, fallScore, fallFloor, idle, held: found.judged.some(({ held }) => held) };
    },
    close(at: number) {
      close(state, at, rules);
      memory = [];
    },
  };
}

it('a site scores as the board scores it, look by look, through absences, hours and closings', () => {
  fc.assert(
    fc.property(
      fc.array(ruleArb, { minLength: 1, maxLength: 6 }),
      fc.array(lookArb, { minLength: 1, maxLength: 40 }),
      (given, looks) => {
        const both = bothOf(rulesOf(given));
        let at = 0;
        for (const { place, value, absence, usual, afterMs, minute, closes } of looks) {
          at += afterMs;
          const chosen = place % both.readings.values.length;
          both.readings.values[chosen] = value;
          both.readings.absences[chosen] = Number.isNaN(value) ? absence : 0;
          both.readings.usuals[chosen] = usual;
          expect(both.judged(at, minute)).toEqual(both.expected(at, minute));
          if (closes && afterMs % 5 === 0) both.close(at);
        }
      },
    ),
    { seed: 20260302, numRuns: 200 },
  );
});
