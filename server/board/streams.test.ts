import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import type { Definition } from '#shared/model/definition.ts';
import type { Unit, UnitPatch } from '#shared/model/unit.ts';
import { createPublishedNormal } from '../domain/normal/published.ts';
import type { PollOutcome } from '../domain/ports.ts';
import { createBoard, type Board } from './board.ts';
import type { SavedState } from './checkpoint.ts';
import {
  feedDef,
  handClock,
  memoryJournal,
  outcome,
  phones,
  reading,
  slotGroup,
  testDefinition,
  testMonth,
  testNational,
  testRules,
} from './fixture.ts';

const base = testDefinition({ places: 2, neighbourhoods: 2, practices: 2 }, testRules());
const practices = base.units.filter((u) => u.siteKind === 'practice').map((u) => u.id);
const plain = { ...base, published: practices.slice(1).map((id) => testMonth(id, '2026-10', 4000)) };
const contested: Definition = {
  ...plain,
  feeds: [
    ...plain.feeds,
    feedDef({ id: 'wallboard', adapter: 'mapped-json', sites: practices, brings: ['calls.waiting', 'calls.inbound'] }),
    feedDef({ id: 'ahead', adapter: 'gp-connect-slots', sites: practices, url: 'http://127.0.0.1/{ods}/ahead' }),
    feedDef({ id: 'declared', adapter: 'declared-states', sites: practices }),
    feedDef({ id: 'yesterday', adapter: 'mapped-csv', sites: practices, brings: ['calls.inbound'] }),
  ],
};
const normal = createPublishedNormal(plain, testNational('2026-10-01', 61));

interface Step {
  afterMs: number;
  feed: 'phones' | 'slots' | 'fault' | 'wallboard' | 'ahead' | 'declared' | 'yesterday' | 'again';
  site: number;
  waiting: number;
  wait: number;
  calls: number;
  free: number;
  missing: boolean;
}
const stepArb: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 200, max: 30_000 }), fc.constantFrom(4 * MINUTE, 20 * MINUTE, 70 * MINUTE)),
  feed: fc.constantFrom('phones', 'phones', 'slots', 'slots', 'fault'),
  site: fc.nat(practices.length - 1),
  waiting: fc.nat(40),
  wait: fc.nat(3000),
  calls: fc.nat(60),
  free: fc.nat(6),
  missing: fc.boolean(),
});
const RUNS = { numRuns: 10 };

/** A unit and all that it is a part of. */
function upwards(board: Board, id: string): string[] {
  const parent = board.unit(id)?.parent ?? null;
  return parent === null ? [id] : [id, ...upwards(board, parent)];
}
const streamArb = fc.array(stepArb, { minLength: 1, maxLength: 25 });
/** With feeds that stand in for one another, tell of yesterday, declare, and are read again from quarantine. */
const contestedArb = fc.array(
  stepArb.chain((step) =>
    fc
      .constantFrom(step.feed, 'wallboard', 'wallboard', 'ahead', 'declared', 'yesterday', 'again')
      .map((feed): Step => ({ ...step, feed: feed as Step['feed'] })),
  ),
  { minLength: 1, maxLength: 25 },
);

function contestedOutcome(step: Step, site: string, at: number): PollOutcome | null {
  const calls = [
    reading(site, 'calls.waiting', step.missing ? null : step.waiting),
    reading(site, 'calls.inbound', step.calls),
  ];
  if (step.feed === 'wallboard') return outcome('wallboard', at, { readings: calls, volume: step.waiting });
  if (step.feed === 'again')
    return outcome('phones', at, { again: true, observedAt: at - step.wait * 1000, readings: calls });
  if (step.feed === 'ahead') {
    const groups = [slotGroup(at + 2 * HOUR, step.free, 0)];
    return outcome(`ahead:${site}`, at, { slots: [{ site, groups }] });
  }
  if (step.feed === 'declared') {
    const level = ((step.free % 4) + 1) as 1 | 2 | 3 | 4;
    const said = { site, level, reason: 'demand', by: 'manager', at, until: at + step.wait * 1000 } as const;
    return outcome('declared', at, { declared: step.missing ? [] : [said], rejected: step.free });
  }
  if (step.feed !== 'yesterday') return null;
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/London').subtract({ days: 1 });
  const readings = [
    { site, metric: 'calls.inbound' as const, value: step.calls, day: day.startOfDay().epochMilliseconds },
  ];
  return outcome('yesterday', at, { readings });
}

function outcomeOf(step: Step, at: number): PollOutcome {
  const site = practices[step.site] ?? '';
  const contested = contestedOutcome(step, site, at);
  if (contested) return contested;
  if (step.feed === 'fault') return outcome('phones', at, { state: 'timeout', observedAt: null, fault: 'no answer' });
  if (step.feed === 'slots') {
    const groups = [slotGroup(at + HOUR, step.free, 12), slotGroup(at + 10 * MINUTE, 1, 3)];
    return outcome(`slots:${site}`, at, { slots: [{ site, groups }] });
  }
  const figures = {
    'calls.waiting': step.missing ? null : step.waiting,
    'calls.longest-wait': step.wait,
    'calls.inbound': step.calls,
    'calls.answered': Math.floor(step.calls / 2),
  };
  return outcome('phones', at, { readings: practices.flatMap((id, i) => phones(id, i === step.site ? figures : {})) });
}

function fold(units: readonly Unit[], patches: readonly UnitPatch[]): Unit[] {
  const byId = new Map(patches.map((p) => [p.id, p]));
  return units.map((unit) => {
    const patch = byId.get(unit.id);
    return patch ? { ...unit, ...patch, metrics: { ...unit.metrics, ...patch.metrics } } : unit;
  });
}

/** Runs a stream; `each` sees the board after every tick. */
function live(
  stream: readonly Step[],
  start: string,
  each: (board: Board) => void = () => undefined,
  definition: Definition = plain,
) {
  const clock = handClock(start);
  const journal = memoryJournal();
  const board = createBoard({ definition, clock, normal, epoch: 'e', journal });
  board.tick();
  each(board);
  for (const step of stream) {
    clock.forward(step.afterMs);
    board.apply(outcomeOf(step, clock.now()));
    board.tick();
    // A tick in which only time passes: it may leave no commit, and must leave nothing that a restart would miss.
    clock.forward(200);
    board.tick();
    each(board);
  }
  return { board, clock, journal };
}
const starts = fc.constantFrom(
  '2026-11-23T08:30:00Z',
  '2026-11-22T23:50:00Z',
  '2026-03-28T23:55:00Z',
  '2026-05-25T09:00:00Z',
);

describe('any stream of polls', () => {
  it('folds its patches into exactly the units that the board shows', () => {
    fc.assert(
      fc.property(streamArb, starts, (stream, start) => {
        let units: Unit[] = [];
        let seq = 0;
        live(stream, start, (board) => {
          if (units.length === 0) {
            units = structuredClone([...board.units()]);
          } else {
            for (const commit of board.commitsSince(seq) ?? []) units = fold(units, commit.units);
          }
          seq = board.seq;
          expect(units).toEqual(board.units());
        });
      }),
      RUNS,
    );
  }, 60_000);

  it.each([
    ['one feed a metric', plain, streamArb],
    ['feeds that stand in for one another', contested, contestedArb],
  ])(
    'is lived through again after a restart, field by field, from nothing or from any checkpoint: %s',
    (_, definition, arb) => {
      fc.assert(
        fc.property(arb, starts, fc.nat(), (stream, start, pick) => {
          let state: unknown = null;
          let ticks = 0;
          const each = (b: Board) => {
            ticks += 1;
            if (ticks === pick % (stream.length + 2)) state = JSON.parse(JSON.stringify(b.state()));
          };
          const { board, clock, journal } = live(stream, start, each, definition);
          const again = createBoard({ definition, clock, normal, epoch: 'e', journal: memoryJournal() });
          expect(again.restore({ state, commits: journal.commits })).toBe(true);
          expect(again.seq).toBe(board.seq);
          expect(again.units()).toEqual(board.units());
          expect(again.feeds()).toEqual(board.feeds());
          expect(again.changes(1000)).toEqual(board.changes(1000));
          // And it goes on as the other would have.
          clock.forward(15_000);
          const next = outcome('phones', clock.now(), { readings: practices.flatMap((id) => phones(id)) });
          for (const b of [board, again]) {
            b.apply(next);
            b.tick();
          }
          expect(again.seq).toBe(board.seq);
          expect(again.units()).toEqual(board.units());
          const inside = ({ sites, feeds }: SavedState): unknown => JSON.parse(JSON.stringify({ sites, feeds }));
          expect(inside(again.state())).toEqual(inside(board.state()));
        }),
        RUNS,
      );
    },
    120_000,
  );

  it('adds up: groups are what their practices make them, however they came about', () => {
    fc.assert(
      fc.property(streamArb, (stream) => {
        live(stream, '2026-11-23T08:30:00Z', (board) => {
          const sites = board.units().filter((u) => u.siteKind === 'practice');
          const known = sites.filter((u) => u.score !== null && u.open);
          const sum = (of: (u: Unit) => number) => known.reduce((total, u) => total + of(u), 0);
          const population = sum((u) => u.population ?? 0);
          const system = board.unit('sys');
          const mean = sum((u) => (u.score ?? 0) * (u.population ?? 0)) / population;
          const distress = sum((u) => ((u.level ?? 0) >= 3 ? (u.population ?? 0) : 0)) / population;
          const worst = Math.max(0, ...known.map((u) => u.score ?? 0));
          if (system?.score !== null) expect(system?.score).toBeCloseTo(Math.min(mean + 20 * distress, worst), 0);
          const waiting = sites.flatMap((u) => u.metrics['calls.waiting']?.value ?? []);
          const total = system?.metrics['calls.waiting']?.value ?? null;
          if (total !== null) expect(total).toBe(waiting.reduce((a, b) => a + b, 0));
        });
      }),
      RUNS,
    );
  }, 60_000);

  it('never shows a better level because data stopped coming', () => {
    fc.assert(
      fc.property(streamArb, (stream) => {
        const { board, clock } = live(stream, '2026-11-23T08:30:00Z');
        const before = new Map(board.units().map((u) => [u.id, u.level]));
        // What had grown calm while data still came falls when it said it would, and so may what it is a part of.
        const falling = new Set(board.units().flatMap((u) => (u.keptUntil === null ? [] : upwards(board, u.id))));
        if (clock.now() > Date.parse('2026-11-23T17:00:00Z')) return;
        // Slots pass and may run out, which is worse, never better; phones fall silent and report faults.
        for (let i = 0; i < 40; i += 1) {
          clock.forward(MINUTE);
          board.apply(outcome('phones', clock.now(), { state: 'reset', observedAt: null, fault: 'reset' }));
          board.tick();
          for (const unit of board.units()) {
            if (unit.level === null || unit.open === false || falling.has(unit.id)) continue;
            const last = before.get(unit.id) ?? null;
            if (last !== null) expect(unit.level).toBeGreaterThanOrEqual(last);
            before.set(unit.id, unit.level);
          }
        }
      }),
      RUNS,
    );
  }, 60_000);

  it('comes to the same whichever feed of one tick is heard first', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 2, maxLength: 6 }), fc.nat(), (steps, seed) => {
        const boards = [0, 1].map((turn) => {
          const clock = handClock('2026-11-23T09:00:00Z');
          const board = createBoard({ definition: plain, clock, normal, epoch: 'e', journal: memoryJournal() });
          board.tick();
          clock.forward(1000);
          // One outcome a feed, as one tick has them; each feed's own order is its own.
          const byFeed = new Map(steps.map((s) => [outcomeOf(s, clock.now()).feed, outcomeOf(s, clock.now())]));
          const outcomes = [...byFeed.values()];
          const shift = seed % outcomes.length;
          const order = turn === 0 ? outcomes : [...outcomes.slice(shift), ...outcomes.slice(0, shift)].reverse();
          for (const o of order) board.apply(o);
          board.tick();
          return board;
        });
        expect(boards[1]?.units()).toEqual(boards[0]?.units());
      }),
      RUNS,
    );
  }, 60_000);
});
