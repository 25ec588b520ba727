import { HOUR, QUARTER, type EpochMs } from '$shared/model/time';
import type { SlotHour } from '$shared/model/unit';
import type { Hub, HubSlot } from '$shared/protocol/hubs';
import { sayAbsenceFully } from '../format/absence.ts';
import { sayCount } from '../format/numbers.ts';
import { instantMs, sayTime } from '../format/time.ts';
import { sayKind } from './slot-words.ts';
import { hoursOf, slotsAt, standingOf } from './timetable.ts';

/** Why nothing is known of a hub, and what was known last. */
export function sayUnknown(hub: Hub): { why: string; last: string } {
  const free = hub.metrics['slots.free'];
  const standing = standingOf(hub);
  if (standing === 'not-onboarded')
    return { why: 'It publishes no slots to us: capacity is not known, which is not zero.', last: '' };
  const why = free ? sayAbsenceFully(free.absence, free.detail) : 'not known';
  const lastAt = instantMs(free?.last?.observedAt);
  if (!free?.last || lastAt === null) return { why, last: '' };
  const all = hub.last?.slots.reduce((sum, s) => sum + s.free + (s.booked ?? 0) + (s.held ?? 0), 0);
  const of = all === undefined ? '' : ` of ${all}`;
  return { why, last: `${free.last.value}${of} ${free.last.value === 1 ? 'was' : 'were'} free at ${sayTime(lastAt)}` };
}

/** `2 free (GP, nurse by telephone), 3 booked`. */
function sayCounts(slots: readonly HubSlot[], past: boolean): string {
  const sum = (pick: (slot: HubSlot) => number | null) => slots.reduce((total, slot) => total + (pick(slot) ?? 0), 0);
  const free = sum((slot) => slot.free);
  const kinds = slots.flatMap((slot) => (slot.free > 0 ? sayKind(slot) || [] : [])).join(', ');
  const parts = [
    free > 0 ? `${free} ${past ? 'went unfilled' : 'free'}${kinds ? ` (${kinds})` : ''}` : past ? '' : 'none free',
    ...(['held', 'booked'] as const).map((name) => {
      const count = sum((slot) => slot[name]);
      return count > 0 ? `${count} ${name}` : '';
    }),
  ];
  return parts.filter(Boolean).join(', ');
}

/** What a hub has in the quarter hour at `at`; of a hub known by the hour only, in that hour. */
export function sayQuarter(hub: Hub, at: EpochMs, now: EpochMs): string {
  const standing = standingOf(hub);
  if (standing === 'silent' || standing === 'not-onboarded') {
    const { why, last } = sayUnknown(hub);
    return [why, last].filter(Boolean).join('; ');
  }
  if (standing === 'closed') return 'closed today';
  if (hub.slots === null) return sayHour([...hoursOf(hub, now).values()], at, now);
  const slots = slotsAt(hub.slots, at);
  const span = `${sayTime(at)} to ${sayTime(at + QUARTER)}`;
  return `${span}: ${slots.length === 0 ? 'no slots' : sayCounts(slots, at < now)}`;
}

/** What hubs have together in the hour that holds `at`. */
export function sayHour(hours: readonly SlotHour[], at: EpochMs, now: EpochMs): string {
  const from = Math.floor(at / HOUR) * HOUR;
  const hour = hours.find((each) => each.from === from);
  const span = `${sayTime(from)} to ${sayTime(from + HOUR)}`;
  if (!hour) return `${span}: no slots`;
  const held = hour.held > 0 ? `, ${hour.held} held` : '';
  const free = from + HOUR <= now ? '' : `${sayCount(hour.free, 'slot')} free, `;
  return `${span}: ${free}${hour.booked} booked${held}`;
}
