export interface Point {
  readonly x: number;
  readonly y: number;
}
/** A circle that wants to stand at its place. */
export interface Circle extends Point {
  readonly r: number;
}

/** How hard a circle is drawn home in each round, as a share of the way. */
const HOME_PULL = 0.02;
const ROUNDS = 400;
/** Rounds without the pull, in which the last overlaps go. */
const SETTLING = 400;
/** What is left of an overlap, in pixels, and not worth another round. */
const CLOSE_ENOUGH = 0.01;
/** Angle between two steps of a spiral that never falls into spokes, in radians. */
const GOLDEN = 2.399963229728653;

/**
 * Pushes circles apart until none overlaps, each as near its place as the others allow; `gap` is kept between any two.
 * The same circles in the same order always come to stand at the same points; those that have room do not move.
 */
export function spreadApart(circles: readonly Circle[], gap = 0): Point[] {
  const points = circles.map(({ x, y }, index) => ({
    // Sites that share an address must part in some direction: each in its own, by its turn.
    x: x + Math.cos(index * GOLDEN) * 0.01,
    y: y + Math.sin(index * GOLDEN) * 0.01,
    r: circles[index]?.r ?? 0,
  }));
  for (let round = 0; round < ROUNDS + SETTLING; round += 1) {
    if (round < ROUNDS) pullHome(points, circles);
    const worst = part(points, gap);
    if (worst <= CLOSE_ENOUGH && round >= ROUNDS) break;
  }
  return placeRest(points, gap);
}

type Moving = { x: number; y: number; r: number };

function pullHome(points: readonly Moving[], homes: readonly Circle[]): void {
  points.forEach((point, index) => {
    const home = homes[index];
    if (!home) return;
    point.x += (home.x - point.x) * HOME_PULL;
    point.y += (home.y - point.y) * HOME_PULL;
  });
}

/** One round: every two that overlap step aside by half each. Returns the greatest overlap that was found. */
function part(points: readonly Moving[], gap: number): number {
  // From left to right, so that each is held against its neighbours only.
  const inOrder = [...points].sort((a, b) => a.x - b.x);
  const widest = points.reduce((most, { r }) => Math.max(most, r), 0);
  let worst = 0;
  for (let i = 1; i < inOrder.length; i += 1) {
    const a = inOrder[i];
    for (let j = i - 1; a && j >= 0; j -= 1) {
      const b = inOrder[j];
      if (!b || a.x - b.x > a.r + widest + gap) break;
      worst = Math.max(worst, stepAside(a, b, gap));
    }
  }
  return worst;
}

/** Returns by how much they overlapped. */
function stepAside(a: Moving, b: Moving, gap: number): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const reach = a.r + b.r + gap;
  if (dx * dx + dy * dy >= reach * reach) return 0;
  const apart = Math.hypot(dx, dy) || 1e-6;
  const step = (reach - apart) / 2 / apart;
  a.x += dx * step;
  a.y += dy * step;
  b.x -= dx * step;
  b.y -= dy * step;
  return reach - apart;
}

/** A crowd that jams is not left overlapping: whoever still stands on another takes the nearest free spot. */
function placeRest(points: readonly Moving[], gap: number): Point[] {
  const done: Moving[] = [];
  for (const point of points) {
    let at: Moving = point;
    const isFree = () => done.every((o) => Math.hypot(o.x - at.x, o.y - at.y) >= o.r + at.r + gap - 2 * CLOSE_ENOUGH);
    for (let step = 1; !isFree(); step += 1) {
      const reach = Math.sqrt(step) * Math.max(1, point.r / 2);
      at = { x: point.x + Math.cos(step * GOLDEN) * reach, y: point.y + Math.sin(step * GOLDEN) * reach, r: point.r };
    }
    done.push(at);
  }
  return done.map(({ x, y }) => ({ x, y }));
}
