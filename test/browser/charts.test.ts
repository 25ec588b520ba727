import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { NO_HISTORY, startServer } from '../support/server.ts';

const QUARTER = 900_000;

const browser = useBrowser();

/** A practice's morning: two calls missed at 7am, a quarter hour that was not recorded, five at 7:30am. */
async function showMorning() {
  const board = createMemoryBoard(smallDefinition());
  const slotHours = [{ from: MONDAY_8AM, free: 3, booked: 2, held: 0 }];
  board.change([{ id: 'P1', level: 2, score: 30, coverage: 1, metrics: {}, slotHours }]);
  const points = [2, null, 5, 3].map((value, i) => [MONDAY_8AM - (4 - i) * QUARTER, value] as const);
  const asked: string[] = [];
  const chart: typeof NO_HISTORY.chart = async ({ metric }) => {
    asked.push(metric);
    return { points, source: 'readings', bounds: [] };
  };
  const history = { ...NO_HISTORY, chart };
  const server = await startServer(board, { webFolder: WEB, history });
  const opened = await openPage(browser(), `${server.url}/units/P1`, { acceptDownloads: true });
  onTestFinished(() => opened.page.context().close());
  const menu = opened.page.getByRole('button', { name: 'Today: table and files' });
  await menu.waitFor();
  return { ...opened, menu, asked };
}

describe('the numbers behind a chart', () => {
  it('are a table by keyboard alone, and a gap says that there is no data', async () => {
    const { page, menu, errors } = await showMorning();
    await menu.focus();
    await page.keyboard.press('Enter');
    const choice = page.getByRole('button', { name: 'Show as table' });
    await choice.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    const rows = page.getByRole('region', { name: 'Today as a table' }).getByRole('row');
    await rows.filter({ hasText: '7:30am' }).waitFor();
    expect(await rows.filter({ hasText: '7:15am' }).getByRole('cell').first().innerText()).toBe('No data');
    expect(await rows.filter({ hasText: '7:30am' }).getByRole('cell').first().innerText()).toBe('5');
    expect(errors).toEqual([]);
  });

  it('are asked for once, when it is known what the site has', async () => {
    const { page, asked } = await showMorning();
    await page.waitForLoadState('networkidle');
    expect(asked).toContain('calls.missed');
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  it('leave the screen as a file with both clocks and as a picture', async () => {
    const { page, menu, errors } = await showMorning();
    const save = async (name: string) => {
      await menu.click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const numbers = await save('Save numbers (CSV)');
    expect(numbers.name).toMatch(/^site-p1-today-.*\.csv$/);
    const lines = numbers.bytes.toString('utf8').split('\r\n');
    expect(lines[0]).toMatch(/^Time \(UTC\),Time \(London\),missed \(calls a quarter hour\)/);
    expect(lines.find((line) => line.includes(' 07:15,'))).toMatch(/,all: no data held,/);
    const picture = await save('Save picture (PNG)');
    expect(picture.name).toMatch(/\.png$/);
    expect(picture.bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(errors).toEqual([]);
  });
});
