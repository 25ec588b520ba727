import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { factsOf } from '../../server/domain/redirection/facts.ts';
import type { Scorecards } from '../../server/domain/redirection/ports.ts';
import { draftOf, folded, seenOf, steps } from '../../server/domain/redirection/record-fixture.ts';
import type { HeldState } from '../../server/domain/redirection/record.ts';
import { scorecardOf } from '../../server/domain/redirection/scorecard.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { leadsMorning, PHONE } from '../support/leads-morning.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

/** Offers of this week as a scorecard tells them; of older ones there is no database to ask. */
function aWeek(): Scorecards {
  const { units } = smallDefinition();
  const story = (id: string, unit: string, practice: string, booked: readonly HeldState[]) => {
    const draft = draftOf([{ count: booked.length, practice }], { unit });
    const step = steps({ id, draft, seen: seenOf({ [practice]: 6 }), at: MONDAY_8AM });
    return factsOf(folded([step.proposed(), step.accepted(), step.held(), step.looked(booked, null, 55)]));
  };
  const facts = [
    story('a', 'N1', 'P1', ['booked', 'back', 'back']),
    story('b', 'N2', 'P3', ['booked', 'booked', 'booked', 'back']),
  ];
  return {
    of: async (week, unit) => {
      if (week.to <= MONDAY_8AM) throw Object.assign(new Error('away'), { code: 'STORE_UNAVAILABLE' });
      return scorecardOf({ units, agreed: 60, simulated: true }, facts, { week, unit, at: MONDAY_8AM });
    },
  };
}

describe('redirections', () => {
  it('are held on a phone in three touches, and given back in one more', async () => {
    const { desk, show, first } = await leadsMorning(browser);
    const { id, slots } = first();
    const { page, errors } = await show('/hubs', PHONE);
    await page.getByRole('link', { name: 'See offer' }).tap();
    expect(await wcagFaults(page)).toEqual([]);
    await page.getByRole('button', { name: `Offer ${slots}` }).tap();
    await page.getByRole('button', { name: 'Hold and tell practices' }).waitFor();
    // A finger that is still there decides nothing.
    await page.evaluate(`document.querySelector('dialog .main')?.click()`);
    expect(desk.one(id).state).toBe('proposed');
    await page.getByRole('button', { name: 'Hold and tell practices' }).click({ delay: 450 });
    await page.getByText(`${slots} slots held to`).waitFor();
    expect(desk.one(id)).toMatchObject({ state: 'held', slots });
    await page.getByRole('button', { name: 'Undo' }).tap();
    await page.getByRole('button', { name: `Offer ${slots}` }).waitFor();
    expect(errors).toEqual([]);
  });

  it('can be decided by one lead only: the other sees why, and what has become of it', async () => {
    const { desk, show, first } = await leadsMorning(browser);
    const { id, hubName, revision } = first();
    const { page } = await show(`/hubs?offer=${id}`);
    const row = page.locator(`[data-offer="${id}"]`);
    await row.getByRole('button', { name: /^Offer/ }).click();
    await row.getByRole('button', { name: 'Hold and tell practices' }).waitFor();
    // While this lead's own call is on its way the other's comes through.
    await page.route('**/accept', async (route) => {
      await desk.accept(id, { key: randomUUID(), revision }, { ...LOCAL_OPERATOR, id: 'the other lead' });
      await route.continue();
    });
    await row.getByRole('button', { name: 'Hold and tell practices' }).click({ delay: 450 });
    const why = `It is held already, by the other lead: the slots of ${hubName} are no longer to be decided on`;
    await row.getByRole('alert').getByText(why).waitFor();
    await row.getByText(/Held to/).waitFor();
  });

  it('are walked, changed, offered and taken back by keyboard alone', async () => {
    const { desk, show, first } = await leadsMorning(browser);
    const { id, slots } = first();
    const { page } = await show('/hubs', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const grid = page.getByRole('grid', { name: 'Proposals and what is held' });
    await grid.locator('[data-offer]').first().waitFor();
    expect(await grid.locator('[data-offer][tabindex="0"]').count()).toBe(1);
    await grid.locator('[data-offer][tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/offer=/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`offer=${id}`));
    expect(await wcagFaults(page)).toEqual([]);
    await page
      .getByRole('button', { name: /^One fewer for/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await grid
      .locator(`[data-offer="${id}"]`)
      .getByRole('button', { name: `Offer ${slots - 1}`, exact: true })
      .waitFor();
    await page.keyboard.press('o');
    const focused = () => page.evaluate('document.activeElement?.textContent?.trim()');
    await until('the question has the focus', async () => (await focused()) === 'Hold and tell practices');
    await until('it is held', async () => {
      await page.keyboard.press('Enter');
      return desk.one(id).state === 'held';
    });
    expect(desk.one(id).slots).toBe(slots - 1);
    await grid.getByText(/Held to/).waitFor();
    await page.keyboard.press('Control+z');
    await until('it is taken back', () => desk.one(id).state === 'proposed');
  });

  it('stay as they are while changes are tried out: dragged, by form, and from the address', async () => {
    const { desk, show, first, house } = await leadsMorning(browser);
    const { hub: hubId, shares } = first();
    const before = desk.list(null).redirections.map(({ id, revision }) => `${id} ${revision}`);
    const { page, errors } = await show('/hubs', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    await page.getByRole('button', { name: 'What if' }).click();
    const changes = page.getByRole('list', { name: 'Changes' }).getByRole('listitem');
    const waiting = page.locator(`[data-need="${shares[0]?.practice ?? ''}"]`);
    await waiting.scrollIntoViewIfNeeded();
    const [need, hub] = await Promise.all([waiting.boundingBox(), page.locator(`[data-row="${hubId}"]`).boundingBox()]);
    if (!need || !hub) throw new Error('there is nothing to drag, or nowhere to');
    await page.mouse.move(need.x + 60, need.y + 8);
    await page.mouse.down();
    await page.mouse.move(need.x + 200, need.y + 20, { steps: 3 });
    await page.mouse.move(hub.x + hub.width / 2, hub.y + 20, { steps: 3 });
    await page.mouse.up();
    await changes.filter({ hasText: / of .* to / }).waitFor();
    await page.getByRole('button', { name: 'Add change' }).click();
    await changes.filter({ hasText: / closed / }).waitFor();
    await page.getByText(/would have to move/).waitFor();
    await page.getByText(/^It would place/).waitFor();
    expect(await wcagFaults(page)).toEqual([]);
    await page.reload();
    await page.getByText(/would have to move/).waitFor();
    expect(await changes.count()).toBe(2);
    // What comes in meanwhile is no new question.
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.url().endsWith('/what-if'))));
    await page.reload();
    await page.getByText(/would have to move/).waitFor();
    for (const minute of ['06', '07', '08']) {
      await house.to(`2026-01-12T11:${minute}:00Z`);
      await page.getByText(`11:${minute}am`).first().waitFor();
    }
    expect(asked).toBe(1);
    await page
      .getByRole('button', { name: /^Take out:/ })
      .first()
      .click();
    await until('one is left', async () => (await changes.count()) === 1);
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Proposals' }).waitFor();
    expect(desk.list(null).redirections.map(({ id, revision }) => `${id} ${revision}`)).toEqual(before);
    expect(errors).toEqual([]);
  });

  it('are told by week: a row a neighbourhood, sorted by any column, the week in the address, the same as a file', async () => {
    const { url } = await startServer(createMemoryBoard(smallDefinition()), { webFolder: WEB, scorecards: aWeek() });
    const { page, errors } = await openPage(browser(), `${url}/hubs/week`, { viewport: { width: 1440, height: 900 } });
    onTestFinished(() => page.context().close());
    const table = page.getByRole('table', { name: 'Redirections of 23 to 29 November 2026' });
    await table
      .getByRole('row', { name: /^neighbourhood N1/ })
      .getByText('2 went back')
      .waitFor();
    const codes = () =>
      table.locator('[data-unit]').evaluateAll((all) => all.map((row) => row.getAttribute('data-unit')));
    expect(await codes()).toEqual(['small', 'place', 'N1', 'N2']);
    expect(await wcagFaults(page)).toEqual([]);
    await table.getByRole('button', { name: 'Booked' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=-booked/);
    await until('the more booked to stand first', async () => (await codes())[2] === 'N2');
    const file = await page.getByRole('link', { name: 'Download the week as CSV' }).getAttribute('href');
    expect(file).toBe('/api/redirections/scorecard?week=2026-W48&format=csv');
    await page.getByRole('link', { name: 'Week before' }).click();
    await page.waitForURL(/week=2026-W47/);
    // That one is in the database, which is away.
    await page.getByText('Older weeks are in the database, which cannot be read just now.').waitFor();
    expect(errors).toEqual([]);
  });
});
