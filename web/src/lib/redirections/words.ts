import type { NeedCounts, Redirection, Share } from '$shared/protocol/redirections';
import { MINUTE, type EpochMs } from '$shared/model/time';
import { REFUSALS } from '$shared/model/refusals';
import { sayCount, sayShare } from '../format/numbers.ts';
import { dayStart, instantMs, sayDate, sayTime } from '../format/time.ts';
import { sayKilometres } from '../hubs/distance.ts';
import { leftOf } from './phases.ts';

/** People who wait now, of every kind; those who are only expected to ask are not among them. */
export const peopleOf = ({ urgent = 0, untriaged = 0, soon = 0 }: NeedCounts): number => urgent + untriaged + soon;

/** Without what every illustrative hub says after its name: the timetable says it beneath. */
export const shortName = (name: string): string => name.replace(/ \(illustrative\)$/, '');

export const sayInstant = (instant: string | null): string => sayTime(instantMs(instant) ?? 0);

/** `9:45am today`; of another day the day alone: `Friday 20 November`. */
export function sayWhen(instant: string, now: EpochMs): string {
  const at = instantMs(instant) ?? 0;
  return dayStart(at) === dayStart(now) ? `${sayTime(at)} today` : sayDate(at);
}

/** `18 slots, 11am to 2pm`. */
export function saySlots({ slots, from, to }: Pick<Redirection, 'slots' | 'from' | 'to'>, between = ' '): string {
  return `${sayCount(slots, 'slot')}${between}${sayTime(from)} to ${sayTime(to)}`;
}

/** `2.1 km away`, `by telephone`; empty where nobody knows. */
export function sayWay({ km, offered }: Pick<Redirection, 'km' | 'offered'>): string {
  if (km !== null) return `${sayKilometres(km)} away`;
  return offered.length > 0 && offered.every(({ channel }) => channel === 'telephone') ? 'by telephone' : '';
}

/** How many of those who wait get one: `18 of 26`; and the urgent among them. */
export function sayPlaced(placed: NeedCounts, waiting: NeedCounts): { all: string; urgent: string } {
  const now = peopleOf(placed);
  const urgent = placed.urgent ?? 0;
  const most = Math.max(now, peopleOf(waiting));
  const wait = Math.max(urgent, waiting.urgent ?? 0);
  return { all: `${now} of ${most}`, urgent: wait > 0 ? `${urgent} of ${wait} urgent` : 'none urgent' };
}

/** The same in one line: `5 of 5 placed`. */
export const sayPlacedInLine = (placed: NeedCounts, waiting: NeedCounts): string =>
  `${sayPlaced(placed, waiting).all} placed`;

export const sayTaken = ({ before, after }: { before: number; after: number }): string =>
  `${sayShare(before)} → ${sayShare(after)} taken`;

/** `38 min left`; under a minute it says so. */
export function sayLeft(redirection: Pick<Redirection, 'heldUntil' | 'decidedAt'>, now: EpochMs): string {
  const { ms } = leftOf(redirection, now);
  if (ms === 0) return 'over';
  return ms < MINUTE ? 'under a minute left' : `${Math.ceil(ms / MINUTE)} min left`;
}

/** `Keep 30 min`: so much longer, where it can be. */
export function sayKeep({ heldUntil, keptUntil }: Pick<Redirection, 'heldUntil' | 'keptUntil'>): string {
  const more = (instantMs(keptUntil) ?? 0) - (instantMs(heldUntil) ?? 0);
  return `Keep ${Math.max(1, Math.round(more / MINUTE))} min`;
}

/** `3 booked so far`; where somebody has to say it, that nobody has. */
export function sayBookedSoFar(redirection: Pick<Redirection, 'outcome' | 'shares'>): string {
  const booked = bookedOf(redirection);
  return redirection.outcome && booked === null ? 'not told yet how many are booked' : `${booked ?? 0} booked so far`;
}

/** Booked of those held so far; null before anything is held, and where nobody has told. */
export const bookedOf = ({ outcome, shares }: Pick<Redirection, 'outcome' | 'shares'>): number | null => {
  if (outcome) return outcome.booked;
  const told = shares.flatMap(({ booked }) => booked ?? []);
  return told.length > 0 ? told.reduce((sum, count) => sum + count, 0) : null;
};

/** Asked where fewer are left than were wanted. */
export function sayGone(wanted: number, available: number): string {
  const gone = wanted - available;
  return `${gone} of ${wanted} ${gone === 1 ? 'was' : 'were'} taken meanwhile; offer ${available}?`;
}

/** Names as people list them: `Pikes Lane 1, Swan Lane and Shanti`. */
export function sayNames(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Practices that get any of it. */
export const receiving = (shares: readonly Share[]): Share[] => shares.filter(({ slots }) => slots > 0);

/** Who decided, as people are named here. */
export const sayWho = (by: string) => (by === 'local-operator' ? 'the local operator' : by);

/** What became of it, in a few words, where the server has none of its own. */
export function sayEnd(redirection: Redirection): string {
  const { state, result, refusal, decidedBy, outcome, slots } = redirection;
  if (state === 'withdrawn') return 'Replaced: worked out anew';
  if (state === 'refused') {
    const why = refusal ? `: ${REFUSALS[refusal].toLowerCase()}` : '';
    return `Refused${decidedBy ? ` by ${sayWho(decidedBy)}` : ''}${why}`;
  }
  if (result) return result;
  switch (state) {
    case 'expired':
      return outcome ? `The hold ended: ${sayCount(slots, 'slot')} free again` : 'Nobody answered in time';
    case 'released':
      return `Given back${decidedBy ? ` by ${sayWho(decidedBy)}` : ''}: the slots are free again`;
    case 'failed':
      return 'The hub would not hold them';
    default:
      return '';
  }
}
