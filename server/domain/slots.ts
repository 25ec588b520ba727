import { HOUR, type EpochMs } from '#shared/model/time.ts';
import type { SlotHour } from '#shared/model/unit.ts';
import type { SlotGroup } from './ports.ts';

/** Today's bookable capacity of one site as it is at one moment. */
export interface SlotFacts {
  /** Only slots that start at or after now can still be offered. */
  readonly free: number;
  /** All of today's, past ones too. */
  readonly booked: number;
  readonly held: number;
  readonly freeMinutes: number;
  readonly free4h: number;
  /** All of today's, whatever became of them. */
  readonly offered: number;
  /** All that start in the next 4 hours, taken or not. */
  readonly soon: number;
  readonly hours: readonly SlotHour[];
}

/** The metrics that are counts of today's slots. */
export const SLOT_COUNTS = {
  'slots.free': (f: SlotFacts) => f.free,
  'slots.booked': (f: SlotFacts) => f.booked,
  'slots.held': (f: SlotFacts) => f.held,
  'slots.free-minutes': (f: SlotFacts) => f.freeMinutes,
  'slots.free-4h': (f: SlotFacts) => f.free4h,
} as const;

/** Sums the groups that start within [dayStart, dayEnd). Hours begin on the full hour and come in order. */
export function slotFacts(groups: readonly SlotGroup[], at: EpochMs, dayStart: EpochMs, dayEnd: EpochMs): SlotFacts {
  let free = 0;
  let booked = 0;
  let held = 0;
  let freeMinutes = 0;
  let free4h = 0;
  let offered = 0;
  let soon = 0;
  const hours = new Map<number, SlotHour>();
  for (const group of groups) {
    if (group.start < dayStart || group.start >= dayEnd) continue;
    const open = group.start >= at ? group.free : 0;
    free += open;
    freeMinutes += open * group.minutes;
    const all = group.free + group.busy + group.held;
    offered += all;
    if (group.start < at + 4 * HOUR) {
      free4h += open;
      if (group.start >= at) soon += all;
    }
    booked += group.busy;
    held += group.held;
    const from = Math.floor(group.start / HOUR) * HOUR;
    const hour = hours.get(from) ?? { from, free: 0, booked: 0, held: 0 };
    hour.free += open;
    hour.booked += group.busy;
    hour.held += group.held;
    hours.set(from, hour);
  }
  const inOrder = [...hours.values()].sort((a, b) => a.from - b.from);
  return { free, booked, held, freeMinutes, free4h, offered, soon, hours: inOrder };
}

export function sameSlots(a: readonly SlotGroup[], b: readonly SlotGroup[]): boolean {
  return (
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i];
      return (
        y !== undefined &&
        x.start === y.start &&
        x.minutes === y.minutes &&
        x.free === y.free &&
        x.busy === y.busy &&
        x.held === y.held &&
        x.channel === y.channel &&
        x.role === y.role &&
        x.service === y.service
      );
    })
  );
}
