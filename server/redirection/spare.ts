import { slotsIn, type Draft } from '../domain/redirection/drafts.ts';
import type { Lots } from '../domain/redirection/lots.ts';

/** How many of the slots in its lots a hub lends at most. */
export const mayLend = (lots: Lots, draft: Draft): number => sumOf(lots, draft, ({ lendable }) => lendable);

/** How many more slots an offer could have than it has: free ones of its own hours, and no more than are lent. */
export function spareFor(lots: Lots, draft: Draft): number {
  const most = sumOf(lots, draft, ({ free, lendable }) => (draft.borrowed ? lendable : free));
  return Math.max(0, most - slotsIn(draft));
}

function sumOf({ lots }: Lots, { slots }: Draft, of: (lot: Lots['lots'][number]) => number): number {
  const own = new Set(slots.map(({ lot }) => lot));
  return lots.reduce((sum, lot) => (own.has(lot.id) ? sum + of(lot) : sum), 0);
}
