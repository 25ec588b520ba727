import { launchBrowser } from '../support/browser.ts';
import { startSystem } from '../support/running-system.ts';
import { firstViews, openCold } from '../support/usable.ts';
import { report } from './report.ts';

const AIM_BYTES = 150_000;

/** Script as it is sent, until the first view can be used: bytes of each screen. The baseline is the aim. */
export async function runBench(): Promise<void> {
  const system = await startSystem({ args: ['--system', 'sefton', '--speed', '1', '--from', '2026-01-12T08:40'] });
  const browser = await launchBrowser();
  try {
    for (const view of firstViews('N84001')) {
      const { page, scripts } = await openCold(browser, system.url, view);
      const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
      report(`first-load-${view.name}`, bytes / 1000, 'kB', AIM_BYTES / 1000);
      await page.context().close();
    }
  } finally {
    await browser.close();
    await system.stop();
  }
}
