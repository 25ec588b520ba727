import type { Point } from './spread-apart.ts';

type Ring = readonly Point[];

/** For each point the part of the frame that is nearer to it than to any other (Voronoi cells); empty for doubles. */
export function nearestAreas(points: readonly Point[], width: number, height: number): Ring[] {
  const frame: Ring = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
  return points.map((own, index) => {
    let area: Ring = frame;
    points.forEach((other, at) => {
      if (at === index || area.length === 0) return;
      const dx = other.x - own.x;
      const dy = other.y - own.y;
      if (dx === 0 && dy === 0) {
        // Two at one address share an area; the first has it.
        if (at < index) area = [];
        return;
      }
      area = nearerHalf(area, { x: (own.x + other.x) / 2, y: (own.y + other.y) / 2 }, dx, dy);
    });
    return area;
  });
}

/** What of a convex area lies on the near side of the line through `middle` across (dx, dy). */
function nearerHalf(area: Ring, middle: Point, dx: number, dy: number): Ring {
  const beyond = ({ x, y }: Point) => (x - middle.x) * dx + (y - middle.y) * dy;
  const kept: Point[] = [];
  area.forEach((point, index) => {
    const next = area[(index + 1) % area.length];
    if (!next) return;
    const here = beyond(point);
    const there = beyond(next);
    if (here <= 0) kept.push(point);
    if (here <= 0 === there <= 0) return;
    const share = here / (here - there);
    kept.push({ x: point.x + (next.x - point.x) * share, y: point.y + (next.y - point.y) * share });
  });
  return kept;
}
