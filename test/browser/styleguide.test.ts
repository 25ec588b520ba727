import { describe, expect, it, onTestFinished } from 'vitest';
import { ABSENCES } from '#shared/model/absence.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';

const browser = useBrowser();

describe('the style guide', () => {
  it('shows components on the grounds that are asked for, breaks no rule of accessibility and takes back what it did', async () => {
    const server = await startServer(createMemoryBoard(smallDefinition()), { webFolder: WEB });
    const { page, errors } = await openPage(browser(), `${server.url}/styleguide?ground=dark`);
    onTestFinished(() => page.context().close());
    const absence = page.getByRole('region', { name: 'Absence' });
    await absence.waitFor();
    for (const reason of ABSENCES)
      expect(await absence.getByText(reason, { exact: true }).count()).toBeGreaterThanOrEqual(1);
    await page.getByRole('region', { name: 'Chart, failed' }).getByText('cannot be read').first().waitFor();

    expect(await wcagFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Unpin Rumworth' }).click();
    await page.getByText('Unpinned Rumworth.').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Unpin Rumworth' }).waitFor();
    expect(await page.getByText('Unpinned Rumworth.').count()).toBe(0);

    expect(await page.locator('main [data-theme=light]').count()).toBe(0);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.waitForURL(/\/styleguide$/);
    await page.locator('main [data-theme=light]').first().waitFor();
    expect(errors).toEqual([]);
  });

  it('shows what is put together by hand: why no more can be had, what cannot be, and no button where there is nobody', async () => {
    const server = await startServer(createMemoryBoard(smallDefinition()), { webFolder: WEB });
    const { page, errors } = await openPage(browser(), `${server.url}/styleguide?ground=light`);
    onTestFinished(() => page.context().close());
    const stateOf = (part: string, name: string) =>
      page
        .getByRole('region', { name: part, exact: true })
        .getByText(name, { exact: true })
        .locator('xpath=following-sibling::*[1]');
    const own = (name: string) => stateOf('Offer of one’s own', name);
    await own('no more for a practice').getByText('Pikes Lane 1: no more are in its reach').waitFor();
    const offers = (name: string) => own(name).getByRole('button', { name: /^Offer \d/ });
    expect(await offers('no more for a practice').allInnerTexts()).toEqual(['Offer 16']);
    expect(await offers('nobody to offer to').count()).toBe(0);
    expect(await own('fewer left than wanted').getByRole('status').allInnerTexts()).toContain(
      '4 of 13 were taken meanwhile; offer 9?',
    );
    // Only shown: no question of all these has taken the focus.
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);

    const impossible = page
      .getByRole('region', { name: 'What if' })
      .getByText('a change that cannot be', { exact: true })
      .locator('xpath=following-sibling::*[1]');
    await impossible.getByText('Change 3 cannot be').waitFor();
    expect(await impossible.getByRole('listitem').nth(2).innerText()).toMatch(/^3\s+6 slots at/);
    await impossible.getByText('An older answer').waitFor();

    const week = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Breightmet' }) });
    expect((await week.getByRole('cell').allInnerTexts()).slice(3, 5)).toEqual([
      expect.stringMatching(/not known/),
      expect.stringMatching(/not known/),
    ]);
    expect(errors).toEqual([]);
  });

  it('keeps to a phone: nothing is wider than the screen, no figure runs into the next', async () => {
    const server = await startServer(createMemoryBoard(smallDefinition()), { webFolder: WEB });
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    const { page } = await openPage(browser(), `${server.url}/styleguide`, phone);
    onTestFinished(() => page.context().close());
    await page.getByRole('region', { name: 'Week of redirections' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const wide = await page
      .locator('main td, #weeks p')
      .evaluateAll((cells) =>
        cells.flatMap((cell) => (cell.scrollWidth > cell.clientWidth ? [cell.textContent.trim()] : [])),
      );
    expect(wide).toEqual([]);
    expect(await wcagFaults(page)).toEqual([]);
  });
});
