import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toInstant } from '#shared/model/time.ts';
import type { UnitPatch } from '#shared/model/unit.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM, type MemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

const at = (lat: number, lon: number) => ({ lat, lon, approximate: false });
/** Calm from 7am on, then `level`. */
const day = (level: number | '?') => `${'.'.repeat(28)}1111${level}`.padEnd(96, '.');
const judged = (id: string, level: 1 | 2 | 3 | 4, given: UnitPatch): UnitPatch => ({
  level,
  score: level * 22,
  coverage: 1,
  day: day(level),
  sentence: `Level ${level}.`,
  ...given,
  id,
});
const free = (count: number) => [{ from: MONDAY_8AM + 3_600_000, free: count, booked: 2, held: 0 }];

/** Four practices in a row from west to east, the third extreme; the fourth unknown. */
function pressed(): MemoryBoard {
  const board = createMemoryBoard(smallDefinition());
  board.change([
    judged('small', 3, { id: 'small' }),
    judged('place', 3, { id: 'place' }),
    judged('N1', 2, { id: 'N1', position: at(53.5, -2.85) }),
    judged('N2', 1, { id: 'N2', position: at(53.5, -2.65) }),
    judged('P1', 1, { id: 'P1', position: at(53.5, -2.9) }),
    judged('P2', 2, { id: 'P2', position: at(53.5, -2.8) }),
    judged('P3', 4, { id: 'P3', position: at(53.5, -2.7) }),
    { id: 'P4', coverage: 0.2, day: day('?'), position: at(53.5, -2.6), sentence: 'Unknown.' },
    judged('HUB1', 1, { id: 'HUB1', position: at(53.42, -2.75), slotHours: free(12), open: true }),
  ]);
  return board;
}

async function show(path: string, options: BrowserContextOptions = {}, board = pressed()) {
  const server = await startServer(board, { webFolder: WEB });
  const opened = await openPage(browser(), `${server.url}${path}`, options);
  onTestFinished(() => opened.page.context().close());
  await opened.page.getByRole('slider', { name: 'Quarter hour shown' }).waitFor();
  return opened;
}

describe('the map', () => {
  it('says in one sentence and in figures what it draws, and its table holds the same', async () => {
    const { page, errors } = await show('/map?show=practice');
    const map = page.getByRole('listbox', { name: /^Map of system small, now/ });
    const drawn = await map
      .getByRole('option')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    expect(drawn.toSorted()).toEqual(
      [
        'site HUB1: hub, 12 slots free',
        'site P1: level 1, normal',
        'site P2: level 2, moderate',
        'site P3: level 4, extreme',
        'site P4: level unknown',
      ].toSorted(),
    );
    await page.getByText('1 of 4 practices severe or worse').waitFor();
    await page.getByRole('button', { name: 'Table' }).click();
    const names = page.getByRole('rowheader');
    await until('a row for each', async () => (await names.count()) === drawn.length);
    const rows = page.locator('tbody tr');
    expect(await rows.first().innerText()).toMatch(/4\s*Extreme\s*site P3/);
    expect(await page.getByRole('row', { name: /HUB1/ }).innerText()).toMatch(/12/);
    await page.getByRole('button', { name: 'Unit' }).click();
    await until('sorted by name', async () => /P1/.test(await names.nth(1).innerText()));
    expect(page.url()).toMatch(/as=table/);
    await page.goBack();
    await map.waitFor();
    expect(errors).toEqual([]);
  });

  it('is walked by keyboard: arrows to the nearest that way, Enter selects and opens, Escape goes out', async () => {
    const { page } = await show('/map?show=practice&with=nothing');
    const map = page.getByRole('listbox');
    const current = async () => {
      const id = await map.getAttribute('aria-activedescendant');
      return id === null ? null : page.locator(`[id="${id}"]`).getAttribute('aria-label');
    };
    await map.focus();
    await until('it begins with the worst', async () => (await current()) === 'site P3: level 4, extreme');
    await page.keyboard.press('ArrowLeft');
    await until('the one to the west', async () => (await current()) === 'site P2: level 2, moderate');
    await page.keyboard.press('ArrowLeft');
    await until('the one beyond', async () => (await current()) === 'site P1: level 1, normal');
    await page.keyboard.press('Enter');
    await page.waitForURL(/unit=P1/);
    await page.getByRole('heading', { level: 2, name: 'site P1' }).waitFor();
    await page.keyboard.press('Escape');
    await until('let go', () => !page.url().includes('unit='));
    await page.keyboard.press('Enter');
    await page.waitForURL(/unit=P1/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/units\/P1$/);
  });

  it('is restored by its address: place, drawing, colour, selection and what was zoomed to', async () => {
    const { page } = await show('/map?in=N1&show=practice&as=hexes&by=coverage&unit=P2&view=2.00,0.0000,0.0000');
    await page.getByRole('heading', { level: 1, name: 'neighbourhood N1' }).waitFor();
    const drawn = page.getByRole('listbox').getByRole('option');
    await until('its two practices and their hub', async () => (await drawn.count()) === 3);
    expect(await page.getByRole('option', { name: /site P2/ }).getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('button', { name: 'Hexagons' }).getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByRole('button', { name: 'Coverage' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'The whole' }).click();
    await until('the whole is no part of the address', () => !page.url().includes('view='));
    await page.getByRole('link', { name: /system small/ }).click();
    await page.getByRole('heading', { level: 1, name: 'system small' }).waitFor();
  });

  it('shows another quarter hour of the day, withholds what is known of now only, and leads to replay', async () => {
    const { page } = await show('/map?show=practice');
    const slider = page.getByRole('slider', { name: 'Quarter hour shown' });
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('As it was at 7:45am, not now').waitFor();
    await page.getByText('None of 4 practices is above normal.').waitFor();
    expect(await page.getByRole('option', { name: /P3/ }).getAttribute('aria-label')).toBe('site P3: level 1, normal');
    expect(await page.getByRole('option', { name: /HUB1/ }).getAttribute('aria-label')).toMatch(/not known/);
    expect(await page.getByRole('button', { name: 'Coverage' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Table' }).click();
    expect(await page.getByRole('row', { name: /P3/ }).innerText()).not.toMatch(/88/);
    const link = page.getByRole('link', { name: 'Open this moment' });
    expect(await link.getAttribute('href')).toContain(`at=${toInstant(MONDAY_8AM - 900_000).replace('.000Z', 'Z')}`);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('1 of 4 practices severe or worse').waitFor();
  });

  it('moves nothing when levels change, and follows them', async () => {
    const board = pressed();
    const { page } = await show('/map?show=practice', {}, board);
    const spot = () => page.getByRole('option', { name: /P1/ }).locator('circle.body').boundingBox();
    const before = await spot();
    board.change([judged('P1', 3, { id: 'P1' })]);
    await page.getByText('2 of 4 practices severe or worse').waitFor();
    expect(await spot()).toEqual(before);
  });

  it.each([
    ['dark', 1920, 1080, '/map?show=practice&unit=HUB1&with=areas,flows,hubs'],
    ['light', 1280, 800, '/map?show=practice&as=table'],
    ['light', 390, 844, '/map?show=practice&as=hexes&by=patients&unit=P3'],
  ] as const)(
    'breaks no accessibility rule and overflows nowhere (%s, %i wide)',
    async (colorScheme, width, height, path) => {
      const { page } = await show(path, { colorScheme, viewport: { width, height } });
      expect(await wcagFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  );
});
