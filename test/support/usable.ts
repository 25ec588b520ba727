import type { Browser, CDPSession, Page } from 'playwright-core';

/** A screen, and what stands there once somebody can use it: level, sentence, and the first rows of its picture. */
export interface FirstView {
  readonly name: string;
  readonly path: string;
  /** Each of these selectors is matched at least so often. */
  readonly needs: Readonly<Record<string, number>>;
}

const HEAD = { '.head .say b': 1, '.head .badge': 1 };

/** The screens whose first view is measured, for a system and one of its practices. */
export function firstViews(practice: string): readonly FirstView[] {
  return [
    { name: 'control-room', path: '/', needs: { ...HEAD, '[role="grid"] [role="row"]': 10 } },
    { name: 'unit', path: `/units/${practice}`, needs: { ...HEAD, 'main section h2': 2 } },
    { name: 'map', path: '/map', needs: { ...HEAD, 'main svg circle': 3 } },
    { name: 'hubs', path: '/hubs', needs: { h1: 1, 'main section h2': 1 } },
    { name: 'feeds', path: '/feeds', needs: { h1: 1, 'main h2': 1 } },
    { name: 'rules', path: '/rules', needs: { h1: 1, 'main h2': 1 } },
    { name: 'wall', path: '/wall/system', needs: { 'main h1': 1, 'main svg, main [role="img"], main time': 1 } },
  ];
}

/** What the server sends and paints where there is no screen: the baseline of all of them. */
export const NO_SCREEN: FirstView = { name: 'no-screen', path: '/nothing-here', needs: { 'main h1': 1 } };

/** Runs in the page from its first moment: when all of it is there, in ms since the navigation began, and painted. */
const watch = (needs: FirstView['needs']) => `(() => {
  const needs = ${JSON.stringify(Object.entries(needs))};
  const there = () => needs.every(([selector, least]) => document.querySelectorAll(selector).length >= least);
  window.headroomUsable = new Promise((resolve) => {
    const look = () => {
      if (!there()) return requestAnimationFrame(look);
      // The next frame begins when this one has been painted.
      requestAnimationFrame(() => resolve(performance.now()));
    };
    requestAnimationFrame(look);
  });
})()`;

export interface Opened {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly usableMs: number;
  /** Processor time of the main thread until then, as it was slowed down. */
  readonly busyMs: number;
  /** Scripts that had come by then: address and bytes as they were sent. */
  readonly scripts: ReadonlyMap<string, number>;
}

/** Opens a screen in a context of its own, so with nothing kept; `slower`: how many times the processor is slowed down. */
export async function openCold(browser: Browser, url: string, view: FirstView, slower = 1): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Performance.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const names = new Map<string, string>();
  const scripts = new Map<string, number>();
  cdp.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId) ?? '';
    if (name.endsWith('.js')) scripts.set(name, encodedDataLength);
  });
  await page.addInitScript(watch(view.needs));
  await page.goto(`${url}${view.path}`, { waitUntil: 'commit' });
  const usableMs = await page.evaluate<number>('headroomUsable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const busyMs = (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN) * 1000;
  return { page, cdp, usableMs, busyMs, scripts: new Map(scripts) };
}

/** The middle one of several. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
