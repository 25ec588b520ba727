import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE, QUARTER, sayTime, type EpochMs } from '#shared/model/time.ts';
import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { Unit } from '#shared/model/unit.ts';
import { startOf } from '../domain/pressure/levels.ts';
import type { Normal, PollOutcome } from '../domain/ports.ts';
import { createCore, type Core } from './core.ts';
import { outcome, phones, slotGroup, testDefinition, testRules } from './fixture.ts';
import { createWorld } from './initial.ts';
import { createLayout } from './layout.ts';
import type { World } from './world.ts';

const START = fromInstant('2026-11-23T09:00:00Z');
const SEEDED = { seed: 20, numRuns: 15 };
const normal: Normal = { usual: (_, metric) => (metric === 'calls.longest-wait' ? 200 : null), label: 'made up' };

const rulesArb: fc.Arbitrary<Rules> = fc
  .record({
    levels: fc.constantFrom<Rules['levels']>([40, 62, 86], [10, 30, 60]),
    riseAfter: fc.integer({ min: 1, max: 3 }),
    fallAfterMinutes: fc.constantFrom(5, 30),
    uplift: fc.constantFrom(0, 20, 100),
    part: fc.constantFrom(3 as const, 4 as const),
    share: fc.constantFrom(0, 0.1, 0.5),
    escalate: fc.boolean(),
  })
  .map(({ levels, riseAfter, fallAfterMinutes, uplift, part, share, escalate }) =>
    testRules({
      levels,
      uplift,
      hysteresis: { riseAfter, fallMargin: 4, fallAfterMinutes, fallStepMinutes: 5 },
      concentrated: { part, least: 2, share },
      escalators: escalate ? [{ indicator: 'wait', points: 3, level: 3, reason: 'callers give up' }] : [],
    }),
  );

interface Said {
  readonly afterMs: number;
  readonly site: number;
  readonly waiting: number;
  readonly wait: number;
  readonly free: number;
  readonly silent: boolean;
}
const saidArb: fc.Arbitrary<Said> = fc.record({
  afterMs: fc.constantFrom(1000, 15_000, MINUTE, 4 * MINUTE, 12 * MINUTE),
  site: fc.nat(7),
  waiting: fc.nat(30),
  wait: fc.nat(2400),
  free: fc.nat(6),
  silent: fc.boolean(),
});
const streamArb = fc.array(saidArb, { minLength: 1, maxLength: 25 });

interface Lived {
  readonly definition: Definition;
  readonly world: World;
  readonly core: Core;
}

function begin(rules: Rules): Lived & { practices: readonly string[] } {
  const plain = testDefinition({ places: 2, neighbourhoods: 2, practices: 2 }, rules);
  const units = plain.units.map((u, i) => (u.siteKind === 'practice' ? { ...u, deprivation: 1 + (i % 2) } : u));
  const definition = { ...plain, units };
  const world = createWorld(createLayout(definition), normal, 'r', START);
  const practices = definition.units.filter((u) => u.siteKind === 'practice').map((u) => u.id);
  return { definition, world, core: createCore(world), practices };
}

/** Phones of all, of which one says something of its own and one may be silent, and the slots of that one. */
function outcomesOf(practices: readonly string[], said: Said, at: EpochMs, worse: number): PollOutcome[] {
  const site = practices[said.site] ?? '';
  const readings = practices.flatMap((id, i) => {
    if (said.silent && i === (said.site + 1) % practices.length) return [];
    const own = { 'calls.waiting': said.waiting + worse, 'calls.longest-wait': said.wait + 60 * worse };
    const others = { 'calls.waiting': 4 + worse, 'calls.longest-wait': 250 + 60 * worse };
    return phones(id, id === site ? own : others);
  });
  const groups = [slotGroup(at + HOUR, Math.max(0, said.free - worse), 12 + Math.min(worse, said.free))];
  return [outcome('phones', at, { readings }), outcome(`slots:${site}`, at, { slots: [{ site, groups }] })];
}

function live(stream: readonly Said[], rules: Rules, worse: number, each: (units: readonly Unit[]) => void) {
  const lived = begin(rules);
  let at = START;
  for (const said of stream) {
    at += said.afterMs;
    lived.core.advance(at, outcomesOf(lived.practices, said, at, worse));
    each(lived.world.published.units);
  }
  return { ...lived, at };
}

describe('pressure of a whole board, under any rules and any stream', () => {
  it('never stands lower, at any site or group, where every indicator is worse', () => {
    fc.assert(
      fc.property(streamArb, rulesArb, fc.integer({ min: 1, max: 15 }), (stream, rules, worse) => {
        const better: Unit[][] = [];
        live(stream, rules, 0, (units) => better.push([...units]));
        let turn = 0;
        live(stream, rules, worse, (units) => {
          units.forEach((unit, i) => {
            const before = better[turn]?.[i];
            if (before?.level === null || before === undefined || unit.siteKind === 'hub') return;
            expect([unit.id, unit.level !== null && unit.level >= before.level]).toEqual([unit.id, true]);
          });
          turn += 1;
        });
      }),
      SEEDED,
    );
  }, 60_000);

  it('is what it would be worked out from nothing but the state', () => {
    fc.assert(
      fc.property(streamArb, streamArb, rulesArb, (stream, last, rules) => {
        const { world, core, practices, at } = live(stream, rules, 0, () => undefined);
        // A quarter hour on everything is looked at; what follows at that very moment is worked out bit by bit.
        const quarter = Math.ceil(at / QUARTER) * QUARTER;
        core.advance(quarter, []);
        last.forEach((said, i) => core.advance(quarter, outcomesOf(practices, said, quarter + i + 1, 0)));
        const fresh = createWorld(world.layout, normal, 'r', START);
        world.sites.forEach((site, i) => (fresh.sites[i] = structuredClone(site)));
        world.groups.forEach((group, i) => (fresh.groups[i] = structuredClone(group)));
        world.feeds.forEach((feed, i) => (fresh.feeds[i] = structuredClone(feed)));
        createCore(fresh).evaluateAll(quarter);
        const told = ({
          score,
          level,
          coverage,
          drivers,
          indicators,
          confidence,
          rollup,
          beside,
          sentence,
          brief,
        }: Unit) => ({
          ...{ score, level, coverage, drivers, indicators, confidence, rollup, beside, sentence, brief },
        });
        expect(fresh.published.units.map(told)).toEqual(world.published.units.map(told));
      }),
      SEEDED,
    );
  }, 60_000);

  it('says no figure that does not follow from the unit itself', () => {
    let read = 0;
    fc.assert(
      fc.property(streamArb, rulesArb, (stream, rules) => {
        live(stream, rules, 0, (units) => {
          for (const unit of units) read += readBack(unit, rules);
        });
      }),
      SEEDED,
    );
    expect(read).toBeGreaterThan(500);
  }, 60_000);
});

/** Checks every figure of a unit's sentence against its fields; gives how many there were. */
function readBack(unit: Unit, rules: Rules): number {
  let read = 0;
  const find = (pattern: RegExp, expected: (found: readonly string[]) => readonly unknown[]) => {
    const found = pattern.exec(unit.sentence);
    if (!found) return;
    expect([unit.id, unit.sentence, ...found.slice(1)]).toEqual([
      unit.id,
      unit.sentence,
      ...expected(found).map(String),
    ]);
    read += found.length - 1;
  };
  const given = unit.indicators.reduce((sum, { points, weight }) => sum + (points ?? 0) * weight, 0);
  const possible = unit.indicators.reduce((sum, { points, weight }) => sum + (points === null ? 0 : 3 * weight), 0);
  const { level, rollup } = unit;
  if (level !== null && unit.open !== false) find(/^Level (\d)/, () => [level]);
  find(/\*\*([\d.]+) of ([\d.]+)\*\* points/, () => [given, possible]);
  find(/a score of \*\*([\d.]+)\*\*/, ([, said]) => {
    expect(Math.abs(Number(said) - (unit.score ?? -1))).toBeLessThanOrEqual(rollup ? 0 : 0.5);
    return [said];
  });
  find(/; level (\d) starts at (\d+(?:\.\d+)?)/, ([, of]) => [of, startOf(Number(of) as 2, rules.levels)]);
  find(/kept until \*\*([\d:apm]+)\*\*/, () => [
    unit.keptUntil === null ? 'none' : sayTime(fromInstant(unit.keptUntil)),
  ]);
  find(/raised by \*\*([\d.]+)\*\* points from a mean of \*\*([\d.]+)\*\*/, () => [rollup?.uplift, rollup?.mean]);
  find(/\*\*(\d+) of (\d+)\*\* practices? (?:is|are) at level/, () => [
    (rollup?.levels[2] ?? 0) + (rollup?.levels[3] ?? 0),
    rollup?.open,
  ]);
  find(/\*\*(\d+)%\*\* of patients\)/, () => [Math.round((rollup?.notable[0]?.share ?? 0) * 100)]);
  find(/Judged on \*\*(\d+)%\*\* of patients/, () => [Math.round(unit.coverage * 100)]);
  find(/under-represented: \*\*(\d+)%\*\* of its patients are judged, \*\*(\d+)%\*\*/, () => [
    Math.round((rollup?.deprived?.coverage ?? 0) * 100),
    Math.round((rollup?.deprived?.others ?? 0) * 100),
  ]);
  // Every reason of a site is one of its drivers, word for word.
  const because = /^Level \d(?:, about to rise to \d)? because (.*?): \*\*/.exec(unit.sentence)?.[1];
  if (because !== undefined && unit.kind === 'site' && !unit.sentence.includes('because callers give up')) {
    for (const { text } of unit.drivers.slice(0, 3)) expect(because).toContain(text);
  }
  if (rollup && unit.score !== null) {
    expect((rollup.mean ?? 0) + (rollup.uplift ?? 0)).toBeCloseTo(unit.score, 1);
    expect(rollup.levels.reduce((a, b) => a + b, 0) + rollup.unknown).toBe(rollup.open);
  }
  return read;
}
