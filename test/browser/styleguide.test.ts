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
});
