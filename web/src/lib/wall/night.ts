import type { EpochMs } from '$shared/model/time';
import type { ScreenSettings } from '$shared/protocol/screens';
import { minutesOfDay } from '../format/time.ts';

/** Outside the hours in which anybody is served nobody reads it from afar, and the panel lives longer. */
const SERVICE_HOURS = { from: '21:00', to: '07:00', dim: 0.4 } as const satisfies ScreenSettings['night'];

const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** Share of full brightness at `now`, London time; `night` null: dimmed outside service hours. */
export function brightness(now: EpochMs, night: ScreenSettings['night']): number {
  const { from, to, dim } = night ?? SERVICE_HOURS;
  const start = minutes(from);
  const end = minutes(to);
  const at = minutesOfDay(now);
  const inside = start <= end ? at >= start && at < end : at >= start || at < end;
  return inside ? dim : 1;
}
