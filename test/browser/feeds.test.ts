import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppDeps } from '../../server/app.ts';
import type { KeptAnswer } from '../../server/domain/ports.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { CALLS, control, OTHER, refused, silent, twoSuppliers } from '../support/feeds-board.ts';
import { MONDAY_8AM, type MemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

async function show(board: MemoryBoard, path = '/feeds', options = {}, given: Partial<AppDeps> = {}) {
  const server = await startServer(board, { webFolder: WEB, ...given });
  const opened = await openPage(browser(), `${server.url}${path}`, options);
  onTestFinished(() => opened.page.context().close());
  await opened.page.getByRole('region', { name: 'Coverage', exact: true }).waitFor();
  return { ...opened, server };
}

const causes = (page: Page) => page.getByRole('list', { name: 'Causes of trouble, what hides most first' });
const toggle = (page: Page) => causes(page).getByRole('button', { name: /^Cause A: / });

describe('the feeds screen', () => {
  it('says that all is well, in the tab as well, and follows trouble without a reload', async () => {
    const board = twoSuppliers();
    const { page, errors } = await show(board);
    await page.getByRole('heading', { level: 1, name: 'All 4 on time' }).waitFor();
    await page.getByRole('region', { name: 'In trouble' }).getByText('All 4 on time').waitFor();
    expect(await page.title()).toMatch(/All well · Feeds · Headroom$/);
    board.change([], [silent(OTHER)]);
    await page.getByRole('heading', { level: 1, name: '2 feeds in trouble' }).waitFor();
    await page.getByText('of 4, from 1 cause').waitFor();
    expect(await page.title()).toMatch(/2 in trouble · Feeds · Headroom$/);
    expect(errors).toEqual([]);
  });

  it('counts what is not connected apart from what is in trouble', async () => {
    const { page } = await show(twoSuppliers());
    const key = page.getByRole('list', { name: 'Key' });
    await key.getByText('4 on time').waitFor();
    await key.getByText('15 not onboarded').waitFor();
    expect(await key.getByText('unreachable').count()).toBe(0);
  });

  it('opens a cause to the feeds behind it, and a link opens the same', async () => {
    const board = twoSuppliers();
    board.change([], [silent(OTHER)]);
    const { page, server } = await show(board);
    await toggle(page).click();
    await page.waitForURL(/[?]cause=/);
    const behind = page.getByRole('list', { name: 'Feeds behind cause A' }).getByRole('listitem');
    await behind.first().waitFor();
    const said = await behind.first().innerText();
    expect(said).toMatch(/Other queue, 2 sites.*no answer in time.*no answer within 2 s.*10 min old.*at most 3 min/s);
    expect(said).toMatch(/3 failed in a row/);
    await page.goto(page.url().replace(/^http:..[^/]+/, server.url));
    await page.getByRole('button', { name: /^Cause A: /, expanded: true }).waitFor();
    await page.getByRole('link', { name: 'site P3' }).waitFor();
  });

  it('pauses a healthy feed with a reason, shows it as paused with that reason, and resumes it', async () => {
    const board = twoSuppliers();
    const poller = control(board);
    const { page, server } = await show(board, '/feeds', {}, { control: poller });
    await page.getByRole('button', { name: 'All 4 feeds' }).click();
    await page.getByRole('searchbox').fill('P1 test telecom');
    const row = page.getByRole('list', { name: 'Feeds', exact: true }).getByRole('listitem');
    await page.getByText('1 of 2 connections', { exact: true }).waitFor();
    await row.getByRole('button', { name: /^Pause/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^It covers 2 sites, 16,00\d of 32,000 registered patients \(50%\):$/).waitFor();
    await dialog.getByText('Telephony of 2 practices').waitFor();
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await dialog.getByText('Say why, in a few words.').waitFor();
    expect(poller.asked).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Why' }).fill('the supplier moves its servers');
    await dialog.getByRole('radio', { name: '4 h' }).check();
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await row.getByText('paused by us').waitFor();
    await row.getByText('“the supplier moves its servers”, to midday').waitFor();
    await page.getByRole('heading', { level: 1, name: '2 feeds in trouble' }).waitFor();
    expect(poller.asked).toEqual([['pause', [CALLS], 'the supplier moves its servers', MONDAY_8AM + 4 * 3_600_000]]);
    expect(JSON.stringify(server.audit)).toContain('the supplier moves its servers');
    await page.getByText(/^One gap hides pressure: .* by local-operator: “the supplier moves its servers”/).waitFor();
    expect(await page.getByText(/Nothing hides pressure/).count()).toBe(0);
    await row.getByRole('button', { name: /^Resume/ }).click();
    await row.getByText('on time').waitFor();
    await page.getByRole('heading', { level: 1, name: 'All 4 on time' }).waitFor();
  });

  it('says why a command was refused, keeps the reason that was typed, and changes nothing', async () => {
    const board = twoSuppliers();
    const poller = { ...control(board), knows: () => false };
    const { page } = await show(board, '/feeds?q=', {}, { control: poller });
    await page.getByRole('button', { name: /^Pause …: Other queue/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Why' }).fill('a reason');
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await dialog
      .getByRole('alert')
      .getByText(/^Not done: /)
      .waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Why' }).inputValue()).toBe('a reason');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(poller.asked).toEqual([]);
  });

  it('is worked by keyboard alone: the field by arrows to its trouble, a cause by Enter, a dialog by Escape', async () => {
    const board = twoSuppliers();
    board.change([], [silent(OTHER)]);
    const { page } = await show(board);
    const field = page.getByRole('application');
    await field.focus();
    const said = page.getByRole('region', { name: 'All 4 feeds' });
    await said.getByText(/^site P[34] Telephony · Other Telecom · unreachable: no answer in time/).waitFor();
    await page.keyboard.press('PageDown');
    await said.getByText(/^site P1 Telephony · Test Telecom · on time/).waitFor();
    await page.keyboard.press('ArrowRight');
    await said.getByText(/^site P2 /).waitFor();
    await page.keyboard.press('t');
    await said.getByText(/cause A, /).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?]cause=/);
    await page.getByRole('button', { name: /^Cause A: /, expanded: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Cause A: /, expanded: false }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Last answer: Other queue/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('No answer of this feed is kept yet').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = await page.evaluate('document.activeElement?.getAttribute("aria-label")');
    expect(focused).toMatch(/^Last answer: Other queue/);
  });

  it('opens the page of a site whose feed is well', async () => {
    const { page } = await show(twoSuppliers());
    await page.getByRole('application').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/units\/P\d$/);
  });

  it('shows what came last with its texts masked, from a link', async () => {
    const answer: KeptAnswer = {
      feed: OTHER,
      at: MONDAY_8AM,
      status: 503,
      headers: { 'retry-after': '60' },
      bytes: 2312,
      body: '{\n  "name": "xxxx xxxxx"\n}',
      truncated: false,
      state: 'unavailable',
      fault: '',
    };
    const board = twoSuppliers();
    const { page } = await show(board, `/feeds?answer=${OTHER}`, {}, { control: control(board, answer) });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('503').waitFor();
    await dialog.getByText('2 kB').waitFor();
    await dialog.getByText('"name": "xxxx xxxxx"').waitFor();
    await dialog.getByText(/^Texts are masked/).waitFor();
  });

  it('shows refused records by reason and says what came of reading them again', async () => {
    const board = twoSuppliers();
    const { page } = await show(board, '/feeds', {}, { control: control(board), quarantine: refused });
    await page.getByText('queues.waiting “-1”: less than zero').waitFor();
    await page.getByRole('button', { name: 'See: queues.waiting less than zero' }).click();
    await page.waitForURL(/[?]group=one/);
    const dialog = page.getByRole('dialog', { name: '/queues/*/waiting: less than zero' });
    await dialog.getByText('{"odsCode":"P3","waiting":-1}').waitFor();
    await dialog.getByRole('button', { name: 'Read again' }).click();
    await dialog.getByText('Read 3 records again: 2 taken, 1 refused again.').waitFor();
    await page.goBack();
    await dialog.waitFor({ state: 'detached' });
  });

  it('blames nobody while it is our own poller that stands', async () => {
    const down = () => [{ part: 'poller', status: 'down', reason: 'stopped' } as const];
    const { page } = await show(twoSuppliers(), '/feeds', {}, { conditions: down });
    await page
      .getByRole('alert')
      .getByText(/stopped asking/i)
      .waitFor();
    await page.getByRole('heading', { level: 1, name: 'We are not asking' }).waitFor();
    expect(await page.getByRole('list', { name: 'Key' }).count()).toBe(0);
  });

  it('keeps the last picture, says of when it is and lets nothing be done once the server is silent', async () => {
    const board = twoSuppliers();
    board.change([], [silent(OTHER)]);
    const { page } = await show(board, '/feeds', { clock: true });
    await page.route('**/api/feeds/summary', (route) => route.abort());
    await until('it says of when it is', async () => {
      await page.clock.fastForward(5000);
      return (await page.getByText('feeds as of 8am').count()) > 0;
    });
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('in trouble');
    const act = causes(page).getByRole('button', { name: 'Ask again now' });
    if ((await act.count()) > 0) expect(await act.isDisabled()).toBe(true);
  });

  it('is told of on the control room, and found from there', async () => {
    const board = twoSuppliers();
    board.change([], [silent(OTHER)]);
    const server = await startServer(board, { webFolder: WEB });
    const { page } = await openPage(browser(), server.url);
    onTestFinished(() => page.context().close());
    await page.getByRole('link', { name: '2 of 4 feeds live' }).click();
    await page.getByRole('heading', { level: 1, name: '2 feeds in trouble' }).waitFor();
  });

  it.each([
    ['dark', 1920, 1080, '/feeds'],
    ['light', 1280, 800, '/feeds?q='],
    ['light', 390, 844, '/feeds'],
    ['dark', 360, 700, '/feeds?q='],
  ] as const)(
    'breaks no accessibility rule and overflows nowhere (%s, %i x %i, %s)',
    async (colorScheme, width, height, path) => {
      const board = twoSuppliers();
      board.change([], [silent(OTHER)]);
      const options = { colorScheme, viewport: { width, height } };
      const { page } = await show(board, path, options, { quarantine: refused });
      if (path === '/feeds') await toggle(page).click();
      await page.getByRole('button', { name: /^Poll now: Other queue/ }).waitFor();
      expect(await wcagFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  );
});
