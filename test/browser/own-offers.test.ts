import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { OwnPreview } from '#shared/protocol/redirections.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { wcagFaults } from '../support/accessibility.ts';
import type { PageOptions } from '../support/browser.ts';
import { useBrowser } from '../support/browser-tests.ts';
import { leadsMorning, PHONE } from '../support/leads-morning.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();
const DESK = { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' } as const;
const HUB = 'X-SOUTHPORT-FORMBY-ENHANCED-ACCESS';
const NAME = 'Southport and Formby enhanced access';
/** Few slots begin then, some of them in person: nobody has to press a button forty times. */
const NOON = { hub: HUB, from: '2026-01-12T12:00:00Z', to: '2026-01-12T13:00:00Z' };

/** The hubs screen on a morning on which practices have run out. */
async function hubs(options: PageOptions) {
  const morning = await leadsMorning(browser);
  const { desk, show } = morning;
  const { page, errors } = await show('/hubs', options);
  const own = page.getByRole('region', { name: `Offer slots of ${NAME}` });
  const begin = page.getByRole('button', { name: `Offer slots of ${NAME} (illustrative)` });
  const more = (name: string) => own.getByRole('button', { name: new RegExp(`^One more for ${name},`) });
  const chooseNoon = async () => {
    await own.getByLabel('From', { exact: true }).selectOption('12');
    await own.getByLabel('To', { exact: true }).selectOption('13');
  };
  const noon = desk.preview({ ...NOON, shares: [] });
  /** What there is besides the proposals. */
  const owned = () => desk.list(null).redirections.filter(({ decidedBy }) => decidedBy === LOCAL_OPERATOR.id);
  return { ...morning, page, errors, own, begin, more, chooseNoon, noon, owned };
}

const overflow = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - visualViewport.width');
const named = ({ practices }: OwnPreview, which: (most: number) => boolean) => {
  const found = practices.find(({ most }) => which(most));
  if (!found) throw new Error('there is no such practice');
  return found;
};

describe('an offer of one’s own', () => {
  it('is made on the hubs screen: whom, how many, no more than can be had, held at the hub and listed', async () => {
    const { page, errors, own, begin, more, chooseNoon, noon, owned, atHub } = await hubs(DESK);
    await begin.click();
    await own.getByText(/^\d+ slots can be offered/).waitFor();
    await chooseNoon();
    await page.waitForURL(/hours=12-13/);
    await own.getByText(`${noon.free} slots can be offered`).waitFor();
    const far = named(noon, (most) => most > 0 && most < noon.free);
    const near = named(noon, (most) => most === noon.free);
    // Who waits most stands first: the others on request.
    await own.getByRole('button', { name: /^\d+ more practices/ }).click();
    for (let count = 1; count <= far.most; count++) {
      await more(far.name).click();
      await own.getByRole('button', { name: `Offer ${count}`, exact: true }).waitFor();
    }
    await own.getByText(`${far.name}: No more are in its reach`).waitFor();
    expect(await more(far.name).isDisabled()).toBe(true);
    for (let count = far.most + 1; count <= noon.free; count++) {
      await more(near.name).click();
      await own.getByRole('button', { name: `Offer ${count}`, exact: true }).waitFor();
    }
    await own.getByText('The hub has no more slots in these hours').waitFor();
    for (const each of [far, near]) {
      expect(await more(each.name).isDisabled()).toBe(true);
      expect(await more(each.name).getAttribute('title')).toBe('The hub has no more slots in these hours');
    }
    const figures = page.locator('.picture text.selected');
    await until('the picture to show it, not the best proposal', async () => {
      const drawn = await figures.allTextContents();
      return drawn.reduce((sum, text) => sum + Number(text), 0) === noon.free;
    });
    expect(await wcagFaults(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await own.getByRole('button', { name: `Offer ${noon.free}` }).click();
    await own.getByText(`Hold ${noon.free} slots until`).waitFor();
    expect(owned()).toEqual([]);
    await own.getByRole('button', { name: 'Hold and tell practices' }).click({ delay: 450 });
    await own.waitFor({ state: 'detached' });
    const [held] = owned();
    if (!held) throw new Error('nothing is held');
    expect(held).toMatchObject({ state: 'held', hub: HUB, slots: noon.free });
    expect(new Map(held.shares.map(({ practice, slots }) => [practice, slots]))).toEqual(
      new Map([
        [far.practice, far.most],
        [near.practice, noon.free - far.most],
      ]),
    );
    expect(await atHub(held)).toEqual(held.offered.flatMap(({ count }) => Array.from({ length: count }, () => 'held')));
    await page
      .locator(`[data-offer="${held.id}"]`)
      .getByText(/^Held to/)
      .waitFor();
    await page.waitForURL(new RegExp(`offer=${held.id}`));
    expect(errors).toEqual([]);
  });

  it('is made by keyboard alone, and left by Escape without deciding', async () => {
    const { page, errors, own, begin, more, noon, owned } = await hubs(DESK);
    const { name } = named(noon, (most) => most === noon.free);
    const focused = () => page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? ""');
    const press = async (key: string, times = 1) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    await begin.focus();
    await press('Enter');
    await own.getByText(/^\d+ slots can be offered/).waitFor();
    await press('Escape');
    await own.waitFor({ state: 'detached' });
    expect(await focused()).toBe(`Offer slots of ${NAME} (illustrative)`);
    await press('Enter');
    await own.waitFor();
    await press('Tab');
    expect(await focused()).toBe('From');
    await press('ArrowDown');
    await page.waitForURL(/hours=12-/);
    await press('Tab');
    expect(await focused()).toBe('To');
    await press('1');
    await page.waitForURL(/hours=12-13/);
    await own.getByText(`${noon.free} slots can be offered`).waitFor();
    await until('the button for one more has the focus', async () => {
      if ((await focused()).startsWith(`One more for ${name},`)) return true;
      await press('Tab');
      return false;
    });
    // Pressed once more than it can be.
    await press('Enter', noon.free + 1);
    await own.getByText('The hub has no more slots in these hours').waitFor();
    expect(await focused()).toBe(`One more for ${name}, ${noon.free} now`);
    expect(await more(name).isDisabled()).toBe(true);
    const offer = own.getByRole('button', { name: `Offer ${noon.free}` });
    await offer.focus();
    await press('Enter');
    const hold = own.getByRole('button', { name: 'Hold and tell practices' });
    await hold.waitFor();
    await press('Escape');
    await offer.waitFor();
    await press('Escape');
    await own.waitFor({ state: 'detached' });
    expect(page.url()).not.toMatch(/own=|hours=/);
    expect(owned()).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is made on a phone', async () => {
    const { page, errors, own, begin, more, chooseNoon, noon, owned } = await hubs(PHONE);
    const { name } = named(noon, (most) => most > 1);
    await begin.tap();
    await chooseNoon();
    await own.getByText(`${noon.free} slots can be offered`).waitFor();
    await more(name).tap();
    await more(name).tap();
    const offer = own.getByRole('button', { name: 'Offer 2', exact: true });
    await offer.waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    // All of it in view: what sticks to the end of a screen covers half of nothing.
    await page.setViewportSize({ ...PHONE.viewport, height: 4000 });
    expect(await wcagFaults(page)).toEqual([]);
    await offer.tap();
    expect(await wcagFaults(page)).toEqual([]);
    await page.setViewportSize(PHONE.viewport);
    await own.getByRole('button', { name: 'Hold and tell practices' }).click({ delay: 450 });
    await page.getByText('2 slots held to').waitFor();
    expect(owned()).toMatchObject([{ state: 'held', hub: HUB, slots: 2 }]);
    await page.getByRole('button', { name: /^Undo/ }).tap();
    await until('it is taken back', () => owned().length === 0);
    expect(errors).toEqual([]);
  });

  it('says how many are left when another lead takes some meanwhile, and holds just those', async () => {
    const { page, errors, own, begin, more, chooseNoon, noon, owned, desk, atHub } = await hubs({
      ...DESK,
      clock: true,
    });
    const { name, practice } = named(noon, (most) => most === noon.free);
    const other = noon.practices.find((each) => each.practice !== practice && each.most === noon.free);
    await begin.click();
    await chooseNoon();
    for (let count = 1; count <= noon.free; count++) {
      await more(name).click();
      await own.getByRole('button', { name: `Offer ${count}`, exact: true }).waitFor();
    }
    await own.getByRole('button', { name: `Offer ${noon.free}` }).click();
    const hold = own.getByRole('button', { name: 'Hold and tell practices' });
    await hold.waitFor();
    // From now on no time goes by for the page but what is said.
    await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 1000);
    // While this lead's own call is on its way the other's comes through.
    const isCall = (url: URL) => url.pathname === '/api/redirections';
    let taken = false;
    await page.route(isCall, async (route) => {
      if (route.request().method() === 'POST' && !taken) {
        taken = true;
        const shares = [{ practice: other?.practice ?? '', slots: 2 }];
        await desk.offer({ key: randomUUID(), ...NOON, shares }, { ...LOCAL_OPERATOR, id: 'the other lead' });
      }
      await route.continue();
    });
    await hold.click();
    const left = noon.free - 2;
    await own.getByText(`2 of ${noon.free} were taken meanwhile; offer ${left}?`).waitFor();
    const holdLeft = own.getByRole('button', { name: `Hold ${left}` });
    // A press that was meant for the question before decides nothing.
    await holdLeft.click();
    await page.clock.runFor(500);
    await page.clock.resume();
    expect(owned()).toEqual([]);
    expect(await wcagFaults(page)).toEqual([]);
    await holdLeft.click();
    await own.waitFor({ state: 'detached' });
    const [held] = owned();
    expect(held).toMatchObject({ state: 'held', slots: left, shares: [{ practice, slots: left }] });
    if (held) expect(await atHub(held)).toEqual(Array.from({ length: left }, () => 'held'));
    expect(errors).toEqual([]);
  });
});
