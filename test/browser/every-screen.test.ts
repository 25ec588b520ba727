import type { Browser, Page } from 'playwright-core';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { atDesk, atEverySize, equip, isLoaded } from '../support/habits.ts';
import { startSystem, type RunningSystem } from '../support/running-system.ts';
import { until } from '../support/until.ts';

let system: RunningSystem;
let browser: Browser;
let page: Page;
let errors: string[];

/** Every screen as it is used, by its address and what its tab says once its data is there. */
const SCREENS: readonly (readonly [name: string, path: string, title: RegExp])[] = [
  ['the control room', '/', /^\d \w+ · Sefton · Headroom$/],
  ['the system', '/units/sefton', /^\d \w+ · Sefton · Headroom$/],
  ['a neighbourhood', '/units/bootle', /^\S+ \w+ · Bootle · Headroom$|^Unknown · Bootle · Headroom$/],
  ['a practice', '/units/N84001', /42 Kingsway · Headroom$/],
  ['a hub', '/units/X-SOUTH-SEFTON-RESPIRATORY-HUB', /Respiratory and Access Hub.* · Headroom$/],
  ['the out-of-hours service', '/units/Y00195', /out-of-hours · Headroom$/],
  ['a unit that does not exist', '/units/NOPE', /^Headroom$/],
  ['the feeds', '/feeds', /· Feeds · Headroom$/],
  ['the rules', '/rules', /Rules, version \d+ · Headroom$/],
  ['the hubs', '/hubs', /Hubs · .*Headroom$/],
  ['the walls that are watched', '/screens', /Screens · Headroom$/],
  ['the map', '/map', /Map · .*Headroom$/],
  ['an address that is no screen', '/nothing-here', /^There is no such screen · Headroom$/],
];
const WALLS: typeof SCREENS = [
  ['the wall of the system', '/wall/system', /· Sefton · Wall · Headroom$/],
  ['the pairing of a wall', '/pair', /Headroom$/],
  ['the wall of a unit that does not exist', '/wall/NOPE', /^Wall · Headroom$/],
];

beforeAll(async () => {
  [system, browser] = await Promise.all([
    startSystem({ args: ['--system', 'sefton', '--from', '2026-01-12T08:40', '--speed', '10'] }),
    launchBrowser(),
  ]);
  await until('the system is judged', async () => {
    const { body } = await request(`${system.url}/api/board`);
    return ((await body.json()) as BoardBody).units.some(({ kind, level }) => kind === 'system' && level !== null);
  });
  ({ page, errors } = await openPage(browser, `${system.url}/units/NOPE`, {
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
  }));
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

async function open(path: string, title: RegExp): Promise<void> {
  await page.goto(`${system.url}${path}`);
  await isLoaded(page, title);
  await equip(page);
}

describe('every screen', () => {
  it.each(SCREENS)(
    '%s: accessible, worked by keyboard, at rest when asked, whole at every size',
    async (_, path, title) => {
      errors.length = 0;
      await open(path, title);
      const desk = await atDesk(page);
      expect({ ...desk, ...(await atEverySize(page)), errors }).toEqual({ errors: [] });
    },
  );

  it.each(WALLS)('%s: accessible in its own colours, one picture at every size', async (_, path, title) => {
    await open(path, title);
    expect(await atDesk(page, { wall: true })).toEqual({});
  });
});

/** A page that breaks every habit that is checked, beside what each check has to say of it. */
const BROKEN = `<!doctype html><html lang="en"><title>broken</title><style>
  body { margin: 0; background: #fff; color: #000; --l3: rgb(213, 56, 42); }
  :focus { outline: none !important; }
  .grey { color: #bbb; }
  .wide { width: 3000px; }
  .trap { min-height: 24px; }
  .cut { width: 60px; overflow: hidden; white-space: nowrap; }
  .tiny { display: block; width: 10px; height: 10px; padding: 0; }
  .moves { transition: opacity 1s; }
  .bar { position: fixed; bottom: 0; right: 0; width: 50px; height: 300px; }
  .level { display: block; width: 20px; height: 20px; background: var(--l3); }
</style>
<h1>One</h1><h1>Two</h1>
<p class="grey">hardly to be read</p>
<div class="wide">wide</div>
<p class="cut">this sentence goes on and on and on</p>
<button class="tiny" aria-label="tiny" tabindex="0"></button>
<button class="trap" onkeydown="event.key === 'Tab' && event.preventDefault()">a trap</button>
<a href="#x">behind the trap</a>
<p class="moves">moves</p>
<div class="bar">held</div>
<b class="level"></b>`;

describe('the checks of the habits', () => {
  it('find each habit broken on a page that breaks it', async () => {
    // Our own policy would not let it be so broken.
    await page.goto('about:blank');
    await page.setContent(BROKEN);
    await equip(page);
    const desk = await atDesk(page);
    expect(desk['axe, dark']?.join()).toMatch(/color-contrast.*\.grey/);
    expect(desk['outline']).toEqual(['2 headings of the first rank: h1 “One”, h1 “Two”', '0 main parts']);
    expect(desk['wider than the window']?.join()).toMatch(/3000 px wide in 1280: div.wide/);
    expect(desk['cut text']).toEqual(['p.cut “this sentence goes on and on and on” cut by p.cut']);
    expect(desk['small targets']).toEqual(['button.tiny “tiny” 10x10']);
    expect(desk['keyboard']).toContain('the first stop of Tab does not lead to the main part');
    expect(desk['keyboard']).toContain('button.tiny “tiny”: nothing shows that it has the focus');
    expect(desk['keyboard']).toContain('a “behind the trap”: Tab does not reach it');
    expect(desk['motion although less was asked for']).toEqual(['p.moves “moves” would move']);
    expect(desk['forced colours']).toEqual(['b.level: --l3 is lost']);
    const sizes = await atEverySize(page);
    expect(sizes['cut text, 360']).toEqual(['p.cut “this sentence goes on and on and on” cut by p.cut']);
    expect(sizes['held by what stays, 320']).toEqual(['div.bar “held” holds 300 of 256 px']);
  });
});
