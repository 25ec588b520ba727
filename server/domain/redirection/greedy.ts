import type { NeedKind } from '#shared/model/redirection-words.ts';
import type { Arc, Flow, Problem } from './problem.ts';

const FIRST: Readonly<Record<NeedKind, number>> = { urgent: 0, untriaged: 1, soon: 2, expected: 3 };

/**
 * What people do without a plan: practice by practice, the most urgent first, each to the nearest hub that has a slot,
 * the earliest there. `order` of practices: who rings first. Breaks no limit; is what the solver has to beat, and what it
 * falls back on.
 */
export function nearestFirst({ needs, lots, arcs }: Problem, order?: ReadonlyMap<string, number>): Flow[] {
  const free = lots.map((lot) => lot.free);
  const lendable = lots.map((lot) => lot.lendable);
  const place = (index: number) => order?.get(needs[index]?.practice ?? '') ?? index;
  const kindOf = (index: number) => FIRST[needs[index]?.kind ?? 'expected'];
  const arcsOf = Map.groupBy(arcs.keys(), (index) => arcs[index]?.need ?? -1);
  const flows: Flow[] = [];
  for (const index of [...needs.keys()].sort((a, b) => kindOf(a) - kindOf(b) || place(a) - place(b))) {
    let left = needs[index]?.count ?? 0;
    const mine = (arcsOf.get(index) ?? []).flatMap((arc) => (arcs[arc] ? [{ arc, ...arcs[arc] }] : []));
    for (const { arc, lot, lent } of mine.sort((a, b) => nearer(a, b) || startOf(a) - startOf(b))) {
      const count = Math.min(left, free[lot] ?? 0, lent ? (lendable[lot] ?? 0) : Infinity);
      if (count <= 0) continue;
      flows.push({ arc, count });
      left -= count;
      free[lot] = (free[lot] ?? 0) - count;
      if (lent) lendable[lot] = (lendable[lot] ?? 0) - count;
    }
  }
  return flows;

  function startOf({ lot }: Arc): number {
    return lots[lot]?.from ?? 0;
  }
}

const nearer = (a: Arc, b: Arc): number => (a.km ?? 0) - (b.km ?? 0);
