import { describe, expect, test } from 'vitest';
import type { MetricName } from '#shared/model/metrics.ts';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import type { Unit } from '#shared/model/unit.ts';
import { needsOf, unmetNeed } from './needs.ts';
import { OWN_POLICY } from './policy.ts';

const NOW = fromInstant('2026-01-12T11:00:00Z');
const nobody = () => ({});
const unknown = () => null;

function practice(values: Partial<Record<MetricName, number | null>>, open: boolean | null = true): Unit {
  const metrics = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, absence: null, observedAt: null }]),
  );
  return { id: 'P1', open, metrics } as unknown as Unit;
}
const OUT = { 'practices.without-slots': 1, 'slots.exhausted-at': NOW - HOUR, 'slots.free': 0 } as const;

describe('who needs a slot', () => {
  test('is everybody whom the practice cannot see, by kind', () => {
    const unit = practice({
      ...{ ...OUT, 'patients.without-slot': 6, 'callbacks.waiting': 10, 'calls.answered-60m': 14 },
      ...{ 'online.open': 20, 'online.clinical': 30, 'online.admin': 10 },
    });
    // Same-day need of a call is 0.288: 10 callbacks 3, 20 requests of which three in four are clinical 4, two hours 8.
    expect(unmetNeed(unit, nobody, unknown)).toEqual({ urgent: 6, untriaged: 3, soon: 4, expected: 8 });
  });

  test('is whoever will ask beyond the slots that are left, where it has not run out', () => {
    const counts = unmetNeed(
      practice({
        ...{ 'patients.without-slot': 0, 'practices.without-slots': 0, 'slots.free': 5 },
        ...{ 'calls.answered-60m': 14, 'callbacks.waiting': 10, 'online.open': 20 },
      }),
      nobody,
      unknown,
    );
    expect(counts).toEqual({ urgent: 0, untriaged: 0, soon: 0, expected: 3 });
  });

  test('is expected as is usual at that time, as far from it as the last hour was, within reason', () => {
    const usual = (_: string, ahead: number) => [20, 15, 10][ahead / HOUR] ?? null;
    const expected = (lately: number | null) =>
      unmetNeed(practice({ ...OUT, 'patients.without-slot': 0, 'calls.answered-60m': lately }), nobody, usual)
        ?.expected;
    // 25 calls in the two hours to come, at 0.288 each.
    expect(expected(20)).toBe(7);
    expect(expected(null)).toBe(7);
    expect(expected(30)).toBe(10);
    expect(expected(200)).toBe(14);
    expect(expected(0)).toBe(3);
  });

  test('is not known, which is not nobody, where the practice is closed or does not tell', () => {
    expect(unmetNeed(practice({ ...OUT, 'patients.without-slot': null }), nobody, unknown)).toBeNull();
    expect(unmetNeed(practice({}), nobody, unknown)).toBeNull();
    expect(unmetNeed(practice({ ...OUT, 'patients.without-slot': 4 }, false), nobody, unknown)).toBeNull();
    expect(unmetNeed(practice({ ...OUT, 'patients.without-slot': 4 }, null), nobody, unknown)).toBeNull();
  });

  test('is less by what is held for them, each kind by its own; what is over, the urgent first', () => {
    const unit = practice({ ...OUT, 'patients.without-slot': 6, 'callbacks.waiting': 10 });
    const asked: (number | null)[] = [];
    const held = (_: string, since: number | null) => {
      asked.push(since);
      return { urgent: 3, untriaged: 5 };
    };
    expect(unmetNeed(unit, held, unknown)).toMatchObject({ urgent: 1, untriaged: 0 });
    expect(asked).toEqual([NOW - HOUR]);
  });

  test('has its time: at once, or once they have asked', () => {
    const needs = needsOf('P1', { urgent: 2, soon: 0, expected: 1 }, NOW, OWN_POLICY);
    expect(needs.map(({ kind, count, from, to }) => [kind, count, (from - NOW) / HOUR, (to - NOW) / HOUR])).toEqual([
      ['urgent', 2, 0, 8],
      ['expected', 1, 2, 10],
    ]);
  });
});
