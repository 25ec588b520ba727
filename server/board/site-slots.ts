import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import { dayLine } from '../domain/day-line.ts';
import { waitingWithoutSlot } from '../domain/derived.ts';
import { CLOSED, hundredths, like, missingOf, QUIET, share, value } from './derived-standing.ts';
import type { Derived, Put, StandingOf } from './derived-standing.ts';
import type { SiteLayout } from './layout.ts';
import type { Opening } from './openings.ts';
import { ABSENT } from './site-inputs.ts';
import type { Exhaustion, SiteState } from './state.ts';
import type { World } from './world.ts';

const NONE: Derived = { ...ABSENT('not-reported', 'none'), quiet: true };
const OF_ALL = ['slots.left-share', 'slots.exhausted-at'] as const;
const OF_PRACTICES = [
  'patients.without-slot',
  'practices.without-slots',
  'slots.left-behind',
  'slots.exhausted-early',
] as const;

/** Remembers when today's free slots ran out, and forgets it when some come back. */
function followExhaustion(
  state: SiteState,
  free: number,
  booked: number,
  answered: number | null,
  placed: number,
  at: EpochMs,
  day: EpochMs,
): void {
  if (state.exhaustion && state.exhaustion.day !== day) state.exhaustion = null;
  if (free > 0) {
    state.exhaustion = null;
    state.slotsSeen = day;
    return;
  }
  if (!state.open || booked + free === 0) return;
  state.exhaustion ??= { day, at: state.slotsSeen === day ? at : null, seen: at, answered, booked, placed };
  if (state.exhaustion.answered === null && answered !== null) state.exhaustion = { ...state.exhaustion, answered };
}

/** Patients placed elsewhere on the day that begins then. */
export const placedOn = ({ placed }: Pick<SiteState, 'placed'>, day: EpochMs): number =>
  placed?.day === day ? placed.count : 0;

/** How far fewer slots are left than the time of day lets expect; marked as estimated where that is no usual of the site. */
function behind(world: World, site: SiteLayout, free: number, all: number, at: EpochMs, opening: Opening): Derived {
  if (all === 0) return QUIET;
  const line = opening.span && dayLine(world.normal, site.def.id, at, opening.span);
  if (!line) return QUIET;
  const standing = { ...hundredths(Math.max(0, line.left - free / all)), base: all };
  return line.own ? standing : { ...standing, estimated: true };
}

/** Time between running out and closing: at least that of first seeing it, where running out itself was not seen. */
function early(ranOut: Exhaustion | null, { span }: Opening): Derived {
  if (!ranOut) return value(0);
  if (!span) return QUIET;
  const minutes = Math.max(0, span.to - (ranOut.at ?? ranOut.seen)) / MINUTE;
  return ranOut.at === null ? { ...value(minutes), estimated: true } : value(minutes);
}

export function slotsDerived(
  world: World,
  site: SiteLayout,
  state: SiteState,
  of: StandingOf,
  put: Put,
  at: EpochMs,
  opening: Opening,
): void {
  const free = of('slots.free');
  const booked = of('slots.booked');
  if (free.value === null || booked.value === null) {
    const absent = like(missingOf(free, booked) ?? free);
    for (const metric of OF_ALL) put(metric, absent);
    if (site.practice) for (const metric of OF_PRACTICES) put(metric, absent);
    return;
  }
  const answered = of('calls.answered');
  const day = world.days.start(at);
  const placed = placedOn(state, day);
  followExhaustion(state, free.value, booked.value, answered.value, placed, at, day);
  const all = free.value + booked.value;
  put('slots.left-share', share(free.value, all));
  const ranOut = state.exhaustion;
  put('slots.exhausted-at', ranOut?.at ? value(ranOut.at) : NONE);
  if (!site.practice) return;
  if (!state.open) {
    for (const metric of OF_PRACTICES) put(metric, CLOSED);
    return;
  }
  put('slots.left-behind', behind(world, site, free.value, all, at, opening));
  put('slots.exhausted-early', all === 0 ? QUIET : early(ranOut, opening));
  put('practices.without-slots', value(ranOut ? 1 : 0));
  if (!ranOut) put('patients.without-slot', value(0));
  else if (answered.value === null) put('patients.without-slot', like(answered));
  else {
    const since = answered.value - (ranOut.answered ?? answered.value);
    put(
      'patients.without-slot',
      value(waitingWithoutSlot(since, booked.value - ranOut.booked, placed - ranOut.placed)),
    );
  }
}
