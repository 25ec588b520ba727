import { spreadApart, type Point } from './spread-apart.ts';

/** A unit to be given a hexagon: where it is, and to which group it belongs. */
export interface Placed extends Point {
  readonly group: string;
}

/** A hexagon by its axial coordinates: `q` along a row, `r` down the rows, each half a step to the right of the last. */
export interface Hex {
  readonly q: number;
  readonly r: number;
}

const ROW = Math.sqrt(3) / 2;
/** The six steps to a neighbour, clockwise from the right. */
export const STEPS: readonly Hex[] = [
  { q: 1, r: 0 },
  { q: 0, r: 1 },
  { q: -1, r: 1 },
  { q: -1, r: 0 },
  { q: 0, r: -1 },
  { q: 1, r: -1 },
];
/** What it is worth to stand beside one of the own group, and beside anybody at all, in squared hexagon widths. */
const OWN_GROUP = 0.7;
const COMPANY = 0.35;
const PASSES = 40;
/** How far from its cell a unit looks for a better one. */
const REACH = 3;

/** Middle of a hexagon whose neighbours are 1 apart. */
export const hexCentre = ({ q, r }: Hex): Point => ({ x: q + r / 2, y: r * ROW });

/** The hexagon that holds a point. */
export function hexAt({ x, y }: Point): Hex {
  const r = y / ROW;
  const q = x - r / 2;
  let [rq, rr] = [Math.round(q), Math.round(r)];
  const rs = Math.round(-q - r);
  const [dq, dr, ds] = [Math.abs(rq - q), Math.abs(rr - r), Math.abs(rs + q + r)];
  if (dq > dr && dq > ds) rq = -rr - rs;
  else if (dr > ds) rr = -rq - rs;
  return { q: rq, r: rr };
}

export function hexDistance(a: Hex, b: Hex): number {
  return (Math.abs(a.q - b.q) + Math.abs(a.r - b.r) + Math.abs(a.q + a.r - b.q - b.r)) / 2;
}

const keyOf = ({ q, r }: Hex) => (q + 2048) * 4096 + r + 2048;

/**
 * One hexagon a unit, those of one group together, neighbours as near to each other as on the ground. The same units
 * in the same order always get the same hexagons: people learn where their own lies.
 */
export function hexLayout(units: readonly Placed[]): Hex[] {
  const homes = homesOf(units);
  const cells = seat(homes);
  const seats = new Map(cells.map((cell, index) => [keyOf(cell), index]));
  const around = disc(REACH);
  for (let pass = 0; pass < PASSES; pass += 1) {
    let moved = false;
    for (let index = 0; index < cells.length; index += 1) moved = improve(index) || moved;
    if (!moved) break;
  }
  return cells;

  /** Takes the best cell near by, changing places with whoever sits there. */
  function improve(index: number): boolean {
    const from = cells[index];
    if (!from) return false;
    let best: { to: Hex; gain: number } | null = null;
    for (const step of around) {
      const to = { q: from.q + step.q, r: from.r + step.r };
      const gain = gainOf(index, from, to);
      if (gain > 1e-6 && gain > (best?.gain ?? 0)) best = { to, gain };
    }
    if (best) change(index, from, best.to);
    return best !== null;
  }

  function gainOf(index: number, from: Hex, to: Hex): number {
    const other = seats.get(keyOf(to));
    const before = worth(index, from) + (other === undefined ? 0 : worth(other, to));
    change(index, from, to);
    const after = worth(index, to) + (other === undefined ? 0 : worth(other, from));
    change(index, to, from);
    return after - before;
  }

  function change(index: number, from: Hex, to: Hex): void {
    const other = seats.get(keyOf(to));
    if (other === undefined) seats.delete(keyOf(from));
    else {
      seats.set(keyOf(from), other);
      cells[other] = from;
    }
    seats.set(keyOf(to), index);
    cells[index] = to;
  }

  function worth(index: number, cell: Hex): number {
    const home = homes[index];
    const at = hexCentre(cell);
    if (!home) return 0;
    // What a neighbour gains by company counts as well, hence twice.
    let company = 0;
    for (const step of STEPS) {
      const beside = seats.get(keyOf({ q: cell.q + step.q, r: cell.r + step.r }));
      if (beside === undefined || beside === index) continue;
      company += units[beside]?.group === units[index]?.group ? OWN_GROUP : COMPANY;
    }
    return 2 * company - (at.x - home.x) ** 2 - (at.y - home.y) ** 2;
  }
}

/** Places drawn close and pushed apart to one hexagon each: crowds get the room that they need, empty land shrinks. */
function homesOf(units: readonly Placed[]): Point[] {
  const xs = units.map(({ x }) => x);
  const ys = units.map(({ y }) => y);
  const across = Math.max(1e-6, Math.max(...xs) - Math.min(...xs));
  const down = Math.max(1e-6, Math.max(...ys) - Math.min(...ys));
  // Round their own corner: one alone is anywhere.
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  // Tighter than they fit, so that who lies alone comes nearer before all are pushed apart.
  const scale = Math.sqrt((units.length * ROW * 0.8) / (across * down));
  // All on one line: no more than a line of hexagons.
  const bounded = Math.min(scale, (units.length * 1.2) / Math.max(across, down));
  return spreadApart(
    units.map(({ x, y }) => ({ x: (x - left) * bounded, y: (y - top) * bounded, r: 0.5 })),
    0,
  );
}

/** Everybody in the nearest free hexagon, those in the middle first. */
function seat(homes: readonly Point[]): Hex[] {
  const middle = {
    x: homes.reduce((sum, { x }) => sum + x, 0) / Math.max(1, homes.length),
    y: homes.reduce((sum, { y }) => sum + y, 0) / Math.max(1, homes.length),
  };
  const away = (index: number) => Math.hypot((homes[index]?.x ?? 0) - middle.x, (homes[index]?.y ?? 0) - middle.y);
  const order = homes.map((_home, index) => index).sort((a, b) => away(a) - away(b) || a - b);
  const taken = new Set<number>();
  const cells: Hex[] = homes.map(() => ({ q: 0, r: 0 }));
  for (const index of order) {
    const home = homes[index];
    if (!home) continue;
    const cell = nearestFree(home, taken);
    taken.add(keyOf(cell));
    cells[index] = cell;
  }
  return cells;
}

function nearestFree(home: Point, taken: ReadonlySet<number>): Hex {
  const middle = hexAt(home);
  for (let reach = 1; ; reach += 1) {
    let best: { cell: Hex; away: number } | null = null;
    for (const step of disc(reach)) {
      const cell = { q: middle.q + step.q, r: middle.r + step.r };
      const at = hexCentre(cell);
      const away = Math.hypot(at.x - home.x, at.y - home.y);
      if (!taken.has(keyOf(cell)) && away < (best?.away ?? Infinity)) best = { cell, away };
    }
    if (best) return best.cell;
  }
}

/** Steps to every hexagon at most `reach` away, the own one included. */
function disc(reach: number): Hex[] {
  const steps: Hex[] = [];
  for (let q = -reach; q <= reach; q += 1) {
    for (let r = Math.max(-reach, -q - reach); r <= Math.min(reach, -q + reach); r += 1) steps.push({ q, r });
  }
  return steps;
}
