import { request } from 'undici';
import type { BoardBody } from '#shared/protocol/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { startSystem } from '../support/running-system.ts';
import { firstViews, median, NO_SCREEN, openCold, type FirstView } from '../support/usable.ts';
import { until } from '../support/until.ts';
import { report } from './report.ts';

const TIMES = 5;
const SLOWER = 4;

/**
 * From the navigation to the first view that can be used and has been painted, nothing kept from before, the processor
 * slowed down four times; aim: 1 s. The baseline is the same server's page for an address that is no screen.
 */
export async function runBench(): Promise<void> {
  const system = await startSystem({ args: ['--speed', '1', '--from', '2026-01-12T08:40'] });
  const browser = await launchBrowser();
  try {
    let practice = '';
    await until(
      'the system is judged',
      async () => {
        const { units } = (await (await request(`${system.url}/api/board`)).body.json()) as BoardBody;
        practice = units.find(({ siteKind, level }) => siteKind === 'practice' && level !== null)?.id ?? '';
        return practice !== '' && units.some(({ kind, level }) => kind === 'system' && level !== null);
      },
      120_000,
    );
    const took = async (view: FirstView) => {
      const each: number[] = [];
      const busy: number[] = [];
      for (let i = 0; i < TIMES; i += 1) {
        const { page, usableMs, busyMs } = await openCold(browser, system.url, view, SLOWER);
        each.push(usableMs);
        busy.push(busyMs);
        await page.context().close();
      }
      return { elapsed: median(each), busy: median(busy) };
    };
    const baseline = await took(NO_SCREEN);
    for (const view of firstViews(practice)) {
      const { elapsed, busy } = await took(view);
      report(`first-view-${view.name}`, elapsed, 'ms', baseline.elapsed);
      report(`first-view-${view.name}-processor`, busy, 'ms', baseline.busy);
    }
  } finally {
    await browser.close();
    await system.stop();
  }
}
