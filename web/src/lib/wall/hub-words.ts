import { nearestSpare, type PlaceRoom, type Room } from '../hubs/room.ts';
import type { Unit } from '$shared/model/unit';
import type { Redirection } from '$shared/protocol/redirections';
import { sayCount, sayNumber } from '../format/numbers.ts';
import { phaseOf } from '../redirections/phases.ts';
import { bookedOf, peopleOf } from '../redirections/words.ts';
import { AGREED, type WeekMinutes } from '../unit/week-minutes.ts';
import { wallName } from './pressed.ts';

/** The largest shortfall and who nearby could help, figures marked `**bold**`; what is calm is said in one line. */
export function shortfallLines(units: ReadonlyMap<string, Unit>, room: Room): string[] {
  const worst = room.places.find(({ spare }) => spare !== null);
  const name = (place: PlaceRoom) => wallName(place.unit.name);
  if (!worst || worst.spare === null) return ['Who is short is not known now.'];
  if (worst.spare >= 0) return ['**Nobody is short of slots.**'];
  const near = nearestSpare(units, room, worst.unit.id);
  return [
    `**${name(worst)} is ${sayNumber(-worst.spare)} short.**`,
    near
      ? `${name(near.place)}, nearest with room, has **${sayNumber(near.place.spare ?? 0)} to spare**.`
      : 'No place nearby has any to spare.',
  ];
}

/** Which hubs are in no sum, for the caption; empty where all are heard. */
export function silentLine(silent: readonly Unit[]): string {
  const [first, ...others] = silent;
  if (!first) return '';
  return others.length === 0
    ? `${wallName(first.name)} not known, not counted`
    : `${sayCount(silent.length, 'hub')} not known, not counted`;
}

/** Minutes of this week against the agreed ones. */
export function minutesLine(week: WeekMinutes | null): string {
  if (!week) return 'Minutes of this week not known';
  const offered = Math.round(week.offered);
  return offered > AGREED
    ? `${offered} minutes per 1,000 this week, ${AGREED} agreed`
    : `${offered} of ${AGREED} minutes per 1,000 this week`;
}

/** What is held and what could be offered, with what it relieves, for the caption; empty where there is neither. */
export function offersLine(redirections: readonly Redirection[]): string {
  const held = redirections.filter((each) => phaseOf(each) === 'held');
  const open = redirections.filter((each) => phaseOf(each) === 'open');
  const sum = (all: readonly Redirection[], of: (each: Redirection) => number) =>
    all.reduce((total, each) => total + of(each), 0);
  const slots = sum(held, (each) => each.slots);
  const placed = sum(open, (each) => peopleOf(each.placed));
  return [
    held.length > 0 ? `${sayCount(slots, 'slot')} held, ${sum(held, (each) => bookedOf(each) ?? 0)} booked` : '',
    placed > 0
      ? `${sayCount(open.length, 'offer')} would place ${sayCount(placed, 'patient')} who ${placed === 1 ? 'waits' : 'wait'}`
      : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
