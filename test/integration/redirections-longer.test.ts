import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromInstant, MINUTE, toInstant } from '#shared/model/time.ts';
import type { Redirection } from '#shared/protocol/redirections.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { redirectionMorning } from '../support/redirection-morning.ts';

const call = ({ revision }: Pick<Redirection, 'revision'>) => ({ key: randomUUID(), revision });

describe('a hold that is made longer', () => {
  test('stays at the hub too, until then and no longer; once', async () => {
    const { desk, holder, house, idle, atHub } = await redirectionMorning();
    const held = await idle();
    const before = fromInstant(held.heldUntil);
    house.clock.set(before - 4 * MINUTE);
    const body = call(held);
    const answers = await Promise.all([
      desk.keep(held.id, body, LOCAL_OPERATOR),
      desk.keep(held.id, body, LOCAL_OPERATOR),
    ]);
    for (const kept of answers)
      expect(kept).toMatchObject({ state: 'held', heldUntil: toInstant(before + 30 * MINUTE) });
    await expect(desk.keep(held.id, call(held), LOCAL_OPERATOR)).rejects.toMatchObject({ code: 'NOT_POSSIBLE_NOW' });

    house.clock.set(before + 29 * MINUTE);
    expect(await atHub(held)).toEqual(['held', 'held']);
    await holder.attend();
    expect(desk.one(held.id).state).toBe('held');
    house.clock.set(before + 31 * MINUTE);
    expect(await atHub(held)).toEqual(['back', 'back']);
    await holder.attend();
    expect(desk.one(held.id)).toMatchObject({ state: 'expired', outcome: { booked: 0, returned: 2 } });
  });

  test('is as it was where the hub does not answer, and says so', async () => {
    const outage = {
      type: 'feed-outage',
      from: '12:00',
      to: '12:30',
      target: 'cedar-booking',
      mode: 'status',
    } as const;
    const { desk, house, idle } = await redirectionMorning({ events: [outage] });
    const held = await idle();
    house.clock.set(fromInstant('2026-01-12T12:01:00Z'));
    await expect(desk.keep(held.id, call(held), LOCAL_OPERATOR)).rejects.toMatchObject({
      ...{ code: 'NOT_POSSIBLE_NOW', message: expect.stringContaining('does not answer') as string },
    });
    expect(desk.one(held.id)).toMatchObject({ state: 'held', heldUntil: held.heldUntil });
  });
});

describe('a hub whose system cannot be written to', () => {
  test('is rung: who decides knows beforehand, then whom to ring and what to ask for, and says how many were booked', async () => {
    const telephone = '01632 960 123';
    const { desk, first } = await redirectionMorning({ telephone });
    const proposal = first();
    const { id, slots, hubName, shares } = proposal;
    expect(proposal.instruction).toEqual({
      ...{ way: 'by-telephone', telephone, text: `Its system cannot be written to: somebody rings ${hubName}.` },
    });
    const held = await desk.accept(id, call(proposal), LOCAL_OPERATOR);
    const whom = shares.map((share) => `${share.slots} for ${share.name}`).join(', ');
    expect(held).toMatchObject({
      ...{ state: 'held', slots, outcome: { booked: null, returned: 0 } },
      instruction: { way: 'by-telephone', telephone, text: `Ring ${hubName} and ask for ${slots} slots: ${whom}.` },
    });
    expect(held.shares.map(({ booked }) => booked)).toEqual(shares.map(() => null));
    const longer = await desk.keep(id, call(held), LOCAL_OPERATOR);
    expect([held.keptUntil, longer.keptUntil]).toEqual([longer.heldUntil, null]);
    expect(fromInstant(longer.heldUntil) - fromInstant(held.heldUntil)).toBeGreaterThan(0);
    const tooMany = desk.fulfil(id, { ...call(longer), booked: slots + 1 }, LOCAL_OPERATOR);
    await expect(tooMany).rejects.toMatchObject({ code: 'BAD_SHARES' });
    const some = await desk.fulfil(id, { ...call(longer), booked: slots - 1 }, LOCAL_OPERATOR);
    expect(some).toMatchObject({ state: 'held', outcome: { booked: slots - 1 } });
    const all = await desk.fulfil(id, { ...call(some), booked: slots }, LOCAL_OPERATOR);
    expect(all).toMatchObject({ state: 'fulfilled', outcome: { booked: slots, returned: 0 } });
  });

  test('that ended before anybody told is not said to have been used by nobody, and can be told of afterwards', async () => {
    const { desk, first, house, part } = await redirectionMorning({ telephone: '01632 960 123' });
    const { id, slots } = first();
    const held = await desk.accept(id, call(first()), LOCAL_OPERATOR);
    await house.to(toInstant(fromInstant(held.heldUntil) + 1000));
    await part.holder.attend();
    const over = desk.one(id);
    expect(over).toMatchObject({ state: 'expired', outcome: { booked: null, returned: null } });
    expect(over.result).toBe(`${slots} were held; nobody has told how many were booked.`);
    const told = await desk.fulfil(id, { ...call(over), booked: 1 }, LOCAL_OPERATOR);
    expect(told).toMatchObject({ state: 'fulfilled', outcome: { booked: 1, returned: slots - 1 } });
    expect(told.result).toContain(`1 of ${slots} booked`);
  });

  test('is not said to be rung of an offer that was refused where it can be written to', async () => {
    const { desk, first } = await redirectionMorning();
    const refused = await desk.refuse(first().id, { ...call(first()), reason: 'too-far' }, LOCAL_OPERATOR);
    expect(refused.instruction).toEqual({ way: 'written' });
  });
});
