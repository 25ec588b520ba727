import { reconnectDelay } from './line.ts';

const LIMIT_MS = 5000;

/** Whether the server hands out this page now, whole: the page itself and the script that it begins with. */
async function pageIsThere(address: string): Promise<boolean> {
  try {
    const ask = (url: string) => fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS) });
    const page = await ask(address);
    if (!page.ok) return false;
    const script = /["'](\/_app\/[^"']+\.js)["']/.exec(await page.text())?.[1];
    return script === undefined || (await ask(script)).ok;
  } catch {
    return false;
  }
}

/**
 * Takes a fresh copy of the page as soon as the server has one to give; until then the old one stays. A reload into
 * nothing would leave the browser's own error page, and nobody stands before a wall to press a key.
 */
export async function takeFreshPage(signal?: AbortSignal): Promise<void> {
  for (let attempt = 0; signal?.aborted !== true; attempt += 1) {
    if (await pageIsThere(location.href)) {
      location.reload();
      return;
    }
    await new Promise((done) => setTimeout(done, reconnectDelay(attempt, Math.random())));
  }
}
