import type { PublishedMonth } from '#shared/model/definition.ts';
import type { Practice } from './practices.ts';
import type { Recipe } from './recipe.ts';
import type { Sources } from './sources.ts';
import { shareOut } from './spread.ts';
import type { Tally } from './tally.ts';

const PEERS = 10;

/** Every practice's months: its own where it is in the tables, else made from practices of like size and marked so. */
export function monthsOf(
  recipe: Recipe,
  practices: readonly Practice[],
  sources: Sources,
  tally: Tally,
): PublishedMonth[] {
  const own = new Map(sources.months.map((month) => [`${month.site} ${month.month}`, month]));
  const names = recipe.months ?? [...new Set(sources.months.map(({ month }) => month))].sort();
  return names.flatMap((name) => {
    const publishing = practices.flatMap((practice) => {
      const month = own.get(`${practice.code} ${name}`);
      return month ? [{ list: practice.list, month }] : [];
    });
    publishing.sort((a, b) => a.list - b.list);
    return practices.flatMap((practice): PublishedMonth[] => {
      tally.read();
      const mine = own.get(`${practice.code} ${name}`);
      const month = mine ?? fromPeers(practice, name, publishing);
      if (!month) {
        tally.rejected('no month of its own and no peers', `${practice.code} ${name}`);
        return [];
      }
      tally.taken();
      if (!mine) tally.marked('not in the tables: made from peers of like size, and marked', practice.code);
      return [{ ...month, online: sources.online.get(`${practice.code} ${name}`) ?? null }];
    });
  });
}

interface Peer {
  readonly list: number;
  readonly month: PublishedMonth;
}

/** The medians, per patient, of the ten practices nearest in list size, scaled to this practice's list. */
export function fromPeers(
  practice: Pick<Practice, 'code' | 'list'>,
  month: string,
  publishing: readonly Peer[],
): PublishedMonth | null {
  const peers = publishing
    .toSorted((a, b) => Math.abs(a.list - practice.list) - Math.abs(b.list - practice.list))
    .slice(0, PEERS);
  if (peers.length === 0) return null;
  const rate = (of: (peer: PublishedMonth) => number) =>
    median(peers.map((peer) => of(peer.month) / peer.list)) * practice.list;
  const inbound = Math.round(rate((m) => m.inbound));
  // Medians do not add up: the outcomes keep their proportions and are made to fit the calls.
  const [answered = 0, endedInIvr = 0, callbackRequested = 0, missed = 0] = shareOut(inbound, [
    rate((m) => m.answered),
    rate((m) => m.endedInIvr),
    rate((m) => m.callbackRequested),
    rate((m) => m.missed),
  ]);
  const waits = (total: number, of: (peer: PublishedMonth) => PublishedMonth['answeredWait']) =>
    shareOut(
      total,
      [0, 1, 2, 3].map((i) => rate((m) => of(m)[i] ?? 0)),
    ) as PublishedMonth['answeredWait'];
  return {
    site: practice.code,
    month,
    basis: 'peers',
    inbound,
    answered,
    endedInIvr,
    callbackRequested,
    callbackMade: Math.min(callbackRequested, Math.round(rate((m) => m.callbackMade))),
    missed,
    answeredWait: waits(answered, (m) => m.answeredWait),
    missedWait: waits(missed, (m) => m.missedWait),
    online: null,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
