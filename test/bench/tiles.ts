import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { toInstant } from '#shared/model/time.ts';
import type { UnitPatch } from '#shared/model/unit.ts';
import { launchBrowser } from '../support/browser.ts';
import { practiceIds, smallDefinition } from '../support/definition.ts';
import { dice } from '../support/made-history.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { serveBoard } from '../support/small-server.ts';
import { until } from '../support/until.ts';
import { report } from './report.ts';

const TILES = 600;
const PERIOD_MS = 500;
const WATCH_MS = 20_000;
const DAY = `${'.'.repeat(28)}11112${'.'.repeat(63)}`;

/**
 * Processor time of the page's main thread, as a share of the time, while 600 practices change twice a second: on the
 * control room, which sums them up, and on the map, which paints every one; aim: 0.15. The baseline is a bare page that
 * writes the same numbers into as many elements by hand.
 */
export async function runBench(): Promise<void> {
  const browser = await launchBrowser();
  const ids = practiceIds(TILES / 2);
  const board = createMemoryBoard(smallDefinition({ practices: TILES / 2 }));
  const roll = dice(3);
  const score = () => Math.floor(roll() * 100);
  const judge = (id: string): UnitPatch => {
    const now = score();
    const level = now > 85 ? 4 : now > 60 ? 3 : now > 25 ? 2 : 1;
    const text = `callers wait **${score()} min** against a usual 9`;
    return {
      ...{ id, level, score: now, coverage: 1, trend: 'steady', day: DAY, trail: [score(), score(), now] },
      levelSince: toInstant(MONDAY_8AM),
      drivers: [{ indicator: 'longest-wait', points: 3, value: now, text }],
    };
  };
  const everyone = () => board.change(['small', 'place', 'N1', 'N2', ...ids].map(judge));
  everyone();
  board.change(ids.map((id, at) => ({ id, position: { ...spotOf(at), approximate: false } })));
  const server = await serveBoard(board);
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole('grid').getByRole('row').first().waitFor();
    const summed = await busyWhile(page, everyone);
    await page.goto(`${server.url}/map?show=practice`);
    await until('all are painted', async () => (await page.locator('main svg circle.body').count()) === TILES, 60_000);
    const painted = await busyWhile(page, everyone);
    await page.goto('about:blank');
    await page.setContent('<body style="display:grid;grid-template-columns:repeat(30,1fr)"></body>');
    await page.evaluate(plainTiles(TILES, PERIOD_MS));
    const plain = await busyWhile(page, () => undefined);
    report('tiles-control-room', summed, 'share busy', plain);
    report('tiles-map', painted, 'share busy', plain);
  } finally {
    await server.close();
    await browser.close();
  }
}

const spotOf = (at: number) => ({ lat: 53.4 + (at % 20) / 60, lon: -2.9 + Math.floor(at / 20) / 40 });

/** Share of the time, after a few seconds to come to rest. */
async function busyWhile(page: Page, change: () => void): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const timer = setInterval(change, PERIOD_MS);
  try {
    await wait(5000);
    const before = await threadSeconds(cdp);
    const began = performance.now();
    await wait(WATCH_MS);
    const busy = (await threadSeconds(cdp)) - before;
    return busy / ((performance.now() - began) / 1000);
  } finally {
    clearInterval(timer);
    await cdp.detach();
  }
}

/** Processor time: what other programs of the machine take counts for nothing. */
async function threadSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN;
}

const plainTiles = (count: number, everyMs: number) => `(() => {
  const tiles = Array.from({ length: ${count} }, () => document.body.appendChild(document.createElement('div')));
  setInterval(() => {
    for (const tile of tiles) tile.textContent = String(Math.floor(Math.random() * 100));
  }, ${everyMs});
})()`;
