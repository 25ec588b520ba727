import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { sayTime } from '#shared/model/time.ts';
import type { Redirection, Redirections } from '#shared/protocol/redirections.ts';
import type { BoardView } from '../domain/ports.ts';
import { addCounts, sumOf } from '../domain/redirection/needs.ts';
import type { Found } from './planner.ts';
import { bold, many } from './words.ts';

type Scope = ReadonlySet<string> | null;
type All = Pick<Redirections, 'waiting' | 'placeable' | 'free' | 'sentence'>;

/** Who waits, how many slots are free, and what the open proposals would do about it. */
export function sumOfAll(scope: Scope, found: Found | null, redirections: readonly Redirection[]): All {
  const proposed = redirections.filter(({ state }) => state === 'proposed');
  const inScope = (id: string) => scope === null || scope.has(id);
  const waiting = addCounts(
    [...(found?.needs ?? [])].flatMap(([id, counts]) => (counts && inScope(id) ? [counts] : [])),
  );
  const placeable = addCounts(proposed.map(({ placed }) => placed));
  // A unit's hubs may stand above it: free slots are those of every hub that could be offered there.
  const hubs = new Set(proposed.map(({ hub }) => hub));
  const free = found
    ? found.lots.lots.reduce((sum, lot) => (inScope(lot.hub) || hubs.has(lot.hub) ? sum + lot.free : sum), 0)
    : null;
  return { waiting, placeable, free, sentence: found ? sayAll(waiting, placeable, free ?? 0, proposed.length) : '' };
}

function sayAll(waiting: All['waiting'], placeable: All['placeable'], free: number, proposals: number): string {
  const now = sumOf(waiting) - (waiting.expected ?? 0);
  const placed = sumOf(placeable) - (placeable.expected ?? 0);
  const who =
    now === 0
      ? 'Nobody waits without a slot.'
      : `${bold(many(now, 'patient'))} wait without a slot at their own practice, ${waiting.urgent ?? 0} of them urgent.`;
  const what = `${bold(many(free, 'hub slot'))} can still be offered today.`;
  if (proposals === 0) return `${who} ${what}`;
  const offers = proposals === 1 ? 'The proposal' : `The ${proposals} proposals`;
  return `${who} ${what} ${offers} would place ${bold(`${placed} of ${Math.max(now, placed)}`)}.`;
}

/** Why there is no proposal. */
export function nothingOf(board: BoardView, policy: RedirectionPolicy, found: Found | null, all: All): string {
  if (!found) return 'The proposals are being worked out.';
  if (sumOf(all.waiting) === 0) {
    const unknown = [...found.needs.values()].filter((counts) => counts === null).length;
    return unknown === found.needs.size && unknown > 0
      ? 'Practices are closed, or do not tell how many wait.'
      : 'Nobody waits without a slot.';
  }
  const hubs = board.definition.units.filter(({ siteKind }) => siteKind === 'hub');
  if (hubs.length === 0) return 'This system has no hubs.';
  if (found.lots.lots.length === 0) {
    const unknown = hubs.filter(({ id }) => board.unit(id)?.metrics['slots.free']?.value == null).length;
    return unknown === hubs.length
      ? 'No hub tells its slots now: what is free is not known.'
      : `No hub slot is free that could still be offered today${unknown > 0 ? ` (of ${many(unknown, 'hub')} it is not known)` : ''}.`;
  }
  return `The free slots are out of reach: further than ${policy.reach.inPersonKm} km, too soon or too late, or kept for a hub's own practices.`;
}

/** What would help most, in words. */
export function helpOf(board: BoardView, found: Found | null, scope: Scope): Redirections['help'] {
  return (found?.more ?? [])
    .filter(({ hub }) => scope === null || scope.has(hub))
    .map(({ hub, slots, from, to, places }) => {
      const hubName = board.unit(hub)?.name ?? hub;
      const when = `between ${sayTime(from)} and ${sayTime(to)}`;
      const text = `${bold(many(slots, 'more slot'))} at ${hubName} ${when} would place ${bold(many(places, 'more patient'))}.`;
      return { hub, hubName, slots, from, to, places, text };
    });
}
