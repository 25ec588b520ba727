import { isOpen, type RedirectionRecord } from '../domain/redirection/record.ts';
import type { Ledger } from './ledger.ts';

export interface LastTimes {
  /** Of the same hub for the same neighbourhood, the last that was offered before and is over. */
  before(record: RedirectionRecord): RedirectionRecord | null;
  stop(): void;
}

const pairOf = ({ draft }: RedirectionRecord): string => `${draft.unit} ${draft.hub}`;

/** How it went the last time, of what the ledger still has. */
export function createLastTimes(ledger: Pick<Ledger, 'records' | 'onKept'>): LastTimes {
  /** Ids of those that were ever offered, in that order. */
  const offered = new Map<string, Set<string>>();
  const note = (record: RedirectionRecord | undefined) => {
    if (!record || record.decidedAt === null || record.state === 'refused') return;
    const pair = pairOf(record);
    const ids = offered.get(pair) ?? new Set();
    offered.set(pair, ids.add(record.id));
  };
  const decided = [...ledger.records().values()].filter(({ decidedAt }) => decidedAt !== null);
  for (const record of decided.sort((a, b) => (a.decidedAt ?? 0) - (b.decidedAt ?? 0))) note(record);
  const leave = ledger.onKept((id) => note(ledger.records().get(id)));
  return {
    before(record) {
      const ids = [...(offered.get(pairOf(record)) ?? [])];
      for (const id of ids.reverse()) {
        const other = ledger.records().get(id);
        // What was taken back or refused afterwards was never done; what is long ago has left the ledger.
        if (!other || id === record.id || other.decidedAt === null || other.state === 'refused' || isOpen(other))
          continue;
        if (other.decidedAt <= (record.decidedAt ?? Infinity)) return other;
      }
      return null;
    },
    stop: leave,
  };
}
