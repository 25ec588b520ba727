import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser, openPage } from '../support/browser.ts';
import { startSystem } from '../support/running-system.ts';
import { serveTelephony, writeTinySystem } from '../support/tiny-files.ts';
import { report } from './report.ts';

const CHANGES = 20;
const PERIOD_MS = 1000;
/** One poll period plus one second. */
const AIM_MS = PERIOD_MS + 1000;

/**
 * Feed change to painted pixel at real speed: the supplier's number changes at a random moment of the poll period, and
 * Chromium says when a frame with it was painted. The baseline is the aim, one poll period plus a second.
 */
export async function runBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-tiny-'));
  writeTinySystem(folder);
  const supplier = await serveTelephony();
  const system = await startSystem({ args: ['--system', folder], env: { FEEDS_URL: supplier.url } });
  const browser = await launchBrowser();
  try {
    const { page } = await openPage(browser, `${system.url}/units/A00001`);
    await page.getByText('Callers waiting').first().waitFor();
    const took: number[] = [];
    for (let i = 1; i <= CHANGES; i += 1) {
      const number = 1000 + i;
      await wait(Math.random() * PERIOD_MS);
      const painted = page.evaluate(whenPainted(number.toLocaleString('en-GB')));
      const at = performance.now();
      supplier.say(number);
      await painted;
      took.push(performance.now() - at);
    }
    took.sort((a, b) => a - b);
    report('paint-median', took[Math.floor(CHANGES / 2)] ?? NaN, 'ms', AIM_MS);
    report('paint-worst-of-20', took.at(-1) ?? NaN, 'ms', AIM_MS);
  } finally {
    await browser.close();
    await system.stop();
    supplier.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Script for the page: resolves in the frame after the text is there. */
function whenPainted(text: string): string {
  return `new Promise((resolve) => {
    const look = () => requestAnimationFrame(document.body.innerText.includes(${JSON.stringify(text)}) ? resolve : look);
    look();
  })`;
}
