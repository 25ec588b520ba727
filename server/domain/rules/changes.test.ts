import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rules } from '#shared/model/rules.ts';
import { testRules } from '../../board/fixture.ts';
import { rulesChanges } from './changes.ts';
import { contentText } from './content.ts';

const edited = (change: (rules: Rules) => void): Rules => {
  const rules = structuredClone(testRules());
  change(rules);
  return rules;
};
const wait = (rules: Rules) => {
  const found = rules.indicators.find(({ id }) => id === 'wait');
  if (!found) throw new Error('wait');
  return found;
};
const textsOf = (change: (rules: Rules) => void) => rulesChanges(testRules(), edited(change)).map(({ text }) => text);

describe('the difference between two versions', () => {
  it.each<[string, (rules: Rules) => void, string]>([
    ['a level', (rules) => (rules.levels = [35, 62, 86]), 'Level 2 starts at 40 → 35'],
    ['a share', (rules) => (rules.minimumCoverage = 0.6), 'Least coverage for a level 50 % → 60 %'],
    ['a wait', (rules) => (rules.hysteresis.fallAfterMinutes = 20), 'Wait before a fall 15 min → 20 min'],
    ['a cut-off', (rules) => (wait(rules).cutoffs = [300, 240, 1200]), 'wait: second cut-off 10 min → 4 min'],
    ['a weight', (rules) => (wait(rules).weight = 5), 'wait: weight 3 → 5'],
    ['a time that was not set', (rules) => (wait(rules).from = '08:00'), 'wait: counts from not set → 08:00'],
    [
      'a phrase',
      (rules) => (wait(rules).brief = 'long wait'),
      'wait: words on walls “callers wait {value}” → “long wait”',
    ],
    [
      'a new escalator',
      (rules) => rules.escalators.push({ indicator: 'wait', points: 3, level: 3, reason: 'far too long' }),
      'New escalator: wait at 3 points forces level 3',
    ],
    [
      'an indicator taken out',
      (rules) => rules.indicators.splice(4, 1),
      'Indicator bookable taken out (slots.left-share at hub: 20 %, 8 %, 0 %; weight 1)',
    ],
    ['another order', (rules) => rules.indicators.push(...rules.indicators.splice(0, 1)), 'Order of the indicators'],
  ])('tells of %s in words', (_, change, text) => {
    expect(textsOf(change)).toEqual([expect.stringContaining(text)]);
  });

  it('writes cut-offs in the unit that they are measured in', () => {
    const against = (kind: Rules['indicators'][number]['against']) => (rules: Rules) => (wait(rules).against = kind);
    const change = (kind: Rules['indicators'][number]['against']) => {
      const after = edited((rules) => {
        against(kind)(rules);
        wait(rules).cutoffs = [300, 600, 900];
      });
      return rulesChanges(edited(against(kind)), after)[0]?.after;
    };
    expect(change('absolute')).toBe('15 min');
    expect(change('usual-ratio')).toBe('900 × usual');
    expect(change('usual-difference')).toBe('usual + 15 min');
    expect(change('per-1000')).toBe('900 per 1,000');
  });

  it('is none where only the version, its reason, its day or its author differ', () => {
    const about = { version: 9, reason: 'Other', published: '2030-01-01', by: 'somebody' };
    expect(rulesChanges(testRules(), testRules(about))).toEqual([]);
    expect(contentText(testRules(about))).toBe(contentText(testRules()));
  });
});

/** Rules that differ in anything that rules can differ in. */
const rulesArb: fc.Arbitrary<Rules> = fc
  .record({
    levels: fc.constantFrom<Rules['levels']>([40, 62, 86], [30, 62, 86], [40, 62, 90]),
    minimumCoverage: fc.constantFrom(0.5, 0.6),
    uplift: fc.constantFrom(0, 20),
    riseAfter: fc.constantFrom(1, 2),
    concentrated: fc.constantFrom(undefined, { part: 4 as const, least: 2 as const }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }),
    tweak: fc.constantFrom<Partial<Rules['indicators'][number]>>(
      {},
      { weight: 9 },
      { from: '08:00' },
      { cutoffs: [1, 2, 3] },
      { label: 'Other' },
      { siteKinds: ['practice', 'hub'] },
    ),
    escalators: fc.shuffledSubarray<Rules['escalators'][number]>([
      { indicator: 'wait', points: 3, level: 3, reason: 'a' },
      { indicator: 'wait', points: 3, level: 4, reason: 'b' },
      { indicator: 'slots', points: 2, level: 2, reason: 'c' },
    ]),
  })
  .map(({ order, tweak, riseAfter, concentrated, ...rest }) => {
    const base = testRules();
    const indicators = order.flatMap((i) => base.indicators[i] ?? []);
    return testRules({
      ...rest,
      ...(concentrated ? { concentrated } : {}),
      hysteresis: { ...base.hysteresis, riseAfter },
      indicators: indicators.map((rule, i) => (i === 0 ? { ...rule, ...tweak } : rule)),
    });
  });

/** The same with the keys of everything the other way round. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, turned(part)]),
  );
};

describe('any two rules', () => {
  it('have no difference exactly when they say the same', () => {
    fc.assert(
      fc.property(rulesArb, rulesArb, (a, b) => {
        expect(rulesChanges(a, b).length === 0).toBe(contentText(a) === contentText(b));
        expect(rulesChanges(a, turned(a) as Rules)).toEqual([]);
        expect(contentText(turned(a) as Rules)).toBe(contentText(a));
      }),
      { seed: 6, numRuns: 400 },
    );
  });

  it('differ at the same places both ways, each named once, with the values swapped', () => {
    fc.assert(
      fc.property(rulesArb, rulesArb, (a, b) => {
        const there = rulesChanges(a, b);
        const back = new Map(rulesChanges(b, a).map((change) => [change.path, change]));
        expect(new Set(there.map(({ path }) => path)).size).toBe(there.length);
        expect(there.map(({ path }) => path).sort()).toEqual([...back.keys()].sort());
        for (const { path, before, after } of there) {
          expect([back.get(path)?.after, back.get(path)?.before]).toEqual([before, after]);
        }
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});
