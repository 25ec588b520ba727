import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { dayEnd, dayStart, fromInstant, HOUR, localDate, MINUTE, toInstant } from '#shared/model/time.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { redirectionHouse, type RedirectionHouse } from '../support/redirection-house.ts';

async function statusOf(house: RedirectionHouse, id: string): Promise<string[]> {
  const record = house.parts.at(-1)?.records().get(id);
  if (!record) throw new Error('no such redirection');
  const slots = [...record.held.values()].map(({ slot }) => slot);
  const answer = await house.poller.writer.look(record.draft.hub, id, slots);
  if (answer.kind === 'unreachable') throw new Error(answer.reason);
  return [...answer.states.values()];
}

describe.each([
  ['goes back: an hour is lived twice', '2026-10-25', 25, '00:20'],
  ['goes forward: an hour is left out', '2026-03-29', 23, '00:20'],
])('in the night in which the clock %s', (_, date, hours, time) => {
  const night = fromInstant(`${date}T${time}:00Z`);

  test('a hold lasts as long as it says, is let go of, and no slot belongs to another day', async () => {
    const house = await redirectionHouse(toInstant(night));
    const { desk, holder, planner } = house.begin();
    expect((dayEnd(night) - dayStart(night)) / HOUR).toBe(hours);
    const { lots, slots } = planner.lots();
    expect(lots.length).toBeGreaterThan(0);
    for (const { start } of [...slots.values()].flat()) expect(localDate(start)).toBe(date);
    // Hubs open from 10am to 2pm on a Sunday, by the clock on the wall.
    const starts = [...slots.values()].flat().map(({ start }) => start);
    const wall = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/London').hour;
    expect(Math.min(...starts.map(wall))).toBe(10);
    expect(Math.max(...starts.map(wall))).toBe(13);

    const [lot] = lots;
    const whole = desk.preview({
      ...{ hub: lot?.hub ?? '', from: toInstant(night), to: toInstant(dayEnd(night)), shares: [] },
    });
    const practice = whole.practices.find(({ most }) => most >= 2)?.practice;
    const held = await desk.offer(
      {
        ...{ key: randomUUID(), hub: lot?.hub ?? '', from: toInstant(night), to: toInstant(dayEnd(night)) },
        shares: [{ practice: practice ?? '', slots: 2 }],
      },
      LOCAL_OPERATOR,
    );
    expect(held.state).toBe('held');
    // An hour of real time, whatever the clock on the wall says.
    const until = fromInstant(held.heldUntil);
    expect(until - night).toBeGreaterThanOrEqual(HOUR);
    expect(until - night).toBeLessThan(HOUR + MINUTE);

    house.clock.set(until - MINUTE);
    await holder.attend();
    expect(desk.one(held.id).state).toBe('held');
    expect(await statusOf(house, held.id)).toEqual(['held', 'held']);

    house.clock.set(until + MINUTE);
    await holder.attend();
    await holder.attend();
    expect(desk.one(held.id)).toMatchObject({ state: 'expired', outcome: { booked: 0, returned: 2 } });
    expect(await statusOf(house, held.id)).toEqual(['back', 'back']);
    expect(house.faults).toEqual([]);
  });
});
