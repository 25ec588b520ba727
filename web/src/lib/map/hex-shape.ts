import { STEPS, type Hex } from './hexes.ts';
import type { Point } from './spread-apart.ts';

/** Corners of a pointed-top hexagon, clockwise from the upper right; `width` is from flat side to flat side. */
export function hexCorners({ x, y }: Point, width: number): Point[] {
  const radius = width / Math.sqrt(3);
  return [-30, 30, 90, 150, 210, 270].map((degrees) => ({
    x: x + radius * Math.cos((degrees * Math.PI) / 180),
    y: y + radius * Math.sin((degrees * Math.PI) / 180),
  }));
}

const say = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** SVG path of one hexagon. */
export const hexPath = (at: Point, width: number): string => `M${hexCorners(at, width).map(say).join('L')}Z`;

/** The edges at which one group ends, as an SVG path: borders of places in a cartogram. */
export function groupBorders(
  cells: readonly (Hex & { readonly group: string })[],
  centre: (cell: Hex) => Point,
  width: number,
): string {
  const keyOf = ({ q, r }: Hex) => `${q}/${r}`;
  const groups = new Map(cells.map((cell) => [keyOf(cell), cell.group]));
  let path = '';
  for (const cell of cells) {
    const corners = hexCorners(centre(cell), width);
    STEPS.forEach((step, side) => {
      const other = groups.get(keyOf({ q: cell.q + step.q, r: cell.r + step.r }));
      // Each border is drawn from one side only.
      if (other === cell.group || (other !== undefined && side >= 3)) return;
      const [from, to] = [corners[side], corners[(side + 1) % 6]];
      if (from && to) path += `M${say(from)}L${say(to)}`;
    });
  }
  return path;
}
