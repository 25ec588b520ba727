import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, readyRules, type Evidence } from '../domain/pressure/indicators.ts';
import { readRules } from './rules-file.ts';

const TEMPLATE = new URL('../cli/templates/rules.yaml', import.meta.url);
const SYSTEMS = new URL('../systems/', import.meta.url);

const template = readFileSync(TEMPLATE, 'utf8');
const rules = readRules(template, (line, message) => {
  throw new Error(`${line}: ${message}`);
});
if (!rules) throw new Error('not read');
const ready = readyRules(rules);
const midday = 12 * 60 + 30;

describe('the shipped rules', () => {
  const systems = readdirSync(SYSTEMS).filter((name) => name !== 'national');
  it.each(systems)('are those of the template in %s', (system) => {
    expect(readFileSync(new URL(`${system}/rules.yaml`, SYSTEMS), 'utf8')).toBe(template);
  });

  it('have at least one indicator for every kind of site that reports anything', () => {
    const kinds = [
      'practice',
      'hub',
      'urgent-treatment',
      'acute-visiting',
      'clinical-response',
      'nhs111',
      'out-of-hours',
    ];
    for (const kind of kinds)
      expect(rules.indicators.some(({ siteKinds }) => siteKinds.includes(kind as never))).toBe(true);
  });

  it('give no points for what people declare: the computed level stands beside it, independent', () => {
    expect(rules.indicators.map(({ metric }) => metric)).not.toContain('declared.level');
  });

  it.each(ready.map((rule) => [rule.rule.id, rule] as const))(
    '%s never gives fewer points for a worse value',
    (_, rule) => {
      const evidence = (value: number, usual: number): Evidence => ({
        value,
        usual,
        absence: null,
        detail: null,
        base: 1000,
        population: 9000,
      });
      const points = (value: number, usual: number) => {
        const judged = judge(rule, evidence(value, usual), Math.max(midday, rule.fromMinute));
        return judged.kind === 'judged' ? judged.points : NaN;
      };
      const numbers = fc.double({ min: 0, max: 20_000, noNaN: true });
      fc.assert(
        fc.property(numbers, numbers, numbers, (a, b, usual) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)];
          const [mild, bad] = rule.rule.direction === 'high' ? [less, more] : [more, less];
          expect(points(bad, usual)).toBeGreaterThanOrEqual(points(mild, usual));
        }),
        { seed: 4, numRuns: 200 },
      );
    },
  );

  it.each<[string, number, number]>([
    ['urgent-same-day', 0.9, 0],
    ['urgent-same-day', 0.899, 1],
    ['staff', 0.7, 2],
    ['staff', 0.699, 3],
    ['contacts', 24.9, 0],
    ['contacts', 25, 1],
    ['contacts', 37.5, 3],
    ['online-due', 0.99, 1],
    ['online-due', 1, 2],
    ['offered', 60, 0],
    ['answered-in-60s', 0.95, 0],
    ['answered-in-60s', 0.949, 1],
    ['abandoned', 0.049, 0],
    ['abandoned', 0.05, 1],
    ['queue-overrun', 1, 1],
  ])('%s at %d gives %d points', (id, value, points) => {
    const rule = ready.find((r) => r.rule.id === id);
    if (!rule) throw new Error(id);
    const evidence: Evidence = { value, usual: null, absence: null, detail: null, base: 1000, population: 9000 };
    expect(judge(rule, evidence, midday)).toMatchObject({ kind: 'judged', points });
  });

  it('hold contacts against the number that the rules name', () => {
    const [contacts] = readyRules({ ...rules, parameters: { safeContacts: 30 } }).filter(
      (r) => r.rule.id === 'contacts',
    );
    expect(contacts?.rule.cutoffs).toEqual([30, 37.5, 45]);
    const [usual] = readyRules({ ...rules, parameters: {} }).filter((r) => r.rule.id === 'contacts');
    expect(usual?.rule.cutoffs[0]).toBe(25);
  });
});
