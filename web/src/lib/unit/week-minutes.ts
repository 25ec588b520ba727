import type { MetricState, Unit } from '$shared/model/unit';

/** Minutes a week for each 1,000 patients that are agreed with hubs in England. */
export const AGREED = 60;

/** What hubs offer and have booked in a week, for each 1,000 patients. */
export interface WeekMinutes {
  /** Whose hubs: the unit's own, or those of the nearest group above it. */
  readonly of: Unit;
  readonly offered: number;
  /** Null where only the offer is known. */
  readonly booked: number | null;
  /** Part of the week is not known yet, and was added as the known part is. */
  readonly estimated: boolean;
  /** Full width of the bar, in the same minutes. */
  readonly most: number;
}

const valueOf = (metric: MetricState | undefined) => metric?.value ?? null;

/** Of a unit, else of the nearest unit above it that knows; null where nobody does. */
export function weekMinutes(unit: Unit, units: ReadonlyMap<string, Unit>): WeekMinutes | null {
  for (let at: Unit | undefined = unit; at; at = at.parent === null ? undefined : units.get(at.parent)) {
    const offer: MetricState | undefined = at.metrics['access.offered-per-1000'];
    const offered = valueOf(offer);
    if (offered === null) continue;
    return {
      of: at,
      offered,
      booked: valueOf(at.metrics['access.booked-per-1000']),
      estimated: offer?.estimated === true,
      most: Math.max(AGREED * 1.25, offered),
    };
  }
  return null;
}
