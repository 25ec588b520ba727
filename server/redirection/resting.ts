import type { EpochMs } from '#shared/model/time.ts';
import { addTo, emptyTally, isAtRest, receivedLately, type Tally } from '../domain/redirection/tally.ts';
import type { RedirectionRecord } from '../domain/redirection/record.ts';

/** Most of five weeks' redirections are over: what is asked every second goes through the others alone. */
export interface Resting {
  awake(at: EpochMs): RedirectionRecord[];
  /** Of four weeks' urgent need, the part that redirections met; by practice. */
  received(at: EpochMs): Map<string, number>;
  /** Something is about to happen to it. */
  wake(id: string): void;
  /** It is about to leave the records: what it showed of need stays. */
  leave(record: RedirectionRecord): void;
}

/** `past`: need that redirections showed which have left the records. */
export function createResting(records: ReadonlyMap<string, RedirectionRecord>, past: Tally['need']): Resting {
  let awake = new Set(records.keys());
  let tally: Tally | null = null;

  const settle = (at: EpochMs): Tally => {
    if (tally === null) {
      awake = new Set(records.keys());
      tally = { ...emptyTally(), need: new Map([...past].map(([day, need]) => [day, new Map(need)])) };
    }
    for (const id of awake) {
      const record = records.get(id);
      if (record && !isAtRest(record, at)) continue;
      if (record) addTo(tally, record);
      awake.delete(id);
    }
    return tally;
  };
  const current = (at: EpochMs): RedirectionRecord[] => {
    settle(at);
    return [...awake].flatMap((id) => records.get(id) ?? []);
  };
  return {
    awake: current,
    received(at) {
      const now = emptyTally();
      for (const record of current(at)) addTo(now, record);
      return receivedLately([settle(at), now], at);
    },
    wake(id) {
      // A sum cannot forget one of its parts: it is made anew.
      if (!awake.has(id) && tally !== null && records.has(id)) tally = null;
      awake.add(id);
    },
    leave: (record) => addTo({ need: past, booked: new Map() }, record),
  };
}
