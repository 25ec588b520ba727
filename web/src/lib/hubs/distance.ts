import type { Position, Unit } from '$shared/model/unit';

type Point = Pick<Position, 'lat' | 'lon'>;

export { kilometres, sayKilometres } from '$shared/model/distance';

/** Where the people of a group are: the middle of its practices by patients; null where no practice has a position. */
export function centreOf(practices: Iterable<Unit>): Point | null {
  let [people, lat, lon] = [0, 0, 0];
  for (const { position, population } of practices) {
    if (!position) continue;
    const weight = Math.max(1, population ?? 1);
    people += weight;
    lat += position.lat * weight;
    lon += position.lon * weight;
  }
  return people === 0 ? null : { lat: lat / people, lon: lon / people };
}
