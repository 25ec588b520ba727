import chromiumBinary from '@sparticuz/chromium';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/**
 * Our own arguments: those that the package brings hold `--single-process`, which dies with the first closed context,
 * and `--disable-web-security`, under which a test would prove nothing about Origin.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Real Chromium: the one in the package, or the one that `CHROMIUM_PATH` names. Whoever launches it closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? (await chromiumBinary.executablePath());
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

export interface OpenPage {
  readonly page: Page;
  /** Errors that the page threw or logged, in order. */
  readonly errors: string[];
}

export interface PageOptions extends BrowserContextOptions {
  /** Its clock can be moved on by `page.clock`: nobody waits for what takes a page half a minute. */
  readonly clock?: boolean;
}

/**
 * A page in a context of its own. What keeps the shell for times without a server would take all of it again for each
 * page, a third of what opening one costs: whoever tests it asks for it (`serviceWorkers: 'allow'`).
 */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenPage> {
  const { clock = false, ...given } = options;
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    serviceWorkers: 'block',
    ...given,
  });
  const page = await context.newPage();
  if (clock) await page.clock.install();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}
