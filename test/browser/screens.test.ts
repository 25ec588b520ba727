import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Screen } from '#shared/protocol/screens.ts';
import { ScreensDesk } from '../../server/identity/screens/desk.ts';
import { wcagFaults } from '../support/accessibility.ts';
import { openPage } from '../support/browser.ts';
import { useBrowser, WEB } from '../support/browser-tests.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { manualClock, startServer, type RunningServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const browser = useBrowser();

const newDesk = (path: string | null, monotonic?: () => number) =>
  new ScreensDesk({
    ...{ path, clock: manualClock(), build: 'test', logger: pino({ level: 'silent' }) },
    ...(monotonic ? { monotonic } : {}),
  });
const serve = (screens: ScreensDesk) =>
  startServer(createMemoryBoard(smallDefinition()), { webFolder: WEB, screens, build: 'test' });

async function show(url: string): Promise<Page> {
  const { page } = await openPage(browser(), url, { reducedMotion: 'reduce' });
  onTestFinished(() => page.context().close());
  return page;
}

/** What a screen that is not paired shows, in threes. */
async function codeOn(page: Page, but = ''): Promise<string> {
  let code = '';
  await until('it shows a code', async () => {
    code = /: (\w{3} \w{3}) /.exec(await page.title())?.[1] ?? '';
    return code !== '' && code !== but;
  });
  return code;
}

async function pairBy(controller: Page, code: string, name: string): Promise<void> {
  await controller.getByLabel('Code on the screen').fill(code.toLowerCase());
  await controller.keyboard.press('Enter');
  await controller.getByLabel('Name').waitFor();
  // The name is what is asked for next: it can be typed at once.
  await controller.keyboard.type(name);
  expect(await controller.getByLabel('Name').inputValue()).toBe(name);
  await controller.getByRole('button', { name: 'Approve' }).click();
}

const listed = async (server: RunningServer) => {
  const answer = await request(`${server.url}/api/screens`);
  return ((await answer.body.json()) as { screens: Screen[] }).screens;
};

describe('a wall and its controller', () => {
  it('pairs by a code, survives a wrong one, shows what is chosen, and goes dark the moment it is revoked', async () => {
    const server = await serve(newDesk(null));
    const wall = await show(`${server.url}/pair`);
    const code = await codeOn(wall);
    expect(await wcagFaults(wall)).toEqual([]);
    const controller = await show(`${server.url}/screens`);
    await controller.getByText('No wall is paired').first().waitFor();
    const wrong = code === '333 333' ? '444444' : '333333';
    await pairBy(controller, wrong, 'Lobby');
    await controller.getByText('No screen shows that code now.').waitFor();
    expect(await controller.getByLabel('Name').inputValue()).toBe('Lobby');
    const dialog = controller.getByRole('dialog');
    await dialog.getByLabel('Code on the screen').fill(code);
    await dialog.getByRole('button', { name: 'Move Hubs up' }).press('Alt+ArrowUp');
    expect(await dialog.getByRole('listitem').allInnerTexts()).toHaveLength(3);
    expect(await wcagFaults(controller)).toEqual([]);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await wall.waitForURL(/\/wall\/screen-\w{8}$/);
    await controller.getByRole('heading', { name: 'Lobby' }).waitFor();
    await until('it is live', async () => (await listed(server))[0]?.state === 'live');
    expect((await listed(server))[0]?.settings.scenes.map(({ kind }) => kind)).toEqual(['system', 'hubs', 'map']);
    expect(await wcagFaults(controller)).toEqual([]);

    await controller.getByRole('button', { name: 'Revoke' }).click();
    await wall
      .getByText(/no longer|ended|revoked/i)
      .first()
      .waitFor();
    await controller.getByRole('button', { name: /Undo/ }).click();
    await until('it is live again', async () => (await listed(server))[0]?.state === 'live');
  });

  it('keeps what two controllers typed: the later one is told what the other changed, and loses nothing', async () => {
    const desk = newDesk(null);
    const server = await serve(desk);
    const { code } = desk.open('a wall');
    const scenes = [{ kind: 'system', seconds: 20 } as const];
    const settings = { name: 'Lobby', unit: 'small', scenes, paused: false, night: null };
    const { id } = desk.approve({ code, settings }, 'me', 'a');
    const page = await show(`${server.url}/screens`);
    await page.getByRole('button', { name: 'Change …' }).click();
    await page.getByLabel('Name').fill('Reception');
    desk.change(id, { revision: 1, settings: { ...settings, paused: true } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText('Somebody else has changed this screen meanwhile: it is paused. Yours is kept above.')
      .waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Reception');
    expect(desk.get(id).settings.name).toBe('Lobby');
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await until('mine is saved', () => desk.get(id).settings.name === 'Reception');
    expect(desk.get(id).revision).toBe(3);
  });

  it('takes another code when its own has run out, and its place again after a restart of the server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-pairing-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    let passed = 0;
    const desk = newDesk(join(folder, 'screens.json'), () => performance.now() + passed);
    const server = await serve(desk);
    const wall = await show(`${server.url}/pair`);
    const first = await codeOn(wall);
    passed = 10 * 60_000;
    const second = await codeOn(wall, first);
    const controller = await show(`${server.url}/screens`);
    await pairBy(controller, second, 'Lobby');
    await wall.waitForURL(/\/wall\/screen-\w{8}$/);
    await until('it is live', async () => (await listed(server))[0]?.state === 'live');
    const [cookie] = await wall.context().cookies();
    expect([cookie?.httpOnly, cookie?.sameSite]).toEqual([true, 'Strict']);
    await server.close();
    const again = await serve(newDesk(join(folder, 'screens.json')));
    await wall.goto(`${again.url}/wall/${(await listed(again))[0]?.id ?? ''}`);
    await until('it is live after the restart', async () => (await listed(again))[0]?.state === 'live');
  });

  it('says on a screen that is not paired that the server is away, and goes on by itself', async () => {
    const server = await serve(newDesk(null));
    const wall = await show(`${server.url}/pair`);
    const code = await codeOn(wall);
    await wall.context().setOffline(true);
    await wall.getByText('The server does not answer.').waitFor();
    await wall.context().setOffline(false);
    await wall.getByText('server reached').waitFor();
    expect(await codeOn(wall)).toBe(code);
  });
});
