import type { Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { openPage, type PageOptions } from './browser.ts';
import { WEB } from './browser-tests.ts';
import type { HouseOptions } from './redirection-house.ts';
import { redirectionMorning } from './redirection-morning.ts';
import { startServer } from './server.ts';

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A Monday morning on which practices have run out, as whoever leads sees it. */
export async function leadsMorning(browser: () => Browser, options: HouseOptions = {}) {
  const morning = await redirectionMorning(options);
  const { board, clock } = morning.house;
  const slots = { slots: (id: string) => board.slots(id) };
  const { url } = await startServer(board, { webFolder: WEB, redirections: morning.desk, clock, slots });
  const show = async (path: string, given: PageOptions = {}) => {
    const opened = await openPage(browser(), `${url}${path}`, given);
    onTestFinished(() => opened.page.context().close());
    return opened;
  };
  return { ...morning, show };
}
