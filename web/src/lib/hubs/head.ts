import type { Unit } from '$shared/model/unit';
import { MINUTE, type EpochMs } from '$shared/model/time';
import type { Hub } from '$shared/protocol/hubs';
import { sayCount, sayNumber } from '../format/numbers.ts';
import { atHour } from '../format/time.ts';
import { sayKilometres } from './distance.ts';
import { nearestSpare, type PlaceRoom, type Room } from './room.ts';
import { freeUntil, standingOf } from './timetable.ts';

export interface HeadInput {
  readonly units: ReadonlyMap<string, Unit>;
  readonly room: Room;
  /** The unit on screen; null: the whole system. */
  readonly place: Unit | null;
  readonly hubs: readonly Hub[];
  readonly now: EpochMs;
}

/** What is, in one sentence or three: who waits, what is free and by when, where it is short and where there is some to spare. */
export function headSentence({ units, room, place, hubs, now }: HeadInput): string {
  const own = place ? room.places.find(({ unit }) => unit.id === place.id) : undefined;
  const waiting = place ? (place.metrics['patients.without-slot']?.value ?? null) : room.waiting;
  return [
    waits(waiting, place),
    free(hubs, now),
    place ? ofPlace(units, room, own) : ofSystem(units, room),
    unknown(hubs),
  ]
    .filter(Boolean)
    .join(' ');
}

function waits(waiting: number | null, place: Unit | null): string {
  if (waiting !== null) {
    if (waiting === 0) return 'Nobody waits without a slot at their own practice.';
    const some = sayCount(Math.round(waiting), 'patient');
    return `About **${some}** ${waiting === 1 ? 'waits' : 'wait'} without a slot at their own practice.`;
  }
  const closed = place?.metrics['patients.without-slot']?.absence === 'closed';
  return closed ? 'The practices are closed.' : 'How many wait without a slot is not known.';
}

function free(hubs: readonly Hub[], now: EpochMs): string {
  const known = hubs.filter((hub) => standingOf(hub) === 'known');
  if (known.length === 0) return hubs.length === 0 ? 'No hub serves it.' : '';
  const until = (hour: number) => known.reduce((sum, hub) => sum + freeUntil(hub, now, atHour(now, hour)), 0);
  if (now >= atHour(now, 20)) return 'The hubs have closed for today.';
  const all = until(20);
  const before =
    atHour(now, 13) - now > 30 * MINUTE && all > 0 ? `, **${sayNumber(until(13))}** of them before 1pm` : '';
  return `**${sayCount(all, 'hub slot')}** ${all === 1 ? 'is' : 'are'} free before 8pm${before}.`;
}

function ofSystem(units: ReadonlyMap<string, Unit>, room: Room): string {
  const worst = room.places[0];
  if (!worst || (worst.spare ?? 0) >= 0) return '';
  return short(units, room, worst);
}

function short(units: ReadonlyMap<string, Unit>, room: Room, place: PlaceRoom): string {
  const by = sayCount(Math.round(-(place.spare ?? 0)), 'slot');
  const lead = `${place.unit.name} is **${by} short**`;
  const nearest = nearestSpare(units, room, place.unit.id);
  if (!nearest) return `${lead}.`;
  const some = sayNumber(Math.round(nearest.place.spare ?? 0));
  return `${lead}; ${nearest.place.unit.name}, ${sayKilometres(nearest.km)} away, has **${some} to spare**.`;
}

function ofPlace(units: ReadonlyMap<string, Unit>, room: Room, own: PlaceRoom | undefined): string {
  if (!own || own.spare === null || own.closed) return '';
  return own.spare < 0 ? short(units, room, own) : '';
}

function unknown(hubs: readonly Hub[]): string {
  const silent = hubs.filter((hub) => ['silent', 'not-onboarded'].includes(standingOf(hub))).length;
  if (silent === 0) return '';
  return `${sayCount(silent, 'hub')} ${silent === 1 ? 'is' : 'are'} not known and not counted.`;
}

/** `4 of 6 hubs answer`; closed ones are asked nothing. */
export function answering(hubs: readonly Hub[]): string {
  const open = hubs.map((hub) => standingOf(hub)).filter((standing) => standing !== 'closed');
  return open.length === 0
    ? ''
    : `${open.filter((s) => s === 'known').length} of ${sayCount(open.length, 'hub')} answer`;
}
