import type { Hub } from '$shared/protocol/hubs';
import type { Redirection } from '$shared/protocol/redirections';
import { HOUR, type EpochMs } from '$shared/model/time';
import { hoursOf } from '../hubs/timetable.ts';
import { phaseOf } from './phases.ts';

/** One hour of a hub beside an offer: slots taken, free for others, and those of the offer. */
export interface OfferHour {
  readonly from: EpochMs;
  readonly taken: number;
  readonly free: number;
  readonly offered: number;
}

/** Hours of the hub's day in which it has any slot; those of the offer stand apart from the rest. */
export function offerHours(
  hub: Pick<Hub, 'slots' | 'hours'>,
  redirection: Pick<Redirection, 'offered' | 'state'>,
  now: EpochMs,
): OfferHour[] {
  const offered = new Map<EpochMs, number>();
  for (const { start, count } of redirection.offered) {
    const from = Math.floor(start / HOUR) * HOUR;
    offered.set(from, (offered.get(from) ?? 0) + count);
  }
  const open = phaseOf(redirection) === 'open';
  return [...hoursOf(hub, now).values()]
    .sort((a, b) => a.from - b.from)
    .map(({ from, free, booked, held }) => {
      const mine = offered.get(from) ?? 0;
      const others = Math.max(0, (open ? free : held) - mine);
      return { from, offered: mine, free: open ? others : free, taken: booked + (open ? held : others) };
    });
}
