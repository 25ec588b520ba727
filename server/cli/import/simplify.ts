/** A closed line of `[lon, lat]`; the last point is the first again. */
export type Ring = readonly (readonly [number, number])[];

const DIGITS = 1e4;

/** Fewer points (Douglas-Peucker, `tolerance` in degrees), four decimals (11 m). Null when nothing is left of it. */
export function simplifyRing(ring: Ring, tolerance: number): Ring | null {
  const first = ring[0];
  if (!first || ring.length < 4) return null;
  // A closed ring has no ends to hold on to: split it at the point farthest from its start.
  let far = 0;
  for (const [i, point] of ring.entries()) {
    if (apart(point, first) > apart(ring[far] ?? first, first)) far = i;
  }
  const kept = [
    ...simplifyLine(ring.slice(0, far + 1), tolerance),
    ...simplifyLine(ring.slice(far), tolerance).slice(1),
  ];
  const rounded = kept.map(([lon, lat]): [number, number] => [
    Math.round(lon * DIGITS) / DIGITS,
    Math.round(lat * DIGITS) / DIGITS,
  ]);
  const distinct = rounded.filter((point, i) => i === 0 || point.join() !== rounded[i - 1]?.join());
  return distinct.length >= 4 ? distinct : null;
}

function simplifyLine(line: Ring, tolerance: number): Ring {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || line.length < 3) return line;
  let worst = 0;
  let at = 0;
  for (let i = 1; i < line.length - 1; i++) {
    const distance = offLine(line[i] ?? first, first, last);
    if (distance > worst) [worst, at] = [distance, i];
  }
  if (worst <= tolerance) return [first, last];
  return [...simplifyLine(line.slice(0, at + 1), tolerance), ...simplifyLine(line.slice(at), tolerance).slice(1)];
}

function apart([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): number {
  return Math.hypot((x1 - x2) * 0.6, y1 - y2);
}

/** Distance of a point from the segment between two others, a degree east counting 0.6 of a degree north. */
function offLine(
  point: readonly [number, number],
  from: readonly [number, number],
  to: readonly [number, number],
): number {
  const [dx, dy] = [(to[0] - from[0]) * 0.6, to[1] - from[1]];
  const [px, py] = [(point[0] - from[0]) * 0.6, point[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
  return Math.hypot(px - along * dx, py - along * dy);
}
