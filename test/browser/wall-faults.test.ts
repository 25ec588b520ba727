import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browser-tests.ts';
import { until } from '../support/until.ts';
import { openWall, otherBuild, untilWaits, wallHouse } from '../support/wall-house.ts';

/** However long the fault was, its end is seen within so much real time. */
const RIGHT_AGAIN_MS = 10_000;
const WEEK = 7 * 24 * 60 * 60_000;
const SYSTEM = '/wall/system?scenes=system';

/** Every write of the player is refused: its disk is full. */
const FULL_DISK = `
  const full = () => { throw new DOMException('no room left', 'QuotaExceededError'); };
  Storage.prototype.setItem = full;
  Cache.prototype.put = Cache.prototype.addAll = async () => full();
`;

const browser = useBrowser();

const mark = (page: Page) => page.evaluate('window.stillTheSamePage = true');
const isMarked = (page: Page) => page.evaluate('window.stillTheSamePage === true').catch(() => true);
const staleTitle = (page: Page) => page.getByRole('alert').filter({ hasText: 'No data for' });

/** What was on its way when the server stopped may still come once time has passed, but not once it has passed again. */
async function seenAfter(pass: () => Promise<unknown>, what: Locator): Promise<void> {
  const seen = async () => {
    await pass();
    const shown = what.waitFor({ timeout: 3000 });
    return shown.then(
      () => true,
      () => false,
    );
  };
  await until('it says how old it is', seen, RIGHT_AGAIN_MS);
}

describe('a wall that nobody looks after', () => {
  it('is right again after its server was killed, also on a full disk, and never gives its page up for none', async () => {
    const house = await wallHouse();
    const walls = [
      await openWall(browser(), house.url + SYSTEM),
      await openWall(browser(), house.url + SYSTEM, { init: FULL_DISK }),
    ];
    for (const wall of walls) {
      await untilWaits(wall, 10);
      await mark(wall);
    }
    await house.kill();
    house.say(40);
    await house.start();
    for (const wall of walls) {
      await untilWaits(wall, 20, RIGHT_AGAIN_MS);
      expect(await isMarked(wall)).toBe(true);
    }
    // Without a server that could give it a new page it keeps the old one, however long.
    const [wall] = walls;
    if (!wall) throw new Error('no wall');
    await house.kill();
    for (let hour = 0; hour < 3; hour += 1) await wall.clock.fastForward(60 * 60_000);
    await wall.getByText('Last data at').waitFor();
    expect(await isMarked(wall)).toBe(true);
  });

  it('takes itself into another build, though every file of the old one is gone', async () => {
    const house = await wallHouse();
    const wall = await openWall(browser(), `${house.url}/wall/system`);
    await untilWaits(wall, 10);
    await mark(wall);
    await house.kill();
    house.say(40);
    await house.start({ HEADROOM_BUILD: 'another', HEADROOM_WEB: otherBuild() });
    await until('the page loads itself anew', async () => !(await isMarked(wall)), RIGHT_AGAIN_MS);
    await untilWaits(wall, 20, RIGHT_AGAIN_MS);
    // What the page was made of, and so what it would load later.
    expect(await wall.evaluate('document.documentElement.outerHTML.includes("/immutable/other/")')).toBe(true);
  });

  it('says louder and louder that an open line brings nothing, and is right again after a week and after a sleep', async () => {
    const house = await wallHouse();
    const wall = await openWall(browser(), house.url + SYSTEM);
    await untilWaits(wall, 10);
    house.server().child.kill('SIGSTOP');
    const late = wall.locator('.loud', { hasText: /data \d+ s old|data 1 min old/ });
    await seenAfter(() => wall.clock.fastForward(40_000), late);
    await wall.clock.fastForward(100_000);
    await staleTitle(wall).waitFor();
    await wall.getByText(/^last known, /).waitFor();
    expect(await wall.getByText(/^Callers wait$/).count()).toBe(0);
    expect(await wall.title()).toMatch(/^Not live since /);
    await wall.clock.fastForward(30 * 60_000);
    await wall.getByText('Last data at').waitFor();
    expect(await wall.getByText(/^last known, /).count()).toBe(0);
    await wall.clock.fastForward(WEEK);
    await wall.getByText('No data for 7 d').waitFor();
    house.say(40);
    house.server().child.kill('SIGCONT');
    await untilWaits(wall, 20, RIGHT_AGAIN_MS);
    expect(await staleTitle(wall).count()).toBe(0);
    // Ten silent minutes made it ask for a new page, which may come at any moment: what follows begins with one.
    const reloaded = () =>
      wall.reload().then(
        () => true,
        () => false,
      );
    await until('the page is a new one', reloaded, 30_000);
    await untilWaits(wall, 20);
    // A player that sleeps may stop its own clock: nothing from before is new for that.
    house.server().child.kill('SIGSTOP');
    const sleep = () => wall.evaluate('{ const begun = Date.now; Date.now = () => begun() + 3_600_000; }');
    await seenAfter(sleep, staleTitle(wall));
    house.say(20);
    house.server().child.kill('SIGCONT');
    await untilWaits(wall, 10, RIGHT_AGAIN_MS);
  });
});

describe('the scenes of a wall', () => {
  it('turn by themselves, stand still and step by hand; a screen that is not this one shows nothing', async () => {
    const house = await wallHouse();
    const wall = await openWall(browser(), `${house.url}/wall/system`, { reducedMotion: 'reduce' });
    await untilWaits(wall, 10);
    const other = await openWall(browser(), `${house.url}/wall/screen-abcdefgh`);
    await other.getByRole('heading', { name: 'This screen is not paired' }).waitFor();
    expect(await other.getByText('Tiny').count()).toBe(0);
    const onMap = wall.getByText(/severe or worse/);
    await wall.clock.fastForward(21_000);
    await onMap.waitFor();
    await wall.clock.fastForward(13_000);
    await onMap.waitFor({ state: 'detached' });
    await wall.keyboard.press('Space');
    await wall.getByText('Space goes on · arrows step').waitFor();
    await wall.clock.fastForward(5000);
    await wall.getByText('Scenes paused').waitFor();
    await wall.clock.fastForward(60_000);
    expect(await onMap.count()).toBe(0);
    await wall.keyboard.press('ArrowRight');
    await onMap.waitFor();
    expect(await wall.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
