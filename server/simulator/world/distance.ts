import type { UnitDef } from '#shared/model/definition.ts';

const EARTH_KM = 6371;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Kilometres as the crow flies, or null where one of the two stands nowhere. */
export function kmBetween({ position: a }: Pick<UnitDef, 'position'>, { position: b }: Pick<UnitDef, 'position'>) {
  if (!a || !b) return null;
  const [north, east] = [radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2];
  const h = Math.sin(north) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(east) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(h));
}
