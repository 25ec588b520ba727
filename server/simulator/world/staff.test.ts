import { expect, test } from 'vitest';
import type { Scenario, ScenarioEvent } from '#shared/model/scenario.ts';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { dayOfDate, wallSeconds } from './day.ts';
import { createWorld } from './world.ts';

const day = dayOfDate('2026-01-12');
const ROUND = { from: '08:00', to: '12:00', target: 'all' } as const;

function world(...events: ScenarioEvent[]) {
  const scenario: Scenario = { id: 'test', name: 'Test', description: 'Test', events };
  return createWorld({ definition: sampleDefinition(), national: sampleNational(), scenario, seed: 4 });
}
const there = (made: ReturnType<typeof world>, at: string, which: 'clinicians' | 'desk' = 'clinicians') =>
  made.sites.practices.map((site) => made.rota(site, day, wallSeconds(at))?.[which].there ?? NaN);
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

test('all whom an absence takes are away while it lasts, and planned for all the same', () => {
  const made = world({ type: 'staff-absence', ...ROUND, share: 1 });
  expect(total(there(made, '09:00'))).toBe(0);
  expect(total(there(made, '12:00'))).toBeGreaterThan(0);
  for (const site of made.sites.practices) {
    const rota = made.rota(site, day, wallSeconds('09:00'));
    expect(rota?.clinicians.planned).toBeGreaterThanOrEqual(2);
    expect(rota?.clinicians.planned).toBe(made.rota(site, day, wallSeconds('13:00'))?.clinicians.planned);
  }
});

test('those who are away are those whose slots are withdrawn', () => {
  const made = world({ type: 'staff-absence', ...ROUND, share: 0.5, staff: 'clinical' });
  const plain = world();
  for (const site of made.sites.practices) {
    const before = plain.rota(site, day, wallSeconds('09:00'))?.clinicians.there ?? 0;
    const now = made.rota(site, day, wallSeconds('09:00'))?.clinicians.there ?? 0;
    const withdrawn = made.slots(site, day).events.length > plain.slots(site, day).events.length;
    expect(now).toBeLessThanOrEqual(before);
    if (now === before) expect(withdrawn).toBe(false);
  }
  expect(total(there(made, '09:00'))).toBeLessThan(total(there(plain, '09:00')));
});

test('reception and clinicians are counted apart', () => {
  const plain = world();
  const desk = world({ type: 'staff-absence', ...ROUND, share: 1, staff: 'reception' });
  expect(there(desk, '09:00')).toEqual(there(plain, '09:00'));
  expect(total(there(desk, '09:00', 'desk'))).toBe(0);
  const clinical = world({ type: 'staff-absence', ...ROUND, share: 1, staff: 'clinical' });
  expect(there(clinical, '09:00', 'desk')).toEqual(there(plain, '09:00', 'desk'));
});

test('nobody is planned for a day without work', () => {
  const made = world();
  const [site] = made.sites.practices;
  if (!site) throw new Error('no practice');
  for (const date of ['2026-01-17', '2026-05-04']) expect(made.rota(site, dayOfDate(date), 36_000)).toBeNull();
});
