import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromInstant, MINUTE, sayTime } from '#shared/model/time.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { useBrowser } from '../support/browser-tests.ts';
import { leadsMorning, PHONE } from '../support/leads-morning.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();
const DESK = { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' } as const;
const TELEPHONE = '01632 960 123';

/** A hold that was only told by telephone, long enough ago not to be taken back any more. */
async function rung() {
  const morning = await leadsMorning(browser, { telephone: TELEPHONE });
  const { desk, house, first } = morning;
  const { id, revision, slots } = first();
  await desk.accept(id, { key: randomUUID(), revision }, LOCAL_OPERATOR);
  house.clock.set(house.clock.now() + 2 * MINUTE);
  await house.poll();
  return { ...morning, id, slots };
}

describe('what is held', () => {
  it.each([
    ['at a desk', DESK],
    ['on a phone', PHONE],
  ])('is held longer near its end, at the hub too, %s', async (_, options) => {
    const { desk, house, idle, atHub, show } = await leadsMorning(browser);
    const { id, hub, heldUntil } = await idle();
    const before = fromInstant(heldUntil);
    house.clock.set(before - 4 * MINUTE);
    await house.poll();
    const { page, errors } = await show(`/hubs?offer=${id}`, options);
    const row = options === PHONE ? page.getByRole('main') : page.locator(`[data-offer="${id}"]`);
    await row.getByText(`held to ${sayTime(before)}`).waitFor();
    await row.getByText(/[45] min left/).waitFor();
    expect(await wcagFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep 30 min' }).click();
    await row.getByText(`held to ${sayTime(before + 30 * MINUTE)}`).waitFor();
    await row.getByText(/3[45] min left/).waitFor();
    expect(fromInstant(desk.one(id).heldUntil)).toBe(before + 30 * MINUTE);
    house.clock.set(before + 20 * MINUTE);
    expect(await atHub({ id, hub })).toEqual(['held', 'held']);
    // Once.
    await until(
      'it to be offered no more',
      async () => (await page.getByRole('button', { name: /^Keep / }).count()) === 0,
    );
    expect(errors).toEqual([]);
  });

  it('is said to be booked where somebody rang: whom to ring, how many by now, and all of them', async () => {
    const { desk, show, id, slots } = await rung();
    const { page, errors } = await show(`/hubs?offer=${id}`, DESK);
    const row = page.locator(`[data-offer="${id}"]`);
    await row.getByText(TELEPHONE).waitFor();
    await row.getByText(/Ring .* and ask for/).waitFor();
    const say = async (booked: number) => {
      await row.getByRole('button', { name: 'Say how many were booked' }).click();
      await row.getByText(`How many of the ${slots} were booked?`).waitFor();
      await row.getByLabel('Slots booked').fill(String(booked));
      expect(await wcagFaults(page)).toEqual([]);
      await row.getByRole('button', { name: 'Say so' }).click({ delay: 450 });
    };
    await row.getByText(`? of ${slots}`).waitFor();
    await say(slots - 1);
    await row.getByText(`${slots - 1} of ${slots}`).waitFor();
    await row.getByText('booked so far').waitFor();
    expect(desk.one(id)).toMatchObject({ state: 'held', outcome: { booked: slots - 1 } });
    await say(slots);
    await row.getByText(`${slots} of ${slots} booked by`).waitFor();
    expect(desk.one(id)).toMatchObject({ state: 'fulfilled', outcome: { booked: slots, returned: 0 } });
    expect(errors).toEqual([]);
  });

  it('is said to be booked on a phone too', async () => {
    const { desk, show, id, slots } = await rung();
    const { page, errors } = await show(`/hubs?offer=${id}`, PHONE);
    await page.getByRole('link', { name: `Ring ${TELEPHONE}` }).waitFor();
    await page.getByRole('button', { name: 'Booked …' }).tap();
    const sheet = page.getByRole('dialog', { name: `How many of the ${slots} were booked?` });
    await sheet.getByLabel('Slots booked').fill(String(slots));
    expect(await wcagFaults(page)).toEqual([]);
    await sheet.getByRole('button', { name: 'Say so' }).click({ delay: 450 });
    await page.getByRole('img', { name: `${slots} of ${slots} booked` }).waitFor();
    expect(desk.one(id)).toMatchObject({ state: 'fulfilled', outcome: { booked: slots } });
    expect(errors).toEqual([]);
  });
});
