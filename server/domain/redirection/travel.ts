import type { Position } from '#shared/model/unit.ts';

type Point = Pick<Position, 'lat' | 'lon'>;
const KM_A_DEGREE = 111.2;

/** Kilometres as the crow flies, flat: within a metre in a hundred over the distances of one system. */
export function kmBetween(a: Point | null, b: Point | null): number | null {
  if (!a || !b) return null;
  const squeeze = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(a.lat - b.lat, (a.lon - b.lon) * squeeze) * KM_A_DEGREE;
}
