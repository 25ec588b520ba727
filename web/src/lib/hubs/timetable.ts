import { HOUR, MINUTE, QUARTER, type EpochMs } from '$shared/model/time';
import type { SlotHour } from '$shared/model/unit';
import type { Hub, HubSlot } from '$shared/protocol/hubs';
import type { OfferedSlot } from '$shared/protocol/redirections';
import { atHour } from '../format/time.ts';
import { roleRank } from './slot-words.ts';

/** What became of a slot, or what it still is. */
export type CellState = 'free' | 'held' | 'booked' | 'unfilled' | 'unknown';

/** One slot on the timetable. */
export interface Cell {
  readonly start: EpochMs;
  readonly minutes: number;
  /** Row within its hub, 0 the topmost. */
  readonly line: number;
  readonly state: CellState;
  /** Belongs to the offer that is looked at. */
  readonly offered?: true;
}

/** Which slots of a hub the offer that is looked at takes, and whether they are held already. */
export interface OfferedCells {
  readonly held: boolean;
  readonly slots: readonly Pick<OfferedSlot, 'start' | 'minutes' | 'channel' | 'role' | 'service' | 'count'>[];
}

/** The hours on screen: whole hours of the London day, 8am to 8pm and further where a hub is open longer. */
export interface HubWindow {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export function hubWindow(hubs: readonly Pick<Hub, 'opening' | 'slots'>[], now: EpochMs): HubWindow {
  let from = atHour(now, 8);
  let to = atHour(now, 20);
  for (const { opening, slots } of hubs) {
    const starts = slots?.map(({ start }) => start) ?? [];
    from = Math.min(from, opening?.from ?? from, ...starts);
    to = Math.max(to, opening?.to ?? to, ...(slots?.map(({ start, minutes }) => start + minutes * MINUTE) ?? []));
  }
  return { from: Math.floor(from / HOUR) * HOUR, to: Math.ceil(to / HOUR) * HOUR };
}

export const hoursIn = ({ from, to }: HubWindow): EpochMs[] =>
  Array.from({ length: Math.round((to - from) / HOUR) }, (_gap, index) => from + index * HOUR);

/** How many of a group's slots an offer takes. */
function takenOf({ start, minutes, channel, role, service }: HubSlot, { slots }: OfferedCells): number {
  return slots.reduce(
    (sum, slot) =>
      slot.start === start &&
      slot.minutes === minutes &&
      slot.channel === channel &&
      slot.role === role &&
      slot.service === service
        ? sum + slot.count
        : sum,
    0,
  );
}

/** One of a group's slots; what is taken stands below what can still be given. */
function statesOf(slot: HubSlot, now: EpochMs, known: boolean): CellState[] {
  const of = (state: CellState, count: number | null) => Array.from({ length: count ?? 0 }, () => state);
  if (!known) return of('unknown', slot.free + (slot.booked ?? 0) + (slot.held ?? 0));
  return [
    ...of(slot.start >= now ? 'free' : 'unfilled', slot.free),
    ...of('held', slot.held),
    ...of('booked', slot.booked),
  ];
}

/**
 * Slots laid into rows: those of one role together, and in a row of its own every slot that overlaps another, as rooms
 * would have it. `known` false: what was last told, of which nobody knows what has become.
 */
export function cellsOf(
  slots: readonly HubSlot[],
  now: EpochMs,
  known = true,
  offered: OfferedCells | null = null,
): { lines: number; cells: Cell[] } {
  const byRole = [...Map.groupBy(slots, ({ role }) => role)].sort(
    ([a], [b]) => roleRank(a) - roleRank(b) || (a ?? '').localeCompare(b ?? ''),
  );
  const cells: Cell[] = [];
  let above = 0;
  for (const [, group] of byRole) {
    const ends: EpochMs[] = [];
    for (const slot of [...group].sort((a, b) => a.start - b.start)) {
      let left = offered ? takenOf(slot, offered) : 0;
      for (const state of statesOf(slot, now, known)) {
        const marked = left > 0 && state === (offered?.held ? 'held' : 'free');
        if (marked) left -= 1;
        const free = ends.findIndex((end) => end <= slot.start);
        const line = free === -1 ? ends.length : free;
        ends[line] = slot.start + slot.minutes * MINUTE;
        cells.push({
          start: slot.start,
          minutes: slot.minutes,
          line: above + line,
          state,
          ...(marked ? { offered: true } : {}),
        });
      }
    }
    above += ends.length;
  }
  return { lines: above, cells };
}

/** Free, held and booked of each hour; an hour without any is left out. `free` is what can still be given. */
export function hoursOf(hub: Pick<Hub, 'slots' | 'hours'>, now: EpochMs): ReadonlyMap<EpochMs, SlotHour> {
  const found = new Map<EpochMs, SlotHour>(hub.hours.map((hour) => [hour.from, hour]));
  if (hub.slots === null) return found;
  found.clear();
  for (const slot of hub.slots) {
    const from = Math.floor(slot.start / HOUR) * HOUR;
    const hour = found.get(from) ?? { from, free: 0, booked: 0, held: 0 };
    found.set(from, {
      from,
      free: hour.free + (slot.start >= now ? slot.free : 0),
      booked: hour.booked + (slot.booked ?? 0),
      held: hour.held + (slot.held ?? 0),
    });
  }
  return found;
}

/** Sums of several hubs' hours. */
export function sumHours(all: Iterable<readonly SlotHour[]>): SlotHour[] {
  const sums = new Map<EpochMs, SlotHour>();
  for (const hours of all) {
    for (const { from, free, booked, held } of hours) {
      const sum = sums.get(from) ?? { from, free: 0, booked: 0, held: 0 };
      sums.set(from, { from, free: sum.free + free, booked: sum.booked + booked, held: sum.held + held });
    }
  }
  return [...sums.values()].sort((a, b) => a.from - b.from);
}

/** How a hub stands: its slots are known; it is shut for today; it says nothing now; it never was connected. */
export type HubStanding = 'known' | 'closed' | 'silent' | 'not-onboarded';

export function standingOf({
  metrics,
  slots,
  open,
  opening,
}: Pick<Hub, 'metrics' | 'slots' | 'open' | 'opening'>): HubStanding {
  const free = metrics['slots.free'];
  if (slots !== null || (free && free.value !== null)) return 'known';
  if (free?.absence === 'closed' || (open === false && opening === null)) return 'closed';
  return free === undefined || free.absence === 'not-onboarded' ? 'not-onboarded' : 'silent';
}

/** Free slots that start in [now, until). Of hours only those that begin before `until` count, whole. */
export function freeUntil(hub: Pick<Hub, 'slots' | 'hours'>, now: EpochMs, until: EpochMs): number {
  if (hub.slots !== null) {
    return hub.slots.reduce((sum, { start, free }) => (start >= now && start < until ? sum + free : sum), 0);
  }
  return hub.hours.reduce((sum, { from, free }) => (from + HOUR > now && from < until ? sum + free : sum), 0);
}

/** Slots of a hub that begin in the quarter hour at `at`. */
export const slotsAt = (slots: readonly HubSlot[], at: EpochMs): HubSlot[] =>
  slots.filter(({ start }) => start >= at && start < at + QUARTER);
