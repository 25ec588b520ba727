import { describe, expect, it, onTestFinished } from 'vitest';
import { openPage } from '../support/browser.ts';
import { useBrowser } from '../support/browser-tests.ts';
import { startSystem } from '../support/running-system.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

describe('the feeds screen of a whole product whose suppliers fail', () => {
  it('shows a cause, pauses what is behind it for a reason, and asks it again', async () => {
    const system = await startSystem({
      args: ['--system', 'leicester-city', '--from', '2026-01-12T08:50', '--scenario', 'broken-feeds', '--speed', '5'],
    });
    onTestFinished(async () => {
      await system.stop();
    });
    const { page, errors } = await openPage(browser(), `${system.url}/feeds?q=telephony`);
    onTestFinished(() => page.context().close());
    await page.getByRole('heading', { level: 1, name: /in trouble$/ }).waitFor({ timeout: 60_000 });
    const row = page.getByRole('list', { name: 'Feeds', exact: true }).getByRole('listitem').first();
    await row.getByRole('button', { name: /^Pause/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Why' }).fill('planned work at the supplier');
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await row.getByText('paused by us').waitFor();
    await row.getByText(/planned work at the supplier/).waitFor();
    await row.getByRole('button', { name: /^Resume/ }).click();
    await row.getByText('paused by us').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Back to what is in trouble' }).click();
    await page
      .getByRole('list', { name: /^Causes of trouble/ })
      .getByRole('button', { name: /^Cause [A-Z]+: / })
      .first()
      .waitFor();
    await until('the tab says how many', async () => /\b\d+ in trouble · Feeds/.test(await page.title()));
    expect(errors).toEqual([]);
  }, 240_000);
});
