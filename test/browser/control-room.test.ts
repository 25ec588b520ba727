import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toInstant } from '#shared/model/time.ts';
import type { UnitPatch } from '#shared/model/unit.ts';
import type { AppDeps } from '../../server/app.ts';
import { StoreUnavailable } from '../../server/store/errors.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM, type MemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

/** Levels by quarter hour up to 8am, the last one `level`. */
const day = (level: number | '?') => `${'.'.repeat(28)}1111${level}`.padEnd(96, '.');

const judged = (id: string, level: 1 | 2 | 3 | 4, score: number, text = ''): UnitPatch => ({
  id,
  level,
  score,
  coverage: 1,
  trend: 'steady',
  day: day(level),
  trail: [score - 2, score - 1, score],
  sentence: `Level ${level}.`,
  levelSince: toInstant(MONDAY_8AM),
  drivers: text ? [{ indicator: 'longest-wait', points: 3, value: 1, text }] : [],
});

/** Four practices of two neighbourhoods: one extreme, one unknown, two calm. */
function pressed(): MemoryBoard {
  const board = createMemoryBoard(smallDefinition());
  board.change([
    {
      ...judged('small', 3, 64),
      sentence: 'Callers wait **11 min** against a usual 5.',
      reporting: { of: 4, sites: 3 },
    },
    judged('place', 3, 64),
    judged('N1', 3, 70, 'callers wait **31 min**'),
    judged('N2', 1, 12),
    judged('P1', 4, 91, 'callers wait **31 min** against a usual 9'),
    judged('P2', 1, 10),
    judged('P3', 1, 12),
    { id: 'P4', coverage: 0.2, day: day('?'), sentence: 'Unknown: **1 of 8** indicators report, too few to judge.' },
    judged('HUB1', 1, 0),
    judged('OOH1', 2, 45, '**50%** of shifts are filled'),
  ]);
  return board;
}

async function show(board: MemoryBoard, path = '/', options = {}, given: Partial<AppDeps> = {}) {
  const server = await startServer(board, { webFolder: WEB, ...given });
  const opened = await openPage(browser(), `${server.url}${path}`, options);
  onTestFinished(() => opened.page.context().close());
  await opened.page.getByText('Worst now').waitFor();
  return opened;
}

const focusedName = (page: Page) => page.evaluate('document.activeElement?.getAttribute("aria-label")');

describe('the control room', () => {
  it('says level, word, score, sentence and coverage, in the tab as well, and follows a change without a reload', async () => {
    const board = pressed();
    const { page, errors } = await show(board);
    await page.getByRole('heading', { level: 1, name: 'system small' }).waitFor();
    await page.getByText('Severe · score 64').waitFor();
    await page.getByText('Callers wait 11 min against a usual 5.').waitFor();
    await page.getByText('3 of 4 practices report').waitFor();
    expect(await page.title()).toBe('3 Severe · system small · Headroom');
    await page.evaluate('window.stillTheSamePage = true');
    board.change([judged('small', 4, 90)]);
    await until('the tab says 4', async () => (await page.title()) === '4 Extreme · system small · Headroom');
    await page.getByText('system small: level 4, Extreme').waitFor({ state: 'attached' });
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    expect(errors).toEqual([]);
  });

  it('lists the worst with its reason, and never hides an unknown one', async () => {
    const { page } = await show(pressed());
    const worst = page.getByRole('region', { name: 'Worst now' }).getByRole('listitem');
    expect(await worst.first().innerText()).toMatch(/site P1.*Callers wait 31 min against a usual 9/s);
    const unknown = worst.filter({ hasText: 'site P4' });
    expect(await unknown.innerText()).toMatch(/^\?.*too few to judge/s);
  });

  it('is walked by keyboard: one tab stop, arrows by quarter hour and row, Enter opens the unit', async () => {
    const { page } = await show(pressed());
    const grid = page.getByRole('grid');
    await grid.locator('[tabindex="0"], a:not([tabindex]), button:not([tabindex])').first().focus();
    expect(await grid.locator('a:not([tabindex="-1"]), button:not([tabindex="-1"])').count()).toBe(1);
    expect(await focusedName(page)).toMatch(/^neighbourhood N1, now: level 3, severe/);
    await page.keyboard.press('ArrowDown');
    expect(await focusedName(page)).toMatch(/^site P1, now: level 4, extreme\. Callers wait 31 min/);
    await page.keyboard.press('ArrowLeft');
    expect(await focusedName(page)).toBe('site P1, 7:45am to 8am: level 1, normal');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/units\/P1$/);
  });

  it('keeps filter and pins in the address, so that a link restores the view', async () => {
    const board = pressed();
    const { page } = await show(board, '/?find=P2&pin=P2');
    const names = page.getByRole('grid').getByRole('rowheader');
    await until('only the one that is looked for is shown', async () => (await names.count()) === 2);
    expect(await names.last().innerText()).toContain('site P2');
    await page.getByRole('searchbox').fill('');
    await until('all rows are back', async () => (await names.count()) > 4);
    expect(page.url()).toMatch(/\?pin=P2$/);
  });

  it('holds new changes back while somebody reads the list', async () => {
    const board = pressed();
    const { page } = await show(board);
    const panel = page.getByRole('region', { name: 'What changed' });
    board.change([{ ...judged('N2', 3, 66, 'calls **44%** above usual'), levelSince: toInstant(MONDAY_8AM + 1000) }]);
    const first = panel.getByRole('listitem').filter({ hasText: 'neighbourhood N2' });
    await first.waitFor();
    expect(await first.getByRole('img').evaluateAll((all) => all.map((one) => one.ariaLabel))).toEqual([
      'Level 1, Normal',
      'to',
      'Level 3, Severe',
    ]);
    await panel.getByRole('list').hover();
    board.change([{ ...judged('N1', 4, 88), levelSince: toInstant(MONDAY_8AM + 2000) }]);
    await panel.getByRole('button', { name: '1 new' }).waitFor();
    expect(await panel.getByText('neighbourhood N1').count()).toBe(0);
    await panel.getByRole('button', { name: '1 new' }).click();
    await panel.getByText('neighbourhood N1').waitFor();
  });

  it('counts single practices of one minute, and lists declared levels apart', async () => {
    const board = pressed();
    const { page } = await show(board);
    const panel = page.getByRole('region', { name: 'What changed' });
    const declared = {
      level: 3,
      reason: 'clinical staff missing',
      by: 'duty doctor',
      at: toInstant(MONDAY_8AM),
      until: toInstant(MONDAY_8AM + 3_600_000),
    } as const;
    board.change([
      { ...judged('P2', 2, 40), levelSince: toInstant(MONDAY_8AM + 1000) },
      { ...judged('P3', 2, 41), levelSince: toInstant(MONDAY_8AM + 2000), declared },
    ]);
    await panel.getByRole('button', { name: '2 practices rose' }).click();
    await panel.getByText('site P2').waitFor();
    await panel.getByRole('button', { name: 'Declared' }).click();
    await panel.getByText('clinical staff missing, duty doctor; computed 2').waitFor();
    await panel.getByText('site P2').waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/\?news=declared$/);
  });

  it('shows by link who reached level 3 first, and by press only what stands at a level', async () => {
    const board = pressed();
    const early = `${'.'.repeat(28)}13334`.padEnd(96, '.');
    board.change([{ id: 'P2', level: 3, score: 60, day: early }]);
    const { page } = await show(board, '/?sort=spread');
    const names = page.getByRole('grid').getByRole('rowheader').getByRole('link');
    await until('all rows are there', async () => (await names.count()) === 4);
    expect((await names.allInnerTexts()).map((name) => name.slice(0, 7))).toEqual([
      'site P2',
      'site P1',
      'site P4',
      'site P3',
    ]);
    await page.getByText('first at 7:15am: site P2.').waitFor();
    await page.getByRole('button', { name: /^4 Extreme/ }).click();
    await until('one is left', async () => (await names.count()) === 1);
    expect(new URL(page.url()).search).toBe('?sort=spread&level=4');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until('all are back', async () => (await names.count()) === 4);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await until('the filter is back', async () => (await names.count()) === 1);
  });

  it('sets what wants care against what can still be offered', async () => {
    const board = pressed();
    const metric = (value: number) => ({ value, absence: null, observedAt: toInstant(MONDAY_8AM) });
    const metrics = {
      'calls.waiting': metric(100),
      'callbacks.waiting': metric(200),
      'online.open': metric(50),
      'slots.free': metric(300),
    };
    const slotHours = [{ from: MONDAY_8AM, free: 20, booked: 0, held: 0 }];
    board.change([{ id: 'small', metrics, slotHours }]);
    const { page } = await show(board);
    const panel = page.getByRole('region', { name: 'Demand against capacity' });
    await panel.getByText('30 more than can be offered').waitFor();
    await panel.getByText('100 on the phone · 200 callbacks · 50 online').waitFor();
  });

  it('says that history is away while the live board goes on', async () => {
    const away = () => Promise.reject(new StoreUnavailable('the database is away'));
    const { page } = await show(
      pressed(),
      '/',
      {},
      { history: { chart: away, series: away, levelChanges: away, published: away } },
    );
    await page.getByText('History is not available now; the live board is.').first().waitFor();
    await page.getByText('Severe · score 64').waitFor();
  });

  it('calls a closed day closed: neither calm nor unknown', async () => {
    const board = createMemoryBoard(smallDefinition());
    board.change(board.units().map(({ id, kind }) => ({ id, coverage: 1, open: kind === 'site' ? false : null })));
    const { page } = await show(board);
    await page
      .getByText(/^Closed/)
      .first()
      .waitFor();
    await page.getByText('Nobody is open, so nobody is judged.').waitFor();
    expect(await page.getByRole('grid').getByRole('img', { name: 'Level unknown' }).count()).toBe(0);
  });

  it.each([
    ['dark', 1920, 1080],
    ['light', 1280, 800],
    ['light', 390, 844],
  ] as const)(
    'breaks no accessibility rule and overflows nowhere (%s, %i wide)',
    async (colorScheme, width, height) => {
      const { page } = await show(pressed(), '/', { colorScheme, viewport: { width, height } });
      expect(await wcagFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  );
});
