import { describe, expect, test } from 'vitest';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import { draftOf, FIRST_SLOT, folded, seenOf, steps } from '../domain/redirection/record-fixture.ts';
import type { RedirectionEvent, RedirectionRecord } from '../domain/redirection/record.ts';
import { createLastTimes } from './last-times.ts';
import { sayLastTime } from './words.ts';

const DAY: EpochMs = 24 * HOUR;
const draft = draftOf([{ count: 3 }]);
const story = (id: string, daysAgo: number, given = draft) =>
  steps({ id, draft: given, seen: seenOf({ P1: 5 }), at: FIRST_SLOT - HOUR - daysAgo * DAY });

/** A ledger of records alone, to which later ones can be added. */
function ledgerOf(...told: readonly (readonly RedirectionEvent[])[]) {
  const known = new Map<string, RedirectionRecord>();
  const listeners = new Set<(id: string) => void>();
  const add = (events: readonly RedirectionEvent[]) => {
    const record = folded(events);
    known.set(record.id, record);
    for (const listener of listeners) listener(record.id);
    return record;
  };
  for (const events of told) add(events);
  const ledger = {
    records: () => known,
    onKept: (listener: (id: string) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { ledger, add };
}
const used = (id: string, daysAgo: number, given = draft) => {
  const step = story(id, daysAgo, given);
  return [step.proposed(), step.accepted(), step.held(), step.looked(['booked', 'booked', 'back'], 1)];
};

describe('the last time', () => {
  test('is the newest of the same hub for the same neighbourhood that was held and is over', () => {
    const { ledger, add } = ledgerOf(
      used('newer', 2),
      used('older', 9),
      used('elsewhere', 1, draftOf([{ count: 3 }], { unit: 'N2' })),
      used('other-hub', 1, draftOf([{ count: 3 }], { hub: 'HUB2' })),
    );
    const times = createLastTimes(ledger);
    const now = add([story('now', 0).proposed()]);
    expect(times.before(now)?.id).toBe('newer');
    add(used('yesterday', 1));
    expect(times.before(now)?.id).toBe('yesterday');
  });

  test('is none that is still open, was refused, taken back, or decided later', () => {
    const held = [story('held', 1).proposed(), story('held', 1).accepted(), story('held', 1).held()];
    const refused = [story('refused', 2).proposed(), story('refused', 2).refused()];
    const lapsed = [story('lapsed', 3).proposed(), story('lapsed', 3).lapsed()];
    const { ledger, add } = ledgerOf(held, refused, lapsed);
    const times = createLastTimes(ledger);
    expect(times.before(add([story('now', 0).proposed()]))).toBeNull();
    const old = add(used('old', 5));
    add(used('after', 4));
    expect(times.before(old)).toBeNull();
  });

  test('says how many were booked and came; what nobody told is not said', () => {
    const last = (events: readonly RedirectionEvent[]) => sayLastTime(folded(events));
    const step = story('told', 0);
    expect(last(used('used', 1))).toBe('2 of 3 booked.');
    const later = step.looked(['booked', 'booked', 'back'], 1, 120);
    expect(
      last([step.proposed(), step.accepted(), step.held(), step.looked(['booked', 'booked', 'back']), later]),
    ).toBe('2 of 3 booked, 1 came.');
    const rung = [step.proposed(), step.accepted(4, draft, false), step.held([]), step.ended()];
    expect(last(rung)).toBe('3 were held; nobody told how many were booked.');
  });
});
