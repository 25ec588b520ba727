import type { Hub } from '$shared/protocol/hubs';
import type { Unit } from '$shared/model/unit';

/** Minutes of this week for each 1,000 people, as parts of a bar. */
export interface WeekBar {
  readonly offered: number;
  /** Of the days that are known. */
  readonly booked: number;
  /** Offered and not booked, of the days that are known. */
  readonly free: number;
  /** Of days that are not known yet: taken to be like the others. */
  readonly ahead: number;
  readonly missing: number;
  readonly agreed: number;
  /** Full width of the bar. */
  readonly most: number;
  readonly estimated: boolean;
  /** Slots that would have to be published to meet what is agreed; 0: met; null: nobody knows how many it serves. */
  readonly short: number | null;
}

const USUAL_MINUTES = 15;
/** Within half a minute it is met: figures are rounded. */
const NEARLY = 0.5;

/** Null where nothing is known of its week. `served`: people; `minutes`: of one slot. */
export function weekBar(
  metrics: Unit['metrics'],
  agreed: number,
  served: number | null,
  minutes = USUAL_MINUTES,
): WeekBar | null {
  const metric = metrics['access.offered-per-1000'];
  const offered = metric?.value ?? null;
  if (offered === null) return null;
  const booked = metrics['access.booked-per-1000']?.value ?? 0;
  const known = metric?.estimated === true ? offered * (metric.coverage ?? 1) : offered;
  const missing = Math.max(0, agreed - offered);
  return {
    offered,
    booked,
    free: Math.max(0, known - booked),
    ahead: Math.max(0, offered - Math.max(known, booked)),
    missing,
    agreed,
    most: Math.max(agreed * 1.1, offered),
    estimated: metric?.estimated === true,
    short: missing < NEARLY ? 0 : served === null ? null : Math.ceil((missing * served) / 1000 / minutes),
  };
}

/** How long most of a hub's slots are. */
export function usualMinutes({ slots }: Pick<Hub, 'slots'>): number {
  const counts = new Map<number, number>();
  for (const { minutes } of slots ?? []) counts.set(minutes, (counts.get(minutes) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? USUAL_MINUTES;
}
