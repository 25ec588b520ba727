import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { sayTime } from '#shared/model/time.ts';
import type { Redirection, Redirections } from '#shared/protocol/redirections.ts';
import type { BoardView } from '../domain/ports.ts';
import { sayCount } from '../domain/pressure/phrases.ts';
import { addCounts, sumOf } from '../domain/redirection/needs.ts';
import type { Found } from './planner.ts';
import { bold, many } from './words.ts';

type Scope = ReadonlySet<string> | null;
type All = Pick<Redirections, 'waiting' | 'placeable' | 'free' | 'keptBack' | 'sentence'>;

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
  const keptBack = found
    ? [...found.keptBack].reduce((sum, [id, count]) => (inScope(id) ? sum + count : sum), 0)
    : null;
  const counts = { waiting, placeable, free, keptBack };
  return { ...counts, sentence: found ? sayAll(counts, proposed.length) : '' };
}

function sayAll({ waiting, placeable, free, keptBack }: Omit<All, 'sentence'>, proposals: number): string {
  const urgent = waiting.urgent ?? 0;
  const others = (waiting.untriaged ?? 0) + (waiting.soon ?? 0);
  const now = urgent === 0 ? 'Nobody waits without a slot' : `${bold(many(urgent, 'patient'))} wait without a slot`;
  const may = others === 0 ? '' : ` and ${sayCount(others)} more callbacks and online requests may need one`;
  const kept = keptBack ? `, ${sayCount(keptBack)} of them kept for people who will ask in the next hours` : '';
  const what = `${bold(many(free ?? 0, 'hub slot'))} can still be offered today${kept}.`;
  if (proposals === 0) return `${now}${may}. ${what}`;
  const offers = proposals === 1 ? 'The proposal' : `The ${proposals} proposals`;
  const placed = urgent === 0 ? '' : `${bold(`${placeable.urgent ?? 0} of ${urgent}`)}`;
  const rest = (placeable.untriaged ?? 0) + (placeable.soon ?? 0);
  const more = rest === 0 ? '' : `${placed === '' ? '' : ' and '}${sayCount(rest)} of the others`;
  return `${now}${may}. ${what} ${offers} would place ${placed}${more}.`;
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
  if ((all.keptBack ?? 0) > 0 && (all.waiting.urgent ?? 0) === 0)
    return `Nobody urgent waits now. ${many(all.keptBack ?? 0, 'slot')} are kept for people who are expected to ask.`;
  if (found.lots.lots.length === 0) {
    const unknown = hubs.filter(({ id }) => (board.unit(id)?.metrics['slots.free']?.value ?? null) === null).length;
    return unknown === hubs.length
      ? 'No hub tells its slots now: what is free is not known.'
      : `No hub slot is free that could still be offered today${unknown > 0 ? ` (of ${many(unknown, 'hub')} it is not known)` : ''}.`;
  }
  return `The free slots are out of reach: further than ${policy.reach.inPersonKm} km, too soon or too late, or kept for a hub's own practices.`;
}

/** What would help most, in words: of each hub the best. */
export function helpOf(board: BoardView, found: Found | null, scope: Scope): Redirections['help'] {
  const seen = new Set<string>();
  return (found?.more ?? [])
    .filter(({ hub }) => (scope === null || scope.has(hub)) && !seen.has(hub) && seen.add(hub))
    .map(({ hub, slots, from, to, places }) => {
      const hubName = board.unit(hub)?.name ?? hub;
      const when = from === to ? `about ${sayTime(from)}` : `between ${sayTime(from)} and ${sayTime(to)}`;
      const text = `${bold(many(slots, 'more slot'))} at ${hubName} ${when} would place ${bold(many(places, 'more patient'))}.`;
      return { hub, hubName, slots, from, to, places, text };
    });
}
