import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { draftOf, FIRST_SLOT, folded, heldOf, seenOf, steps } from '../domain/redirection/record-fixture.ts';
import {
  applyEvent,
  type HeldState,
  type RedirectionEvent,
  type RedirectionRecord,
} from '../domain/redirection/record.ts';
import { addTo, emptyTally, receivedLately } from '../domain/redirection/tally.ts';
import { createRandom } from '../simulator/random.ts';
import { createResting } from './resting.ts';

const DAY: EpochMs = 24 * HOUR;
const PRACTICES = ['P1', 'P2', 'P3'];

/** Five weeks of offers: lapsed, used, given back, by telephone. Seeded. */
function weeks(seed: number): RedirectionEvent[][] {
  const random = createRandom(seed, 'resting');
  const upTo = (most: number) => Math.floor(random.next() * (most + 1));
  return Array.from({ length: 120 }, (_, i) => {
    const practice = PRACTICES[upTo(2)] ?? 'P1';
    const draft = draftOf([{ count: 1 + upTo(3), practice }]);
    const seen = seenOf({ [practice]: upTo(12) });
    const step = steps({ id: `r${i}`, draft, seen, at: FIRST_SLOT - HOUR - upTo(34) * DAY });
    const used = heldOf(draft).map((): HeldState => (random.next() < 0.6 ? 'booked' : 'back'));
    switch (upTo(3)) {
      case 0:
        return [step.proposed(), step.lapsed()];
      case 1:
        return [step.proposed(), step.refused()];
      case 2:
        return [step.proposed(), step.accepted(4, draft, false), step.held([]), step.ended()];
      default:
        return [step.proposed(), step.accepted(), step.held(), step.looked(used)];
    }
  });
}

/** The same from everything at once. */
function plainly(records: Iterable<RedirectionRecord>, at: EpochMs): Map<string, number> {
  const tally = emptyTally();
  for (const record of records) addTo(tally, record);
  return receivedLately([tally], at);
}

describe('redirections that are over', () => {
  test('count in four weeks as if all were gone through each time, whatever is asked and told in between', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const records = new Map<string, RedirectionRecord>();
      const resting = createResting(records, new Map());
      const take = (event: RedirectionEvent) => {
        resting.wake(event.id);
        records.set(event.id, applyEvent(records.get(event.id), event));
      };
      for (const events of weeks(seed)) {
        events.forEach(take);
        expect(resting.received(FIRST_SLOT)).toEqual(plainly(records.values(), FIRST_SLOT));
      }
      // What is told long afterwards of one that rests counts too, and once.
      for (const days of [0, 3, 6, 30]) {
        const at = FIRST_SLOT + days * DAY;
        for (const { id, written, heldAt } of [...records.values()])
          if (heldAt !== null && !written)
            take({ type: 'told', at, id, by: 'lead', key: `told-${days}-${id}`, booked: 1 + (days % 2) });
        expect(resting.received(at)).toEqual(plainly(records.values(), at));
        expect(resting.received(at + 2 * DAY)).toEqual(plainly(records.values(), at + 2 * DAY));
      }
    }
  });

  test('are no longer gone through: an hour after nobody answered, two days after somebody decided', () => {
    const step = (id: string) => steps({ id, draft: draftOf([{ count: 1 }]), seen: seenOf({ P1: 1 }), at: FIRST_SLOT });
    const told = [
      [step('open').proposed()],
      [step('lapsed').proposed(), step('lapsed').lapsed()],
      [step('refused').proposed(), step('refused').refused(30)],
      [step('owed').proposed(), step('owed').accepted(), step('owed').held(), released('owed')],
    ];
    const records = new Map(told.map((events) => [events[0]?.id ?? '', folded(events)]));
    const resting = createResting(records, new Map());
    const awake = (at: EpochMs) => resting.awake(at).map(({ id }) => id);
    const ended = FIRST_SLOT + 30 * MINUTE;
    expect(awake(ended + HOUR)).toEqual(['open', 'lapsed', 'refused', 'owed']);
    expect(awake(ended + HOUR + 1)).toEqual(['open', 'refused', 'owed']);
    expect(awake(ended + 2 * DAY)).toEqual(['open', 'refused', 'owed']);
    // What a hub still has to give back is never left alone.
    expect(awake(ended + 2 * DAY + 1)).toEqual(['open', 'owed']);
  });
});

const released = (id: string): RedirectionEvent => ({
  ...{ type: 'released', at: FIRST_SLOT + 30 * MINUTE, id, by: 'lead', key: `release-${id}` },
});
