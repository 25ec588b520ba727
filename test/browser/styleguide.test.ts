import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ABSENCES } from '#shared/model/absence.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';

const WEB = fileURLToPath(new URL('../../web/build', import.meta.url));
const AXE = readFileSync(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describe('the style guide', () => {
  it('shows components on the grounds that are asked for, breaks no rule of accessibility and takes back what it did', async () => {
    const server = await startServer(createMemoryBoard(smallDefinition()), { webFolder: WEB });
    const { page, errors } = await openPage(browser, `${server.url}/styleguide?ground=dark`);
    onTestFinished(() => page.context().close());
    const absence = page.getByRole('region', { name: 'Absence' });
    await absence.waitFor();
    for (const reason of ABSENCES)
      expect(await absence.getByText(reason, { exact: true }).count()).toBeGreaterThanOrEqual(1);
    await page.getByRole('region', { name: 'Chart, failed' }).getByText('cannot be read').first().waitFor();

    await page.evaluate(AXE);
    const found = await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
        .then((r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html))`,
    );
    expect(found).toEqual([]);

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
