import type { CDPSession, Page } from 'playwright-core';
import { HOUR, toInstant } from '#shared/model/time.ts';
import type { UnitPatch } from '#shared/model/unit.ts';
import { launchBrowser } from '../support/browser.ts';
import { dice } from '../support/made-history.ts';
import { greaterManchester } from '../support/manchester-morning.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { manualClock } from '../support/server.ts';
import { serveBoard } from '../support/small-server.ts';
import { report } from './report.ts';

const STEP_MS = 15_000;
const HOURS = 24;
/** Of all units, so many change in a step. */
const CHANGED = 60;
/** Socket.IO's own heart beats in real time on both sides: 25 s and 20 s of grace. */
const HEARTBEAT_MS = 45_000;

/**
 * A wall of Greater Manchester for 24 simulated hours, fifteen seconds a step, its own timers included: the heap after
 * collection at the end against the end of the first hour, in per cent; aim: within 5. The baseline is the change of the
 * second hour alone.
 */
export async function runBench(): Promise<void> {
  const definition = await greaterManchester();
  const board = createMemoryBoard(definition);
  const clock = manualClock();
  const change = changer(definition.units.map(({ id }) => id));
  board.change(definition.units.map(({ id }) => change.judge(id, clock.now())));
  const server = await serveBoard(board, { clock });
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const page = await context.newPage();
    await page.addInitScript('window.realTimeout = window.setTimeout.bind(window)');
    await page.clock.install({ time: MONDAY_8AM });
    await page.addInitScript(`{
      const stepped = window.setTimeout;
      window.setTimeout = (then, ms, ...rest) => (ms === ${HEARTBEAT_MS} ? window.realTimeout : stepped)(then, ms, ...rest);
    }`);
    await page.goto(`${server.url}/wall/system`);
    await page.clock.runFor(1000);
    const cdp = await context.newCDPSession(page);
    const hour = async () => {
      for (let at = 0; at < HOUR; at += STEP_MS) {
        clock.set(clock.now() + STEP_MS);
        board.change(change.some(clock.now()));
        await page.clock.fastForward(STEP_MS);
      }
      return heapBytes(page, cdp);
    };
    const first = await hour();
    const second = await hour();
    let last = second;
    for (let i = 2; i < HOURS; i += 1) last = await hour();
    const percent = (bytes: number) => (bytes / first - 1) * 100;
    report('wall-heap-24-hours', percent(last), '% of the heap', percent(second));
    report('wall-heap-size', last / 1e6, 'MB', first / 1e6);
  } finally {
    await browser.close();
    await server.close();
  }
}

function changer(ids: readonly string[]) {
  const roll = dice(5);
  const judge = (id: string, at: number): UnitPatch => {
    const score = Math.floor(roll() * 100);
    const level = score > 85 ? 4 : score > 60 ? 3 : score > 25 ? 2 : 1;
    return {
      ...{ id, level, score, coverage: 1, trend: 'rising', levelSince: toInstant(at), at: toInstant(at) },
      day: Array.from({ length: 96 }, () => String(1 + Math.floor(roll() * 4))).join(''),
      trail: [score, score, score],
      sentence: `Callers wait **${score} min** against a usual 5.`,
      brief: `Callers wait **${score} min**`,
      drivers: [{ indicator: 'longest-wait', points: 3, value: score, text: `callers wait **${score} min**` }],
    };
  };
  return {
    judge,
    some: (at: number) => Array.from({ length: CHANGED }, () => judge(ids[Math.floor(roll() * ids.length)] ?? '', at)),
  };
}

async function heapBytes(page: Page, cdp: CDPSession): Promise<number> {
  // What came last is on the screen, and what it replaced can go.
  await page.clock.runFor(500);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize;
}
