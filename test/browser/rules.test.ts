import type { Browser, Page } from 'playwright-core';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import type { ReplayBoardBody, ReplayExtent } from '#shared/protocol/replay.ts';
import type { RulesBook } from '#shared/protocol/rules.ts';
import { launchBrowser, openPage, type PageOptions } from '../support/browser.ts';
import { startSystem, type RunningSystem } from '../support/running-system.ts';
import { until } from '../support/until.ts';

const LIMIT = 60_000;
const MINUTE = 60_000;

let system: RunningSystem;
let browser: Browser;

async function get<T>(path: string): Promise<T> {
  const { statusCode, body } = await request(`${system.url}${path}`);
  const parsed: unknown = await body.json();
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return parsed as T;
}
const book = () => get<RulesBook>('/api/rules');

async function show(path = '/rules', options: PageOptions = {}): Promise<Page> {
  const { page, errors } = await openPage(browser, `${system.url}${path}`, options);
  onTestFinished(async () => {
    await page.context().close();
    expect(errors).toEqual([]);
  });
  return page;
}
async function draft(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Draft a change' }).click();
  await page.waitForURL(/draft=/);
  await page.getByText(/^Saved at/).waitFor();
}
const level3 = (page: Page) => page.getByLabel('Level 3 starts at');
/** Another start of level 3 than the one in force, and than that of any other test. */
let next = 30;
async function change(page: Page): Promise<number> {
  next += 1;
  await level3(page).fill(String(next));
  await page.getByText(new RegExp(`^Level 3 starts at \\d+ → ${next}$`)).waitFor();
  await page.getByText(/^Saved at/).waitFor();
  return next;
}
async function publish(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Publish …' }).click();
  const dialog = page.getByRole('dialog', { name: /^Publish the draft/ });
  // What is to be written has the focus: no pointer is needed.
  await page.keyboard.type(reason);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

beforeAll(async () => {
  [system, browser] = await Promise.all([
    startSystem({ args: ['--system', 'sefton', '--from', '2026-01-12T08:20', '--speed', '20'] }),
    launchBrowser(),
  ]);
  await until(
    'the system is judged',
    async () => (await get<BoardBody>('/api/board')).units.some(({ id, level }) => id === 'sefton' && level !== null),
    LIMIT,
  );
}, 2 * LIMIT);

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

describe('a draft', () => {
  it('is there again after a reload, and changes nothing that counts', async () => {
    const before = (await book()).current.id;
    const page = await show();
    await draft(page);
    const start = await change(page);
    await page.reload();
    await level3(page).waitFor();
    expect(await level3(page).inputValue()).toBe(String(start));
    await page.getByText(new RegExp(`^Level 3 starts at \\d+ → ${start}$`)).waitFor();
    expect((await book()).current.id).toBe(before);
  });

  it('marks what it changes, with what is published beside it, in the unit of the field', async () => {
    const page = await show();
    await page.getByText('Simulated · ×20').first().waitFor();
    await draft(page);
    const field = page.getByLabel('Longest wait now: 3 points from');
    expect(await field.inputValue()).toBe('7');
    await field.fill('15');
    const told = `[id="${await field.getAttribute('aria-describedby')}"]`;
    expect(await page.locator(told).innerText()).toBe('was 7 min');
    await page.getByText('Longest wait now: third cut-off usual + 7 min → usual + 15 min').waitFor();
    const bar = page.getByRole('region', { name: 'Try or discard the draft' });
    await bar.getByText('1 change', { exact: true }).waitFor();
    await field.fill('7');
    expect(await page.locator(told).count()).toBe(0);
    await bar.getByText('No change yet').waitFor();
    await bar.getByRole('button', { name: 'Discard …' }).click();
    await bar.getByRole('button', { name: 'Discard for good' }).click();
    await page.getByRole('button', { name: 'Draft a change' }).waitFor();
  });

  it('names a fault at its field, keeps it from being published, and leads to it', async () => {
    const page = await show();
    await draft(page);
    const field = page.getByLabel('Longest wait now: 3 points from');
    await field.fill('soon');
    await page.getByRole('button', { name: 'Longest wait now: third cut-off must be a number' }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    // It is told what it was before, and then what is wrong.
    const fault = (await field.getAttribute('aria-describedby'))?.split(' ').at(-1);
    expect(await page.locator(`[id="${fault}"]`).innerText()).toBe('must be a number');
    expect(await page.getByRole('button', { name: 'Publish …' }).isDisabled()).toBe(true);
    await level3(page).focus();
    await page.getByRole('button', { name: 'Longest wait now: third cut-off must be a number' }).click();
    expect(await page.evaluate('document.activeElement?.value')).toBe('soon');
  });

  it('says so when somebody else has published meanwhile', async () => {
    const first = await show('/rules', { clock: true });
    await draft(first);
    await change(first);
    const second = await show();
    await draft(second);
    await change(second);
    await publish(second, 'Somebody else was quicker');
    await first.clock.fastForward(15_000);
    await first.getByText(/^Other rules have come into force since it was begun/).waitFor({ timeout: LIMIT });
    expect(await first.getByRole('button', { name: 'Publish …' }).isDisabled()).toBe(true);
  });
});

describe('publishing', () => {
  it('changes the version on a unit page without a reload, in the list, and in what is recorded from then on', async () => {
    const { current } = await book();
    const version = current.version + 1;
    const practice = (await get<BoardBody>('/api/board')).units.find((unit) => unit.siteKind === 'practice');
    const unit = await show(`/units/${practice?.id}`, { clock: true });
    await unit.getByText(`rules version ${current.version}: `).waitFor();
    const page = await show();
    await draft(page);
    await page.getByLabel('Level 2 starts at').fill('2');
    await page.getByText(/^Level 2 starts at \d+ → 2$/).waitFor();
    await change(page);
    await publish(page, 'Two points are enough');
    await page.getByText(`version ${version} in force`, { exact: true }).waitFor();
    await page.getByRole('button', { name: new RegExp(`^${version} Two points are enough.*in force since`) }).waitFor();
    await unit.clock.fastForward(MINUTE);
    await unit.getByText(`rules version ${version}: Two points are enough`).waitFor({ timeout: LIMIT });
    // That a change of level carries it too is held beside the board (adopt.test.ts): one may be long in coming.
    const recorded = async () => {
      const { to } = await get<ReplayExtent>('/api/replay/extent');
      return to === null ? '' : (await get<ReplayBoardBody>(`/api/replay?at=${to}`)).rules;
    };
    await until('what is recorded names it', async () => (await recorded()).startsWith(`${version}/`), LIMIT);
  });
});

describe('a back-test', () => {
  it('says what would have been, beside what was', async () => {
    const page = await show();
    await draft(page);
    // However long the list is: it is in view without scrolling, and what comes of it comes into view.
    const tried = page.getByRole('button', { name: 'Try the draft' });
    expect(await page.evaluate('scrollY')).toBe(0);
    expect((await tried.boundingBox())?.y).toBeLessThan(page.viewportSize()?.height ?? 0);
    await change(page);
    await tried.click();
    const heading = page.getByRole('heading', { name: 'What the draft would have made of it' });
    await heading.waitFor({ timeout: LIMIT });
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('What the draft would have made of it');
    // Not beneath what stands at the foot either; how far up it comes depends on how much there is to show.
    const bar = page.getByRole('region', { name: 'Try or discard the draft' });
    await until('the result is in view', async () => {
      const box = await heading.boundingBox();
      return box !== null && box.y >= 0 && box.y + box.height <= ((await bar.boundingBox())?.y ?? 0);
    });
    await page.getByRole('heading', { name: 'Of all minutes that were judged' }).waitFor({ timeout: LIMIT });
    await page.getByRole('row', { name: /^at level 3/ }).waitFor();
    await page.getByText(/^The back-test of what is in force agrees with the levels that were shown for/).waitFor();
  });

  it('is cancelled on demand, also before it has begun', async () => {
    const page = await show();
    await page.getByRole('button', { name: /^Try version/ }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    await page.getByRole('button', { name: /^Try version/ }).waitFor();
  });
});
