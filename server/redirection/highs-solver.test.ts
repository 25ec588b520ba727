import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import { arcsOf } from '../domain/redirection/arcs.ts';
import { draftsOf } from '../domain/redirection/drafts.ts';
import { hubAt, practiceAt, slots, townOf } from '../domain/redirection/fixture.ts';
import { nearestFirst } from '../domain/redirection/greedy.ts';
import { createGround } from '../domain/redirection/ground.ts';
import { lotsOf } from '../domain/redirection/lots.ts';
import { needsOf, type Counts } from '../domain/redirection/needs.ts';
import { OWN_POLICY } from '../domain/redirection/policy.ts';
import {
  faultsOf,
  totalWorth,
  worthOf,
  type Arc,
  type Lot,
  type Need,
  type Problem,
} from '../domain/redirection/problem.ts';
import { createSolver, type Solver } from './highs-solver.ts';

const NOON = fromInstant('2026-01-12T12:00:00Z');

let solver: Solver;
beforeAll(async () => {
  solver = await createSolver();
});
afterAll(() => solver.close());

const need = (count: number, i: number): Need => ({ practice: `P${i}`, kind: 'urgent', count, from: 0, to: 1 });
const lot = ([free, lendable]: readonly [number, number], i: number): Lot => ({
  ...{ id: `L${i}`, hub: `H${i}`, from: i, to: i, inPerson: true, free },
  lendable: Math.min(free, lendable),
});

/** Small whole problems: worths in tenths so that equal plans are equal to the last digit that counts. */
const problems = (most: { needs: number; lots: number; count: number; free: number }) =>
  fc
    .record({
      needs: fc.array(fc.integer({ min: 1, max: most.count }), { minLength: 1, maxLength: most.needs }),
      lots: fc.array(fc.tuple(fc.integer({ min: 1, max: most.free }), fc.integer({ min: 0, max: most.free })), {
        minLength: 1,
        maxLength: most.lots,
      }),
    })
    .chain(({ needs, lots }) => {
      const cells = needs.flatMap((_, n) => lots.map((__, l) => ({ n, l })));
      const arc = ({ n, l }: { n: number; l: number }) =>
        fc.record({
          need: fc.constant(n),
          lot: fc.constant(l),
          worth: fc.integer({ min: 1, max: 120 }).map((tenths) => tenths / 10),
          lent: fc.boolean(),
          km: fc.integer({ min: 0, max: 9 }),
          keep: fc.integer({ min: 0, max: 2 }),
          bonus: fc.constantFrom(0.6, 3),
        });
      return fc
        .tuple(
          fc.array(fc.boolean(), { minLength: cells.length, maxLength: cells.length }),
          fc.tuple(...cells.map(arc)),
        )
        .map(([there, all]): Problem => ({
          needs: needs.map(need),
          lots: lots.map(lot),
          arcs: all.filter((_, i) => there[i]),
        }));
    });

/** The best worth there is, by trying everything. */
function exhaustive({ needs, lots, arcs }: Problem): number {
  const left = needs.map(({ count }) => count);
  const free = lots.map((each) => each.free);
  const lend = lots.map((each) => each.lendable);
  const search = (at: number): number => {
    const arc: Arc | undefined = arcs[at];
    if (!arc) return 0;
    const most = Math.min(left[arc.need] ?? 0, free[arc.lot] ?? 0, arc.lent ? (lend[arc.lot] ?? 0) : Infinity);
    let best = 0;
    for (let count = 0; count <= most; count++) {
      const take = (by: number) => {
        left[arc.need] = (left[arc.need] ?? 0) - by;
        free[arc.lot] = (free[arc.lot] ?? 0) - by;
        if (arc.lent) lend[arc.lot] = (lend[arc.lot] ?? 0) - by;
      };
      take(count);
      best = Math.max(best, worthOf(arc, count) + search(at + 1));
      take(-count);
    }
    return best;
  };
  return search(0);
}

describe('redirections solved by HiGHS', () => {
  it('are worth what trying everything finds, and break no limit, on 1,000 small cases', () => {
    fc.assert(
      fc.property(problems({ needs: 3, lots: 3, count: 3, free: 3 }), (problem) => {
        const plan = solver.solve(problem, 1000);
        expect(faultsOf(problem, plan.flows)).toEqual([]);
        expect(plan.worth).toBeCloseTo(exhaustive(problem), 6);
        expect(plan.gap).toBe(0);
        expect(totalWorth(problem, plan.flows)).toBeCloseTo(plan.worth, 9);
      }),
      { numRuns: 1000, seed: 6 },
    );
  });

  it('break no limit and are worth no less than sending everybody to the nearest, however large', () => {
    fc.assert(
      fc.property(problems({ needs: 12, lots: 9, count: 20, free: 12 }), (problem) => {
        const nearest = nearestFirst(problem);
        const plan = solver.solve(problem, 1000);
        expect(faultsOf(problem, plan.flows)).toEqual([]);
        expect(faultsOf(problem, nearest)).toEqual([]);
        expect(plan.worth).toBeGreaterThanOrEqual(totalWorth(problem, nearest) - 1e-6);
        expect(plan.gap).toBe(0);
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  it('are the same whether worked out anew or from where the last run ended', async () => {
    const fresh = await createSolver();
    const pairs = problems({ needs: 5, lots: 4, count: 6, free: 6 }).chain((problem) =>
      fc
        .array(fc.integer({ min: 1, max: 6 }), { minLength: problem.lots.length, maxLength: problem.lots.length })
        .map((free) => ({
          problem,
          next: {
            ...problem,
            lots: problem.lots.map((each, i) => ({
              ...each,
              free: free[i] ?? 1,
              lendable: Math.min(each.lendable, free[i] ?? 1),
            })),
          },
        })),
    );
    fc.assert(
      fc.property(pairs, ({ problem, next }) => {
        solver.solve(problem, 1000);
        const warm = solver.solve(next, 1000);
        expect(faultsOf(next, warm.flows)).toEqual([]);
        expect(warm.worth).toBeCloseTo(fresh.solve(next, 1000).worth, 6);
      }),
      { numRuns: 200, seed: 6 },
    );
    fresh.close();
  });

  it('say what more slots would bring, and leave the problem as it was', () => {
    const problem: Problem = {
      needs: [need(5, 0)],
      lots: [lot([2, 2], 0)],
      arcs: [{ need: 0, lot: 0, worth: 4, lent: true, km: 1, keep: 0, bonus: 0 }],
    };
    expect(solver.solve(problem, 1000).worth).toBe(8);
    expect(totalWorth(problem, solver.withMore(0, 2))).toBe(16);
    expect(solver.solve(problem, 1000).worth).toBe(8);
  });

  it('have a plan and an honest gap when there is no time at all', () => {
    const needs = Array.from({ length: 160 }, (_, i) => need(9, i));
    const lots = Array.from({ length: 90 }, (_, i) => lot([4 + (i % 5), 2], i));
    const arcs = needs.flatMap((_, n) =>
      lots.map((__, l) => ({
        ...{ need: n, lot: l, worth: 1 + (((n + 3) * (l + 11) * 7919) % 1009) / 100 },
        ...{ lent: (n + l) % 3 === 0, km: l, keep: 0, bonus: 0 },
      })),
    );
    const problem = { needs, lots, arcs };
    const best = solver.solve(problem, 5000);
    // Another shape in between: nothing of the last run is left to begin from.
    solver.solve({ needs: needs.slice(0, 1), lots: lots.slice(0, 1), arcs: arcs.slice(0, 1) }, 1000);
    const cut = solver.solve(problem, 0);
    expect(best.gap).toBe(0);
    expect(faultsOf(problem, cut.flows)).toEqual([]);
    expect(cut.worth).toBeGreaterThan(0);
    expect(cut.gap).toBeGreaterThan(0);
    expect(cut.worth / (1 - cut.gap)).toBeGreaterThanOrEqual(best.worth - 1e-6);
  });
});

describe('slots for those who have not asked yet', () => {
  it('are kept from patients who can wait, offered to nobody, and go to whoever turns out to be urgent', () => {
    const town = townOf(practiceAt('P1', 'east-1', 0, 0), hubAt('H1', 'east-1', 0, 1));
    const ground = createGround({ units: town }, OWN_POLICY);
    const told = [{ hub: 'H1', groups: [slots(NOON + HOUR, 1), slots(NOON + 4 * HOUR, 1)] }];
    const { lots, slots: members } = lotsOf(ground, told, { at: NOON, promised: new Map() });
    const offeredFor = (counts: Counts) => {
      const needs = needsOf('P1', counts, NOON, OWN_POLICY);
      const arcs = arcsOf(ground, needs, lots, { at: NOON, received: new Map(), kept: new Map() });
      const problem: Problem = { needs, lots, arcs };
      const drafts = draftsOf(problem, solver.solve(problem, 5000).flows, members, () => 'any');
      return drafts.flatMap((draft) => draft.slots.map(({ need, start }) => `${need} ${(start - NOON) / HOUR}`));
    };
    expect(offeredFor({ soon: 2, expected: 1 })).toEqual(['soon 1']);
    expect(offeredFor({ soon: 2 })).toEqual(['soon 1', 'soon 4']);
    expect(offeredFor({ urgent: 2, soon: 2, expected: 3 })).toEqual(['urgent 1', 'urgent 4']);
  });
});
