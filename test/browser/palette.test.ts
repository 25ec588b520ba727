import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadAxe } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

async function show(path = '/', options = {}) {
  const board = createMemoryBoard(smallDefinition());
  board.change([
    { id: 'P3', level: 4, score: 90, coverage: 1 },
    { id: 'P1', level: 1, score: 5, coverage: 1 },
  ]);
  const server = await startServer(board, { webFolder: WEB });
  const opened = await openPage(browser(), `${server.url}${path}`, options);
  onTestFinished(() => opened.page.context().close());
  await opened.page.getByRole('button', { name: 'Find' }).waitFor();
  return opened;
}

const lines = (page: Page) => page.getByRole('dialog').getByRole('option');
const marked = (page: Page) => page.locator('[role=option][aria-selected=true]');

describe('the command palette', () => {
  it('is loaded when it is first asked for, and goes to a unit by keyboard', async () => {
    const { page, errors } = await show('/rules');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Find' }).focus();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox');
    await field.waitFor();
    expect(asked.filter((url) => url.endsWith('.js')).length).toBeGreaterThan(0);
    await page.keyboard.type('site p');
    await until('the worst stands first', async () => /site P3/.test((await lines(page).first().textContent()) ?? ''));
    expect(await marked(page).textContent()).toMatch(/site P3/);
    expect(await marked(page).getByRole('img').getAttribute('aria-label')).toBe('Level 4, Extreme');
    await page.keyboard.press('ArrowDown');
    const second = await marked(page).textContent();
    expect(second).not.toMatch(/site P3/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/units\/P3$/);
    expect(errors).toEqual([]);
  });

  it('gives the focus back on Escape, and lists first what was gone to lately', async () => {
    const { page } = await show('/rules');
    const button = page.getByRole('button', { name: 'Find' });
    await button.click();
    await page.getByRole('combobox').fill('feeds');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/feeds$/);
    await button.focus();
    await page.keyboard.press('Meta+k');
    await page.getByRole('combobox').waitFor();
    await until('feeds are recent', async () => /^\s*Feeds/.test((await lines(page).first().textContent()) ?? ''));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toMatch(/^\s*Find/);
  });

  it.each(['dark', 'light'])('breaks no rule of accessibility in the %s theme', async (theme) => {
    const { page } = await show(`/rules?theme=${theme}`);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('s');
    await lines(page).first().waitFor();
    await loadAxe(page);
    const found = await page.evaluate('axe.run("dialog").then((r) => r.violations.map((v) => v.id + ": " + v.help))');
    expect(found).toEqual([]);
  });

  it('does what the shell offers: a theme that holds on the next page too', async () => {
    const { page } = await show('/rules?theme=dark');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('light theme');
    await page.keyboard.press('Enter');
    const theme = () => page.evaluate('document.documentElement.dataset.theme');
    await until('it is light', async () => (await theme()) === 'light');
    await page.goto(page.url().replace('?theme=dark', ''));
    expect(await theme()).toBe('light');
  });
});
