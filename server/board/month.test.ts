import { describe, expect, it } from 'vitest';
import { dayStart, fromInstant, type EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../domain/ports.ts';
import { takeOutcome } from './apply.ts';
import { feedDef, outcome, reading, testDefinition, testRules } from './fixture.ts';
import { createWorld } from './initial.ts';
import { createLayout } from './layout.ts';
import { practiceMonth, publishedByDay, type Document } from './month-fixture.ts';
import { goStale } from './staleness.ts';

const base = testDefinition({ places: 1, neighbourhoods: 1, practices: 3 }, testRules());
const SITES = ['p0-0-0', 'p0-0-1', 'p0-0-2'] as const;
const definition = {
  ...base,
  feeds: SITES.map((site) => feedDef({ id: `phones-${site}`, adapter: 'telephony-queues', sites: [site] })),
};

/** The day totals that the history ends with. */
function totals(applied: readonly Applied[], site: string): Map<EpochMs, number> {
  const newest = new Map<EpochMs, Applied>();
  for (const a of applied) {
    if (a.unit !== site || a.metric !== 'calls.inbound' || a.value === null) continue;
    const day = dayStart(a.observedAt);
    const before = newest.get(day);
    if (!before || a.observedAt >= before.observedAt) newest.set(day, a);
  }
  return new Map([...newest].map(([day, a]) => [day, a.value ?? 0]));
}

/** Takes in a whole month, document by document as they come, and gives what the history is told. */
function liveThrough(start: string, documents: readonly { readonly site: string; readonly document: Document }[]) {
  const normal = { usual: () => null, label: '' };
  const world = createWorld(createLayout(definition), normal, 'rules', fromInstant(start));
  const applied: Applied[] = [];
  for (const { site, document } of [...documents].sort((a, b) => a.document.receivedAt - b.document.receivedAt)) {
    const { observedAt, receivedAt, raw } = document;
    applied.push(...goStale(world, receivedAt).applied);
    const readings = [reading(site, 'calls.inbound', raw)];
    const taken = takeOutcome(world, outcome(`phones-${site}`, receivedAt, { observedAt, readings }));
    applied.push(...(taken?.applied ?? []));
  }
  return applied;
}

describe.each([
  ['October: the clocks go back', '2026-09-30T23:00:00Z', '2026-11-01T00:00:00Z', 31],
  ['March: the clocks go forward', '2026-03-01T00:00:00Z', '2026-03-31T23:00:00Z', 31],
  ['February of a leap year', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z', 29],
])('%s', (_, start, end, days) => {
  it('every day has exactly the calls that its supplier last published; what was never published is apart', () => {
    const [from, to] = [fromInstant(start), fromInstant(end)];
    const months = SITES.map((site, i) => ({
      site,
      month: practiceMonth({ from, to, seed: 71 + i, midnight: i === 1 ? 'utc' : 'london' }),
    }));
    const applied = liveThrough(
      start,
      months.flatMap(({ site, month }) => month.documents.map((document) => ({ site, document }))),
    );
    for (const { site, month } of months) {
      const counted = totals(applied, site);
      const published = publishedByDay(month.documents);
      const differing = [...published].filter(([day, calls]) => (counted.get(day) ?? 0) !== calls);
      expect(differing).toEqual([]);
      expect(counted.size).toBe(days);
      const sum = [...counted.values()].reduce((a, b) => a + b, 0);
      expect(month.neverSeen).toBeGreaterThan(0);
      expect(sum + month.neverSeen).toBe(month.calls);
    }
  }, 60_000);
});
