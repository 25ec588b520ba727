import { describe, expect, it, onTestFinished } from 'vitest';
import { HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import type { MetricState } from '#shared/model/unit.ts';
import type { SiteSlots, SlotGroup } from '../../server/domain/ports.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

const NINE = MONDAY_8AM + HOUR;
const metric = (value: number | null, more: Partial<MetricState> = {}): MetricState => ({
  ...{ value, absence: value === null ? 'unreachable' : null, observedAt: toInstant(MONDAY_8AM) },
  ...more,
});
const group = (start: number, free: number, busy: number): SlotGroup => ({
  ...{ start, minutes: 15, channel: 'in-person', role: 'R0260', service: null, free, busy, held: 0 },
});
const slots = (now: readonly SlotGroup[] | null): SiteSlots => ({
  ...{ feed: null, tellsTaken: true, served: 16_000, now, last: null },
});

/** One neighbourhood short, one calm; a hub with slots, one that is silent, one that never was connected; `more` further hubs. */
function system(more = 0) {
  const small = smallDefinition();
  const model = small.units.find(({ id }) => id === 'HUB1');
  if (!model) throw new Error('no hub');
  const hub = (id: string, name: string) => ({ ...model, id, name, parent: 'place' });
  const others = Array.from({ length: more }, (_gap, index) => hub(`MORE${index}`, `Further hub ${index}`));
  const extra = [hub('HUB2', 'Silent hub'), hub('HUB3', 'Hub without a feed'), ...others];
  const definition = { ...small, units: [...small.units, ...extra] };
  const board = createMemoryBoard(definition);
  const told = new Map([['HUB1', slots([group(NINE, 2, 1), group(NINE + 15 * MINUTE, 0, 3)])]]);
  const need = (waiting: number, out: number, rest: Record<string, MetricState> = {}) => ({
    metrics: { 'patients.without-slot': metric(waiting), 'practices.without-slots': metric(out), ...rest },
  });
  const known = { level: 2 as const, score: 40, coverage: 1 };
  board.change([
    { id: 'small', ...known, ...need(5, 1) },
    { id: 'place', ...known, ...need(5, 1) },
    { id: 'N1', ...known, ...need(5, 1) },
    { id: 'N2', ...known, ...need(0, 0) },
    { id: 'P1', ...known, ...need(5, 1, { 'slots.exhausted-at': metric(MONDAY_8AM - 10 * MINUTE) }) },
    { id: 'P2', ...known, ...need(0, 0, { 'slots.free': metric(4) }) },
    { id: 'HUB1', ...known, metrics: { 'slots.free': metric(2) } },
    {
      id: 'HUB2',
      metrics: { 'slots.free': metric(null, { last: { value: 6, observedAt: toInstant(MONDAY_8AM - 5 * MINUTE) } }) },
    },
    { id: 'HUB3', metrics: { 'slots.free': metric(null, { absence: 'not-onboarded' }) } },
  ]);
  return { board, told };
}

async function show({ board, told }: ReturnType<typeof system>, path = '/hubs', options = {}) {
  const server = await startServer(board, { webFolder: WEB, slots: { slots: (id) => told.get(id) ?? null } });
  const opened = await openPage(browser(), `${server.url}${path}`, options);
  onTestFinished(() => opened.page.context().close());
  await opened.page.getByRole('heading', { name: 'Hubs by hour' }).waitFor();
  return opened;
}

describe('the hubs', () => {
  it('say who waits, what is free, and what is not known, and follow a change without a reload', async () => {
    const world = system();
    const { page, errors } = await show(world);
    await page.getByText('About 5 patients wait without a slot at their own practice. 2 hub slots are free').waitFor();
    await page.getByText('2 hubs are not known and not counted.').waitFor();
    const practices = page.getByRole('region', { name: 'Waiting without a slot' }).getByRole('listitem');
    expect(await practices.first().innerText()).toMatch(/site P1.*7:50am.*5/s);
    await page
      .getByText('It publishes no slots to us: capacity is not known, which is not zero.', { exact: true })
      .waitFor();
    await page.getByText('6 were free at 7:55am', { exact: true }).waitFor();
    await page.evaluate('window.stillTheSamePage = true');
    world.told.set('HUB1', slots([group(NINE, 7, 1)]));
    const hour = { from: NINE, free: 7, booked: 1, held: 0 };
    world.board.change([
      { id: 'HUB1', metrics: { 'slots.free': metric(7) } },
      { id: 'small', slotHours: [hour] },
    ]);
    await page.getByText('7 hub slots are free').waitFor();
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    expect(errors).toEqual([]);
  });

  it('are walked by keyboard: one tab stop, arrows by quarter hour and row; Enter shows whom a hub serves', async () => {
    const { page } = await show(system());
    const grid = page.getByRole('grid');
    expect(await grid.locator('[role=gridcell][tabindex="0"]').count()).toBe(1);
    const focused = () => page.evaluate('document.activeElement?.firstElementChild?.textContent');
    await grid.locator('[role=gridcell][tabindex="0"]').focus();
    for (let quarter = 0; quarter < 4; quarter += 1) await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('site HUB1, 9am to 9:15am: 2 free (GP), 1 booked');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('site HUB1, 9:15am to 9:30am: none free, 3 booked');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?chosen=HUB1$/);
    await until('its own practices are marked', async () => (await page.locator('.marked').count()) === 2);
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^(Silent hub, no answer; 6 were|Hub without a feed, It publishes no)/);
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/hubs$/);
  });

  it('restore a view from its link: place, what is looked for, as a table', async () => {
    const { page } = await show(system(), '/hubs?place=N1&find=P2&as=table');
    await page.getByRole('heading', { level: 1, name: 'neighbourhood N1 hubs' }).waitFor();
    const practices = page.getByRole('region', { name: 'Waiting without a slot' }).getByRole('listitem');
    expect(await practices.allInnerTexts()).toEqual([expect.stringContaining('site P2')]);
    expect(await page.getByRole('cell', { name: '2 of 6' }).count()).toBe(1);
    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the timetable as CSV' }).click();
    expect((await file).suggestedFilename()).toBe('hubs-N1-2026-11-23T0800.csv');
  });

  it('of many stand by place, which opens to its own', async () => {
    const { page } = await show(system(8));
    const place = page.getByRole('grid').getByRole('button', { name: 'place place', exact: false });
    expect(await page.getByRole('grid').getByRole('row').count()).toBe(1);
    await place.click();
    await page.getByRole('grid').getByTitle('site HUB1').waitFor();
    await page.waitForURL(/\?open=place$/);
  });

  it('say that there is no such place, and that the slots cannot be read', async () => {
    const { page } = await openPage(
      browser(),
      `${(await startServer(system().board, { webFolder: WEB })).url}/hubs?place=none`,
    );
    onTestFinished(() => page.context().close());
    await page.getByText('This system has no place of that name.').waitFor();
    const broken = system();
    const slotsAway = {
      slots: () => {
        throw new Error('away');
      },
    };
    const server = await startServer(broken.board, { webFolder: WEB, slots: slotsAway });
    await page.goto(`${server.url}/hubs`);
    await page.getByText('The hubs cannot be read just now.').waitFor();
  });

  it.each([
    ['dark', 1920, 1080, '/hubs'],
    ['light', 1280, 800, '/hubs?chosen=HUB1'],
    ['light', 390, 844, '/hubs?as=table'],
  ] as const)(
    'break no accessibility rule and overflow nowhere (%s, %i wide)',
    async (colorScheme, width, height, path) => {
      const { page } = await show(system(), path, { colorScheme, viewport: { width, height } });
      expect(await wcagFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  );
});
