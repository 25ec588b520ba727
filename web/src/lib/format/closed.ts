import type { Unit } from '$shared/model/unit';

/** Closed is neither calm nor unknown: nobody is there to be judged. */
export function isClosed(unit: Pick<Unit, 'level' | 'open' | 'coverage'>): boolean {
  return unit.level === null && (unit.open === false || (unit.open === null && unit.coverage === 1));
}
