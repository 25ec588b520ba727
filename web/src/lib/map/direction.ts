import type { Point } from './spread-apart.ts';

export const ARROWS: Readonly<Record<string, Point>> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
};

/** How much worse it is to lie aside than ahead. */
const ASIDE = 2.2;

/** The nearest of `others` in the direction of an arrow key; null where nobody lies there. */
export function nearestTowards<T extends Point>(from: Point, direction: Point, others: readonly T[]): T | null {
  let best: { cost: number; other: T } | null = null;
  for (const other of others) {
    const dx = other.x - from.x;
    const dy = other.y - from.y;
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y - dy * direction.x);
    // Within the quarter that the arrow points to: each is then reached by one of the four from somewhere.
    if (ahead <= 0.01 || aside > ahead * 1.2) continue;
    const cost = Math.hypot(ahead, aside * ASIDE);
    if (cost < (best?.cost ?? Infinity)) best = { cost, other };
  }
  return best?.other ?? null;
}
