interface Point {
  readonly lat: number;
  readonly lon: number;
}

const KM_A_DEGREE = 111.2;

/** Kilometres as the crow flies, flat: within a metre in a hundred over the distances of one system. */
export function kilometres(a: Point, b: Point): number {
  const squeeze = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(a.lat - b.lat, (a.lon - b.lon) * squeeze) * KM_A_DEGREE;
}

/** `0.4 km`, `12 km`: as exact as a straight line deserves. */
export function sayKilometres(km: number): string {
  return km < 10 ? `${Math.max(0.1, km).toFixed(1)} km` : `${Math.round(km)} km`;
}
