import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { loadAxe } from './accessibility.ts';
import { until } from './until.ts';

/** Plain JavaScript: it runs in the page. */
const HABITS = readFileSync(new URL('./in-page/habits.js', import.meta.url), 'utf8');

/** Faults by the habit that they break; a habit that is kept is not there. */
export type Faults = Readonly<Record<string, readonly string[]>>;

interface Focused {
  readonly stop: number;
  readonly name: string;
  readonly faults: readonly string[];
}

type Habit = 'overflow' | 'truncated' | 'cramped' | 'smallTargets' | 'motion' | 'outline' | 'stuck' | 'forcedColours';

const ask = (page: Page, habit: Habit) => page.evaluate<string[]>(`headroomHabits.${habit}()`);

/** Puts the checks into the page as it stands; again after every navigation. */
export async function equip(page: Page): Promise<void> {
  await loadAxe(page);
  await page.evaluate(HABITS);
}

/** Every rule of axe, or only those that are named. */
export function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  const options = rules
    ? { runOnly: { type: 'rule', values: rules } }
    : { rules: { 'target-size': { enabled: true } } };
  return page.evaluate(`axe.run(document, ${JSON.stringify({ ...options, resultTypes: ['violations'] })})
    .then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.slice(0, 4).map(({ target }) => target.join(' ')).join(', ')))`);
}

/** Two frames and an idle moment: what follows a change of the window is done. */
const settle = (page: Page) =>
  page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(done, { timeout: 500 }))))',
  );

/** Walks with Tab from the top until it comes round: everything reachable, nothing a trap, the focus always seen. */
export async function walkByTab(page: Page): Promise<string[]> {
  const stops = await page.evaluate<string[]>(
    `(window.headroomStops = headroomHabits.tabStops()).map((stop) => headroomHabits.name(stop))`,
  );
  await page.evaluate('headroomHabits.fromTheTop()');
  const reached = new Set<number>();
  const faults: string[] = [];
  for (let steps = 0; ; steps += 1) {
    if (steps > 2 * stops.length + 10) return [...faults, 'Tab never comes round'];
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<Focused | null>('headroomHabits.focused()');
    if (focused === null || reached.has(focused.stop)) break;
    if (focused.stop >= 0) reached.add(focused.stop);
    faults.push(...focused.faults);
  }
  // What has gone meanwhile could not be reached any more.
  const there = await page.evaluate<boolean[]>(
    'headroomStops.map((stop) => stop.isConnected && stop.tabIndex >= 0 && stop.checkVisibility())',
  );
  const missed = stops.filter((_, i) => !reached.has(i) && there[i]).map((stop) => `${stop}: Tab does not reach it`);
  return [...faults, ...missed];
}

/** The first stop of Tab leads past the navigation, to the main part. */
async function skipsToMain(page: Page): Promise<string[]> {
  await page.evaluate('headroomHabits.fromTheTop()');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const skipped = await page.evaluate<boolean>("document.activeElement?.localName === 'main'");
  return skipped ? [] : ['the first stop of Tab does not lead to the main part'];
}

const named = (lists: Readonly<Record<string, readonly string[]>>): Faults =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

/** At the size of a desk, in both themes (or the wall's own), with the keyboard, with forced colours, without motion. */
export async function atDesk(page: Page, { wall = false } = {}): Promise<Faults> {
  const theme = (to: string) => page.evaluate(`document.documentElement.dataset.theme = '${to}'`);
  const dark = await axe(page);
  const lists: Record<string, readonly string[]> = {
    outline: await ask(page, 'outline'),
    'small targets': await ask(page, 'smallTargets'),
    'wider than the window': await ask(page, 'overflow'),
    'cut text': await ask(page, 'truncated'),
    keyboard: wall ? [] : [...(await skipsToMain(page)), ...(await walkByTab(page))],
  };
  lists[wall ? 'axe, wall' : 'axe, dark'] = dark;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // What began before less was asked for may come to its end; what has none is found.
  await page.evaluate('headroomHabits.settled()');
  lists['motion although less was asked for'] = await ask(page, 'motion');
  await page.evaluate('headroomHabits.noteTelling()');
  await page.emulateMedia({ reducedMotion: 'no-preference', forcedColors: 'active' });
  lists['forced colours'] = await ask(page, 'forcedColours');
  await page.emulateMedia({ forcedColors: 'none' });
  if (!wall) {
    await theme('light');
    lists['axe, light'] = await axe(page, ['color-contrast']);
    await theme('dark');
  }
  return named(lists);
}

/** On a phone, at 400 % of 1280 px, and on a large screen. A wall letterboxes: it has one picture. */
export async function atEverySize(page: Page): Promise<Faults> {
  const lists: Record<string, readonly string[]> = {};
  for (const [width, height] of [
    [1920, 1080],
    [360, 780],
    [320, 256],
  ] as const) {
    await page.setViewportSize({ width, height });
    await settle(page);
    lists[`wider than the window, ${width}`] = await ask(page, 'overflow');
    lists[`cut text, ${width}`] = await ask(page, width < 700 ? 'cramped' : 'truncated');
    if (width === 320) lists['held by what stays, 320'] = await ask(page, 'stuck');
    if (width !== 360) continue;
    lists['axe, phone'] = await axe(page);
    lists['outline, phone'] = await ask(page, 'outline');
    lists['small targets, phone'] = await ask(page, 'smallTargets');
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  return named(lists);
}

/** Nothing on the screen says any more that it is waiting for something, and the page is at rest. */
export async function isLoaded(page: Page, title: RegExp): Promise<void> {
  await until(`the page is called ${title}`, async () => title.test(await page.title()), 30_000);
  await until('all of it is there', async () => (await page.locator('.notice.loading').count()) === 0, 30_000);
  await settle(page);
}
