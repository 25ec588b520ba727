import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { WEB } from './browser-tests.ts';
import { launch, ready, type Launched } from './server-process.ts';
import { stubTelephony, tinySystem } from './tiny-system.ts';
import { until } from './until.ts';

const NO_DATABASE = 'postgres://nobody@127.0.0.1:9/none';
const TEXTS = ['.html', '.js', '.css', '.json'];

/** The web pages as another build would have them: every file of the old one is gone, and the page names new ones. */
export function otherBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-web-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(WEB, folder, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
  const old = join(folder, '_app/immutable');
  const away = join(folder, '_app/moved');
  renameSync(old, away);
  mkdirSync(old);
  renameSync(away, join(old, 'other'));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXTS.includes(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('_app/immutable/', '_app/immutable/other/'));
  }
  return folder;
}

export interface WallHouse {
  /** The address that every server of this house listens at. */
  readonly url: string;
  /** Callers wait half a minute for each of these. */
  say(waiting: number): void;
  server(): Launched;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  start(env?: Record<string, string>): Promise<void>;
}

/** A real server process without a database, of two practices, that can be killed and started again at one address. */
export async function wallHouse(): Promise<WallHouse> {
  const feed = await stubTelephony();
  feed.say(20);
  const { system, data } = tinySystem();
  const env = { HEADROOM_SYSTEM: system, HEADROOM_DATA: data, DATABASE_URL: NO_DATABASE, FEEDS_URL: feed.url };
  let server = launch(env);
  const url = await ready(server);
  return {
    url,
    say: feed.say,
    server: () => server,
    async kill() {
      server.child.kill('SIGKILL');
      await server.ended;
    },
    async start(more = {}) {
      server = launch({ ...env, ...more, PORT: new URL(url).port });
      await ready(server);
    },
  };
}

/** A wall's page whose clock can be moved on; it goes with the test. */
export async function openWall(
  browser: Browser,
  url: string,
  { init, ...options }: BrowserContextOptions & { init?: string } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, ...options });
  onTestFinished(() => context.close());
  if (init !== undefined) await context.addInitScript(init);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(url);
  return page;
}

/** Waits until the wall says that callers wait so many minutes. */
export async function untilWaits(page: Page, minutes: number, limitMs?: number): Promise<void> {
  const fact = page.locator('p', { hasText: /^(Callers wait|Longest wait)/ }).first();
  await until(
    `the wall says ${minutes} min`,
    async () => (await fact.count()) > 0 && (await fact.innerText()).replaceAll('\n', '').includes(`${minutes}min`),
    limitMs,
  );
}
