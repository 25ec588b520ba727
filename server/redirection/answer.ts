import { arcsOf } from '../domain/redirection/arcs.ts';
import type { Ground } from '../domain/redirection/ground.ts';
import { isKeptBack } from '../domain/redirection/drafts.ts';
import type { Flow, Problem } from '../domain/redirection/problem.ts';
import type { Solver } from './highs-solver.ts';
import type { More, Question, Solved } from './messages.ts';

/** So many lots are tried with more slots: each is a run of its own. */
const TRIED = 12;
const TOLD = 6;

/** Builds the problem from what is asked, solves it, and finds what would help most. */
export function answerOf(ground: Ground, solver: Solver, question: Question, now: () => number): Solved {
  const began = now();
  const { at, needs, lots, received, kept, barred } = question;
  const problem: Problem = { needs, lots, arcs: arcsOf(ground, needs, lots, { at, received, kept, barred }) };
  const plan = solver.solve(problem, question.limitMs);
  const placed = plan.flows.flatMap(({ arc, count }) => {
    const known = problem.arcs[arc];
    return known ? [{ arc: known, count }] : [];
  });
  const tookMs = now() - began;
  const people = peopleIn(problem, plan.flows);
  const more = question.more > 0 ? helping(problem, solver, people, question.more) : [];
  return { type: 'solved', id: question.id, placed, gap: plan.gap, arcs: problem.arcs.length, tookMs, more };
}

/** Who is placed; of those for whom a slot is kept back nobody knows yet whether they come. */
const peopleIn = (problem: Problem, flows: readonly Flow[]): number =>
  flows.reduce((sum, flow) => (isKeptBack(problem, flow) ? sum : sum + flow.count), 0);

/** Those lots first of whose arcs most people are still in need; a lot that nobody lacks cannot help. */
function helping(problem: Problem, solver: Solver, people: number, slots: number): More[] {
  const left = new Map<number, number>();
  for (const { need, lot } of problem.arcs) left.set(lot, (left.get(lot) ?? 0) + (problem.needs[need]?.count ?? 0));
  const tried = [...left].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, TRIED);
  return tried
    .map(([lot]) => {
      return { lot, slots, places: peopleIn(problem, solver.withMore(lot, slots)) - people };
    })
    .filter(({ places }) => places > 0)
    .sort((a, b) => b.places - a.places)
    .slice(0, TOLD);
}
