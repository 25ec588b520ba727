import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import { createPublishedNormal } from '../domain/normal/published.ts';
import type { Normal, PollOutcome } from '../domain/ports.ts';
import { contestedDefinition } from './board-fixture.ts';
import { createCore } from './core.ts';
import { outcome, phones, slotGroup, testDefinition, testMonth, testNational } from './fixture.ts';
import { createWorld } from './initial.ts';
import { createLayout } from './layout.ts';
import type { Memory } from './memory.ts';
import { createShown } from './shown.ts';
import type { World } from './world.ts';

const START = fromInstant('2026-11-23T07:40:00Z');
const definition = contestedDefinition(3);
const practices = definition.units.filter((unit) => unit.siteKind === 'practice').map((unit) => unit.id);
const sites = definition.units.filter((unit) => unit.kind === 'site').map((unit) => unit.id);
const published = createPublishedNormal(
  { published: practices.slice(1).map((id) => testMonth(id, '2026-10', 4000)) },
  testNational('2026-10-01', 61),
);
/** Learns in the course of a quarter hour, and more every hour. */
const normal: Normal = {
  ...published,
  about: (site, metric, at) => {
    if (published.usual(site, metric, at) === null) return null;
    const days = Math.floor((at - START) / (HOUR + 7 * MINUTE));
    return days > 0 ? { source: 'own', days, label: '' } : { source: 'published', days: 0, label: '' };
  },
};

/** Remembers nothing from one look to the next. */
function forgetful(world: World): World {
  const memory: Memory = {
    get sites() {
      return [];
    },
    get groups() {
      return [];
    },
    get shown() {
      const shown = createShown(world.published.units, world.layout.parents);
      return { ...shown, takeStirred: () => true };
    },
    stirHours: () => undefined,
    takeHours: () => true,
    forget: () => undefined,
  };
  return { ...world, memory };
}

const stepArb = fc.record({
  afterMs: fc.oneof(
    fc.integer({ min: 200, max: 30_000 }),
    fc.constantFrom(MINUTE, 4 * MINUTE, QUARTER, 70 * MINUTE, 5 * HOUR),
  ),
  feed: fc.constantFrom('phones', 'phones', 'slots', 'slots', 'fault', 'wallboard', 'declared', 'nothing', 'nothing'),
  site: fc.nat(sites.length - 1),
  figure: fc.nat(40),
  missing: fc.boolean(),
});
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;

function outcomesOf({ feed, site, figure, missing }: Step, at: EpochMs): PollOutcome[] {
  const id = sites[site] ?? '';
  const practice = practices[site % practices.length] ?? '';
  const calls = {
    'calls.waiting': missing ? null : figure,
    'calls.longest-wait': figure * 60,
    'calls.inbound': figure * 3,
    'calls.answered': figure,
    'calls.missed': figure,
  };
  const readings = practices.flatMap((one) => phones(one, one === practice ? calls : {}));
  switch (feed) {
    case 'phones':
      return [outcome('phones', at, { readings })];
    case 'wallboard':
      return [outcome('wallboard', at, { readings: phones(practice, calls) })];
    case 'fault':
      return [outcome('phones', at, { state: 'timeout', observedAt: null, fault: 'no answer' })];
    case 'declared': {
      const level = ((figure % 4) + 1) as 1 | 2 | 3 | 4;
      const said = { site: practice, level, reason: 'demand', by: 'manager', at, until: at + figure * MINUTE } as const;
      return [outcome('declared', at, { declared: missing ? [] : [said] })];
    }
    case 'slots':
      return [outcome(`slots:${id}`, at, { slots: [{ site: id, groups: [slotGroup(at + HOUR, figure % 4, 9)] }] })];
    default:
      return [];
  }
}

describe('what a board remembers of what it has worked out', () => {
  it('changes nothing of what it says, at any moment of any stream', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 5, maxLength: 40 }), (stream) => {
        const layout = createLayout(definition);
        const remembering = createWorld(layout, normal, 'r', START);
        const without = forgetful(createWorld(layout, normal, 'r', START));
        const [one, other] = [createCore(remembering), createCore(without)];
        let at = START;
        for (const step of stream) {
          at += step.afterMs;
          const said = outcomesOf(step, at);
          expect(one.advance(at, said)).toEqual(other.advance(at, said));
          expect(remembering.published.units).toEqual(without.published.units);
          expect(remembering.groups).toEqual(without.groups);
          expect(remembering.sites).toEqual(without.sites);
        }
      }),
      { seed: 20261123, numRuns: 25 },
    );
  }, 60_000);

  it('lets words stand while time passes, and makes those again whose figures have changed', () => {
    const layout = createLayout(testDefinition({ places: 1, neighbourhoods: 2, practices: 2 }));
    const world = createWorld(layout, { usual: () => null, label: 'none' }, 'r', START);
    const core = createCore(world);
    const sites = layout.sites.flatMap((site) => (site?.practice ? [site] : []));
    const [first, second] = sites;
    if (!first || !second) throw new Error('no practices');
    const at = START + 2 * HOUR;
    const heard = (free: number) => ({ slots: [{ site: first.def.id, groups: [slotGroup(at + HOUR, free, 9)] }] });
    core.advance(at, [outcome(`slots:${first.def.id}`, at, heard(4))]);
    const before = { sites: [...world.memory.sites], groups: [...world.memory.groups] };
    core.advance(at + MINUTE, []);
    expect(world.memory.sites).toEqual(before.sites);
    for (const { index } of sites) expect(world.memory.sites[index]).toBe(before.sites[index]);
    for (const { index } of layout.groupsUp) expect(world.memory.groups[index]).toBe(before.groups[index]);
    core.advance(at + MINUTE, [outcome(`slots:${first.def.id}`, at + MINUTE, heard(1))]);
    expect(world.memory.sites[first.index]).not.toBe(before.sites[first.index]);
    expect(world.memory.sites[second.index]).toBe(before.sites[second.index]);
    expect(world.memory.groups[first.parent]).not.toBe(before.groups[first.parent]);
  });
});
