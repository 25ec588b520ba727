import { sayKilometres } from '#shared/model/distance.ts';
import { REFUSALS } from '#shared/model/redirection-words.ts';
import { sayTime, type EpochMs } from '#shared/model/time.ts';
import type { Followed } from '#shared/protocol/redirections.ts';
import { sayCount, joined } from '../domain/pressure/phrases.ts';
import { slotsIn } from '../domain/redirection/drafts.ts';
import { factsOf } from '../domain/redirection/facts.ts';
import type { Counts } from '../domain/redirection/needs.ts';
import { returnedOf } from '../domain/redirection/promises.ts';
import { bookedOf, isTold, type RedirectionEvent, type RedirectionRecord } from '../domain/redirection/record.ts';

export const many = (count: number, one: string, more = `${one}s`): string =>
  `${sayCount(count)} ${count === 1 ? one : more}`;
export const bold = (text: string): string => `**${text}**`;

/** What an offer would do, in one sentence with bold figures. */
export function saySentence(given: {
  readonly hub: string;
  readonly unit: string;
  readonly slots: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly km: number | null;
  readonly placed: Counts;
  readonly waiting: Counts;
}): string {
  const { hub, unit, slots, from, to, km, placed, waiting } = given;
  const where = km === null ? 'by telephone' : `${sayKilometres(km)} away`;
  const urgent = placed.urgent ?? 0;
  const others = (placed.untriaged ?? 0) + (placed.soon ?? 0);
  const parts: string[] = [];
  if (urgent > 0)
    parts.push(
      `place ${bold(`${urgent} of ${Math.max(urgent, waiting.urgent ?? 0)}`)} who wait at ${unit} without a slot`,
    );
  if (others > 0)
    parts.push(
      `see ${bold(String(others))} ${urgent > 0 ? 'more ' : ''}${others === 1 ? 'callback or online request' : 'callbacks and online requests'}${urgent > 0 ? '' : ` of ${unit}`}`,
    );
  if ((placed.expected ?? 0) > 0)
    parts.push(
      `be there for ${bold(String(placed.expected))} ${parts.length > 0 ? 'more ' : ''}who have not asked yet`,
    );
  const times = `${sayTime(from)} to ${sayTime(to)}`;
  return `${bold(many(slots, 'slot'))} at ${hub}, ${times}, ${where}: they would ${joined(parts) || 'help'}.`;
}

/** What it came to, and whether it worked; empty while that is open. */
export const sayResult = (record: RedirectionRecord): string =>
  [sayOutcome(record), record.followed ? sayFollowed(record.followed.practices) : '']
    .filter((said) => said !== '')
    .join(' ');

/** The same of an earlier one, for whoever decides on the next. */
export function sayLastTime(record: RedirectionRecord): string {
  if (record.heldAt === null) return sayOutcome(record);
  const { booked, absent, held } = factsOf(record);
  const came = absent === null || booked === null || booked === 0 ? '' : `, ${booked - absent} came`;
  const used =
    booked === null ? `${held} were held; nobody told how many were booked.` : `${booked} of ${held} booked${came}.`;
  return [used, record.followed ? sayFollowed(record.followed.practices) : ''].filter((said) => said !== '').join(' ');
}

/** Of the practice for which it did most; empty where it is not known or made no difference. */
function sayFollowed(practices: readonly Followed[]): string {
  const relief = ({ with: now, without }: Followed) => (without.score ?? 0) - (now.score ?? Infinity);
  const [best] = practices.toSorted((a, b) => relief(b) - relief(a));
  if (!best || !(relief(best) > 0)) return '';
  const score = (value: number | null) => Math.round(value ?? 0);
  return `Pressure at ${best.name} ${score(best.with.score)}; without it ${score(best.without.score)} (estimated).`;
}

function sayOutcome(record: RedirectionRecord): string {
  const slots = slotsIn(record.draft);
  const booked = bookedOf(record);
  const until = record.endedAt === null ? '' : ` by ${sayTime(record.endedAt)}`;
  if (record.heldAt !== null && record.endedAt !== null && !isTold(record))
    return `${slots} were held${record.state === 'released' ? ' and given back' : ''}; nobody has told how many were booked.`;
  switch (record.state) {
    case 'fulfilled': {
      const back = returnedOf(record);
      const absent = record.absent ? `; ${record.absent} did not come` : '';
      return `${booked} of ${slots} booked${until}${back > 0 ? `, ${back} went back to the hub` : ''}${absent}.`;
    }
    case 'expired':
      return record.decidedAt === null
        ? `Nobody answered by ${sayTime(record.answerBy)}.`
        : `None of ${slots} was booked by ${sayTime(record.endedAt ?? record.answerBy)}: they went back to the hub.`;
    case 'released':
      return `${booked} of ${slots} had been booked; the others were given back at ${sayTime(record.endedAt ?? 0)}.`;
    case 'refused':
      return record.refusal === null ? '' : `Refused: ${lowered(REFUSALS[record.refusal])}.`;
    case 'failed':
      return `Not held: ${lowered(record.trouble)}.`;
    case 'withdrawn':
      return 'Overtaken: the slots or the need went before anybody answered.';
    default:
      return '';
  }
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

/** One step in words. */
export function sayStep(event: RedirectionEvent): string {
  switch (event.type) {
    case 'proposed':
      return `Proposed: ${many(slotsIn(event.draft), 'slot')}`;
    case 'revised':
      return `Worked out anew: ${many(slotsIn(event.draft), 'slot')}`;
    case 'withdrawn':
      return 'Overtaken by the board';
    case 'lapsed':
      return 'Nobody answered in time';
    case 'accepted':
      return `Offered: ${many(slotsIn(event.draft), 'slot')}, to be held until ${sayTime(event.heldUntil)}`;
    case 'held':
      return event.slots.length > 0
        ? `The hub holds ${many(event.slots.length, 'slot')}`
        : 'The hub is to be rung: it cannot be written to';
    case 'gone':
      return `Some had gone: ${event.free} were left`;
    case 'not-held':
      return `Not held: ${event.reason}`;
    case 'refused':
      return `Refused: ${lowered(REFUSALS[event.reason])}`;
    case 'undone':
      return 'Taken back';
    case 'looked':
      return 'The hub was asked how far it is';
    case 'kept':
      return `Held longer, until ${sayTime(event.heldUntil)}`;
    case 'released':
      return 'Given back';
    case 'ended':
      return 'The hold ended';
    case 'told':
      return `Told: ${event.booked} booked`;
    case 'acknowledged':
      return 'The practice has seen it';
    case 'trouble':
      return event.text;
    case 'followed':
      return sayFollowed(event.practices) || 'Looked at whether it worked: not known';
  }
}
