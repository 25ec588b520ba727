import type { Browser, Page } from 'playwright-core';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fromInstant, MINUTE, toInstant } from '#shared/model/time.ts';
import type { BoardBody } from '#shared/protocol/api.ts';
import type { ReplayBoardBody, ReplayExtent } from '#shared/protocol/replay.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { startSystem, type RunningSystem } from '../support/running-system.ts';
import { until } from '../support/until.ts';

const LIMIT = 60_000;

let system: RunningSystem;
let browser: Browser;
/** A full minute that was recorded, and is gone by for several minutes. */
let past: number;

async function get<T>(path: string): Promise<T> {
  const { statusCode, body } = await request(`${system.url}${path}`);
  const parsed: unknown = await body.json();
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return parsed as T;
}
const liveAt = async () => fromInstant((await get<BoardBody>('/api/board')).at);
const unitOf = ({ units }: BoardBody, id: string) => {
  const unit = units.find((one) => one.id === id);
  if (!unit) throw new Error(`no unit ${id}`);
  return unit;
};
const plain = (sentence: string) => sentence.replaceAll('**', '');
const asked = (at: number) => `at=${toInstant(at).replace('.000', '')}`;
/** `8:07am`, as clocks on screens say it in January. */
const clock = (at: number) => {
  const [hour = 0, minute = 0] = toInstant(at).slice(11, 16).split(':').map(Number);
  return `${hour % 12 || 12}:${String(minute).padStart(2, '0')}${hour < 12 ? 'am' : 'pm'}`;
};

/** A page whose console and code must stay without errors; closes with the test. */
async function show(path: string): Promise<Page> {
  const { page, errors } = await openPage(browser, `${system.url}${path}`);
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  onTestFinished(async () => {
    await page.context().close();
    expect(errors).toEqual([]);
  });
  return page;
}
const bar = (page: Page) => page.getByRole('region', { name: 'Replay', exact: true });

beforeAll(async () => {
  [system, browser] = await Promise.all([
    startSystem({ args: ['--system', 'sefton', '--from', '2026-01-12T08:05', '--speed', '30'] }),
    launchBrowser(),
  ]);
  await until(
    'several minutes are recorded',
    async () => {
      // The database may not be there yet.
      const extent = await get<ReplayExtent>('/api/replay/extent').catch(() => null);
      if (!extent?.from || !extent.to) return false;
      const { from, to } = extent;
      past = Math.ceil(fromInstant(from) / MINUTE) * MINUTE + MINUTE;
      return fromInstant(to) > past + 4 * MINUTE;
    },
    LIMIT,
  );
}, 2 * LIMIT);

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

describe('a replay', () => {
  it('shows what was recorded, by its address, on control room, unit page and wall, each with its badge', async () => {
    const then = await get<ReplayBoardBody>(`/api/replay?${asked(past)}`);
    const practice = then.units.find(
      (one) => one.siteKind === 'practice' && (one.metrics['calls.inbound']?.value ?? 0) > 0,
    );
    if (!practice) throw new Error('no practice had calls');
    const calls = (body: BoardBody) => unitOf(body, practice.id).metrics['calls.inbound']?.value ?? 0;
    await until(
      'the live picture is another one',
      async () => calls(await get<BoardBody>('/api/board')) > calls(then),
      LIMIT,
    );

    const page = await show(`/?${asked(past)}`);
    await bar(page).getByText(clock(past), { exact: true }).waitFor();
    await page.getByText(plain(unitOf(then, 'sefton').sentence)).waitFor();

    await page.goto(`${system.url}/units/${practice.id}?${asked(past)}`);
    await bar(page).getByText(clock(past), { exact: true }).waitFor();
    await page.getByText(`${calls(then)} so far`).waitFor();
    await page.getByText(`rules version ${then.rules.split('/')[0]}`).waitFor();

    await page.goto(`${system.url}/wall/system?${asked(past)}`);
    await page.getByText('Replay', { exact: true }).waitFor();
    await page.getByText(clock(past).replace(/[ap]m/, '')).first().waitFor();

    await page.goto(`${system.url}/units/${practice.id}`);
    await page.getByText(/\d+ so far/).waitFor();
    expect(Number(/(\d+) so far/.exec(await page.innerText('body'))?.[1])).toBeGreaterThan(calls(then));
    expect(await bar(page).count()).toBe(0);
  });

  it('begins from a screen, stands still when it is paused, goes where it is told, and back to live', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.waitForURL(/[?&]at=[^&]+&speed=60/);
    await bar(page).getByRole('button', { name: 'Pause' }).click();
    await until('the address stands still', () => !page.url().includes('speed='));

    await page.getByLabel('Go to day and time').fill(toInstant(past).slice(0, 16));
    const { sentence } = unitOf(await get<ReplayBoardBody>(`/api/replay?${asked(past)}`), 'sefton');
    await page.getByText(plain(sentence)).waitFor();
    const before = await liveAt();
    await until('live time goes on', async () => (await liveAt()) > before + 2 * MINUTE, LIMIT);
    expect(await bar(page).getByText(clock(past), { exact: true }).count()).toBe(1);
    expect(page.url()).toContain(asked(past));

    await bar(page).getByRole('button', { name: 'Play' }).click();
    await bar(page)
      .getByText(clock(past + 2 * MINUTE), { exact: true })
      .waitFor();

    await bar(page).getByRole('button', { name: 'Back to live' }).click();
    await bar(page).waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${system.url}/`);
    await page.getByText('Simulated · ×30').first().waitFor();
  });

  it('stays with every link, and the way back leads out of it', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await bar(page).getByRole('button', { name: 'Pause' }).click();
    // The line of feed counts is called the same until it has counted.
    const screens = page.getByRole('navigation', { name: 'Screens' });
    await screens.getByRole('link', { name: 'Feeds', exact: true }).click();
    await page.waitForURL(/\/feeds\?at=/);
    await page
      .getByRole('heading', { name: /on time|in trouble|All / })
      .first()
      .waitFor();
    await page.goBack();
    await page.waitForURL(/\/\?at=/);
    await page.getByText('Worst now').waitFor();
    await page.goBack();
    await bar(page).waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${system.url}/`);
  });

  it('says what was not recorded, and leads to what was', async () => {
    const page = await show('/?at=2026-01-10T09:00:00Z');
    await page.getByRole('heading', { name: 'Nothing was recorded on Saturday 10 January, 9am' }).waitFor();
    expect(await page.getByText('Worst now').count()).toBe(0);
    await page.getByRole('button', { name: /Recorded from Monday 12 January/ }).click();
    await page.getByText('Worst now').waitFor();
    await page.waitForURL(/at=2026-01-12T/);
  });

  it('is steered by the keyboard alone', async () => {
    const page = await show(`/?${asked(past)}`);
    await page.getByText('Worst now').waitFor();
    await page.getByRole('slider', { name: 'Moment of the day' }).focus();
    await page.keyboard.press('ArrowRight');
    await bar(page)
      .getByText(clock(past + MINUTE), { exact: true })
      .waitFor();
    await page.keyboard.press('Shift+ArrowLeft');
    await bar(page)
      .getByText(clock(past - 14 * MINUTE), { exact: true })
      .waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await bar(page).waitFor({ state: 'detached' });
  });

  it('is handed on by its link with its moment and the speed that was chosen, standing still or running', async () => {
    const page = await show(`/?${asked(past)}`);
    await page.getByText('Worst now').waitFor();
    await bar(page).getByLabel('Speed').selectOption('300×');
    await page.waitForURL(/&play=300$/);
    expect(page.url()).toContain(asked(past));

    const other = await show(page.url().slice(system.url.length));
    await bar(other).getByText(clock(past), { exact: true }).waitFor();
    expect(await bar(other).getByLabel('Speed').inputValue()).toBe('300');
    await bar(other).getByRole('button', { name: 'Play' }).click();
    await other.waitForURL(/&speed=300$/);
  });

  it('does not write over a time that somebody types while it runs', async () => {
    const page = await show(`/?${asked(past)}&speed=60`);
    await page.getByText('Worst now').waitFor();
    const field = page.getByLabel('Go to day and time');
    await field.focus();
    const before = await field.inputValue();
    await bar(page)
      .getByText(clock(past + 2 * MINUTE), { exact: true })
      .waitFor();
    expect(await field.inputValue()).toBe(before);
  });
});
