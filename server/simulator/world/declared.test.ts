import { expect, test } from 'vitest';
import type { Scenario } from '#shared/model/scenario.ts';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { dayOfDate, wallSeconds } from './day.ts';
import { declaredAt } from './declared.ts';
import { createWorld } from './world.ts';

const MONDAY = dayOfDate('2026-01-12');
const short: Scenario = {
  id: 'short',
  name: 'Short',
  description: 'Half the practices without half of their staff, and more calls',
  events: [
    { type: 'staff-absence', from: '07:30', to: '18:30', target: 0.5, share: 0.5 },
    { type: 'surge', from: '07:30', to: '11:30', target: 0.5, factor: 1.6 },
  ],
};
const worldOf = (scenario: Scenario | null) =>
  createWorld({ definition: sampleDefinition(120), national: sampleNational(), scenario, seed: 8 });

test('practices under strain declare, late and not all of them; on an ordinary day few do', () => {
  const count = (scenario: Scenario | null) => {
    const world = worldOf(scenario);
    return world.sites.practices.filter((site) => world.declared(site, MONDAY).length > 0).length;
  };
  const ordinary = count(null);
  const strained = count(short);
  expect(strained).toBeGreaterThan(ordinary + 15);
  expect(strained).toBeLessThan(90);
});

test('a declaration comes after the strain began, has a level of two or more, and one holds at a time', () => {
  const world = worldOf(short);
  const reasons = new Set<string>();
  for (const site of world.sites.practices) {
    const declared = world.declared(site, MONDAY);
    const [first, stoodDown] = declared;
    if (!first) continue;
    reasons.add(first.reason);
    expect(first.at).toBeGreaterThanOrEqual(wallSeconds('08:15'));
    expect(first.level).toBeGreaterThanOrEqual(2);
    expect(declaredAt(declared, first.at - 1)).toBeNull();
    expect(declaredAt(declared, first.at)).toBe(first);
    if (stoodDown) {
      expect([stoodDown.level, stoodDown.reason]).toEqual([1, 'stood-down']);
      expect(stoodDown.at).toBeGreaterThan(first.at);
    }
    if (first.until !== null) expect(declaredAt(declared, first.until)).toBeNull();
  }
  expect(reasons.has('clinical-staff')).toBe(true);
});

test('nobody declares on a Sunday or a bank holiday', () => {
  const world = worldOf(short);
  for (const date of ['2026-01-11', '2026-05-25']) {
    for (const site of world.sites.practices) expect(world.declared(site, dayOfDate(date))).toEqual([]);
  }
});
