import { HOUR } from '$shared/model/time';
import type { SlotHour, Unit } from '$shared/model/unit';
import type { ChartBars, Point } from '../chart/types.ts';

/** Bookable capacity by hour as stacked bars: booked at the foot, held, free on top; hours that have passed went unfilled. */
export function slotBars(hours: readonly SlotHour[], now: number): ChartBars[] {
  const past = (hour: SlotHour) => hour.from + HOUR <= now;
  const layer = (value: (hour: SlotHour) => number): Point[] => hours.map((hour) => [hour.from, value(hour)]);
  return [
    { label: 'Booked', tone: 'quiet', points: layer((h) => h.booked) },
    { label: 'Held', tone: 'held', points: layer((h) => h.held) },
    { label: 'Went unfilled', tone: 'hollow', points: layer((h) => (past(h) ? h.free : 0)) },
    { label: 'Free', tone: 'capacity', points: layer((h) => (past(h) ? 0 : h.free)) },
  ];
}

/** Free, booked and held from the running hour to the end of the day. */
export function slotsAhead(hours: readonly SlotHour[], now: number): { free: number; booked: number; held: number } {
  const ahead = hours.filter((hour) => hour.from + HOUR > now);
  const sum = (value: (hour: SlotHour) => number) => ahead.reduce((total, hour) => total + value(hour), 0);
  return { free: sum((h) => h.free), booked: sum((h) => h.booked), held: sum((h) => h.held) };
}

/** `0 of 54`: slots free of all slots of the day; null where either is not known. */
export function freeOf(unit: Unit): { free: number; all: number } | null {
  const free = unit.metrics['slots.free']?.value ?? null;
  const booked = unit.metrics['slots.booked']?.value ?? null;
  return free === null || booked === null ? null : { free, all: free + booked };
}
