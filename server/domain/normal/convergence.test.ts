import { describe, expect, it } from 'vitest';
import type { UnitDef } from '#shared/model/definition.ts';
import { MINUTE, QUARTER } from '#shared/model/time.ts';
import { sampleDefinition, sampleNational } from '../../simulator/sample.ts';
import { dayOfDate, type Day } from '../../simulator/world/day.ts';
import { queueStateAt } from '../../simulator/world/telephony.ts';
import { createWorld } from '../../simulator/world/world.ts';
import { foldCells } from './cells.ts';
import { createDayFold, dayFrame } from './day-fold.ts';

/** Mondays of a simulated practice, learned as the nightly job does, against many other Mondays of the same practice. */
const definition = sampleDefinition(14);
const world = createWorld({ definition, national: sampleNational(), scenario: null, seed: 11 });
const site = world.sites.practices[2] as UnitDef;

const mondays = (first: string, count: number): Day[] =>
  Array.from({ length: count }, (_, i) =>
    dayOfDate(Temporal.PlainDate.from(first).add({ weeks: i }).toString()),
  ).filter((day) => day.kind === 1 && day.weekday === 1);

const STEP = 5 * MINUTE;
type Change = (at: number, total: number) => number;

/** A day's counted calls, minute by minute, with what somebody did to them. NaN: absent. */
function learned(day: Day, change: Change = (_, total) => total): Float32Array | null {
  const calls = world.calls(site, day);
  if (!calls) throw new Error('no calls');
  const fold = createDayFold(dayFrame(day.start, [{ from: day.start, to: day.end }]), {
    hold: 'total',
    shut: () => false,
    wholeDays: true,
  });
  const at = Float64Array.from({ length: (day.end - day.start) / STEP }, (_, i) => day.start + (i + 1) * STEP - MINUTE);
  const value = at.map((time) => change(time - day.start, queueStateAt(calls, day.wallAt(time)).inbound));
  fold.push(
    at,
    value,
    new Uint8Array(at.length).map((_, i) => (Number.isNaN(value[i]) ? 2 : 0)),
  );
  return fold.finish();
}

const usualOf = (rows: (Float32Array | null)[]) => {
  const cells = foldCells(
    rows.filter((row) => row !== null),
    'total',
  );
  if (!cells) throw new Error('nothing was learned');
  return cells;
};
const totalAt = (values: Float32Array, hour: number) => values[(hour * 60 * MINUTE) / QUARTER - 1] ?? NaN;
const HOURS = [9, 10, 12, 14, 17, 19];

describe('a normal learned from simulated weeks', () => {
  // Autumn and spring have no bank-holiday Mondays: many examples of what the practice truly is.
  const truth = [...mondays('2025-09-01', 14), ...mondays('2026-01-12', 11), ...mondays('2026-06-01', 11)];
  const weeks = mondays('2026-09-07', 8);
  const examples = truth.map((day) => learned(day) ?? new Float32Array(0));
  const mean = (hour: number) => examples.reduce((sum, row) => sum + totalAt(row, hour), 0) / examples.length;

  it('comes close to the practice’s true day within eight Mondays', () => {
    const usual = usualOf(weeks.map((day) => learned(day))).usual;
    for (const hour of HOURS) {
      const off = Math.abs(totalAt(usual, hour) / mean(hour) - 1);
      expect(off, `${hour}:00`).toBeLessThan(0.12);
    }
  });

  it('is moved neither by a surge, nor by an outage of the feed, nor by silent phones', () => {
    const plain = usualOf(weeks.map((day) => learned(day)));
    const surge: Change = (_, total) => total * 3;
    const dead: Change = () => 0;
    const outage: Change = (at, total) => (at > 7 * 60 * MINUTE ? NaN : total);
    const spoiled = usualOf(
      weeks.map((day, i) => learned(day, i === 1 ? surge : i === 4 ? outage : i === 6 ? dead : undefined)),
    );
    // The outage left a third of its day: that is no example and does not enter.
    expect(learned(weeks[4] as Day, outage)).toBeNull();
    expect(spoiled.days).toBe(7);
    for (const hour of HOURS) {
      const off = Math.abs(totalAt(spoiled.usual, hour) / totalAt(plain.usual, hour) - 1);
      expect(off, `${hour}:00`).toBeLessThan(0.08);
      expect(totalAt(spoiled.low, hour)).toBeGreaterThan(0.7 * totalAt(plain.usual, hour));
      expect(totalAt(spoiled.high, hour)).toBeLessThan(1.3 * totalAt(plain.usual, hour));
    }
  });
});
