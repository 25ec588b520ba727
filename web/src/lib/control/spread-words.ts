import { QUARTER } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { sayCount } from '../format/numbers.ts';
import { sayTime } from '../format/time.ts';
import { onsetOf } from './order.ts';

/** How many are named at most. */
const NAMED = 2;

/** Where pressure came first today and how far it went, in one sentence; figures marked `**bold**`. */
export function saySpread(
  rows: readonly Unit[],
  now: number,
  midnight: number,
  noun: { readonly one: string; readonly many: string },
): string {
  const reached = rows
    .map((unit) => ({ unit, onset: onsetOf(unit.day, now) }))
    .filter((row): row is { unit: Unit; onset: number } => row.onset !== null)
    .sort((a, b) => a.onset - b.onset);
  const [first] = reached;
  if (!first) return `No ${noun.one} has reached level 3 today.`;
  const ahead = reached.filter(({ onset }) => onset === first.onset).map(({ unit }) => unit.name);
  const names = ahead.slice(0, NAMED).join(' and ') + (ahead.length > NAMED ? ` and ${ahead.length - NAMED} more` : '');
  const lastHour = reached.filter(({ onset }) => onset > now - 4).length;
  return (
    `**${reached.length}** of ${sayCount(rows.length, noun.one, noun.many)} reached level 3 today, ` +
    `${lastHour === 0 ? 'none' : `**${lastHour}**`} in the last hour; first at ` +
    `**${sayTime(midnight + first.onset * QUARTER)}**: ${names}.`
  );
}
