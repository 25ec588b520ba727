import process from 'node:process';
import type { Browser } from 'playwright-core';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { startSystem, type RunningSystem } from '../support/running-system.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;

let system: RunningSystem;
let browser: Browser;

const board = async (): Promise<BoardBody> => {
  const { statusCode, body } = await request(`${system.url}/api/board`);
  const parsed = (await body.json()) as BoardBody;
  if (statusCode !== 200) throw new Error(`the board answered ${statusCode}`);
  return parsed;
};

/** The board, or null while nobody answers: what a test polls while the server is being restarted. */
const boardIfUp = () => board().catch(() => null);

const unitOf = (body: BoardBody, id: string) => {
  const unit = body.units.find((u) => u.id === id);
  if (!unit) throw new Error(`no unit ${id}`);
  return unit;
};

beforeAll(async () => {
  [system, browser] = await Promise.all([
    startSystem({ args: ['--system', 'sefton', '--from', '2026-01-12T08:40', '--speed', '20'] }),
    launchBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

describe('the control room of a system that has just been started', () => {
  it('shows the level, the sentence, that it is simulated, and how old the data is', async () => {
    const { page, errors } = await openPage(browser, system.url);
    await page.getByRole('heading', { level: 1, name: 'Sefton' }).waitFor();
    await until('the system is judged', async () => (await board()).units[0]?.level !== null, MINUTE);
    await page
      .getByText(/(Normal|Moderate|Severe|Extreme)(, (rising|falling))? · score \d+/)
      .first()
      .waitFor();
    await page.getByText('Simulated · ×20').first().waitFor();
    await page.getByText(/practices report · \d+% of patients/).waitFor();
    await page.getByText(/newest \d+ s/).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('opens a practice by its address, with its indicators and the feeds behind it', async () => {
    const practice = (await board()).units.find((u) => u.siteKind === 'practice');
    if (!practice) throw new Error('Sefton has no practice');
    const { page, errors } = await openPage(browser, `${system.url}/units/${practice.id}`);
    await page.getByRole('heading', { level: 1, name: practice.name }).waitFor();
    await page.getByText('Longest wait now').first().waitFor();
    await page.getByText('Telephony queue').first().waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('holds on a phone: nothing is wider than the screen', async () => {
    const { page } = await openPage(browser, system.url, { viewport: { width: 390, height: 844 } });
    await page.getByText('Sefton').first().waitFor();
    await until('it is drawn', async () => (await page.getByText('Worst now').count()) > 0, MINUTE);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.context().close();
  });
});

describe('when a process is killed', () => {
  it('takes the server up again where it was: same sequence, same day, without a reload', async () => {
    const { page } = await openPage(browser, system.url);
    await page.getByRole('heading', { level: 1, name: 'Sefton' }).waitFor();
    await page.evaluate('window.stillTheSamePage = true');
    const before = await board();
    const day = unitOf(before, 'sefton').day;
    const old = system.pidOf('server');
    process.kill(old ?? 0, 'SIGKILL');
    await until(
      'another server answers',
      async () => system.pidOf('server') !== old && (await boardIfUp()) !== null,
      MINUTE,
    );
    await until('it goes on', async () => ((await boardIfUp())?.seq ?? 0) > before.seq, MINUTE);
    const after = await board();
    expect(after.epoch).toBe(before.epoch);
    expect(after.seq).toBeGreaterThan(before.seq);
    // What was recorded of the day stands: unrecorded quarters may only have been added at its end.
    const recorded = day.replace(/\.+$/, '').slice(0, -1);
    expect(unitOf(after, 'sefton').day.startsWith(recorded)).toBe(true);
    await until('the page shows newer data', async () => /newest \d s/.test(await page.innerText('body')), MINUTE);
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    await page.context().close();
  });

  it('says on the screen since when it is not live while the server is frozen, and is right afterwards', async () => {
    const { page } = await openPage(browser, system.url, { clock: true });
    await page.getByRole('heading', { level: 1, name: 'Sefton' }).waitFor();
    const pid = system.pidOf('server') ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      await until('it is not live', async () => {
        await page.clock.fastForward(5000);
        return (await page.getByText(/not live since \d+:\d\d[ap]m/).count()) > 0;
      });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await page
      .getByText(/not live since/)
      .first()
      .waitFor({ state: 'detached', timeout: MINUTE });
    const score = async () => Math.round((await board()).units[0]?.score ?? -1);
    await until(
      'page and board say the same',
      async () => (await page.innerText('body')).includes(`score ${await score()}`),
      MINUTE,
    );
    await page.context().close();
  });

  it('goes on counting a day through the death of the simulator', async () => {
    const inbound = async () => unitOf(await board(), 'sefton').metrics['calls.inbound']?.value ?? null;
    await until('calls are counted', async () => (await inbound()) !== null, MINUTE);
    const before = (await inbound()) ?? 0;
    const old = system.pidOf('simulator');
    process.kill(old ?? 0, 'SIGKILL');
    await until('another simulator runs', () => ![null, old].includes(system.pidOf('simulator')), MINUTE);
    await until('calls go on', async () => ((await inbound()) ?? 0) > before, MINUTE);
    // Feeds that failed while it began anew are left alone for half a minute, and then for a whole one.
    const well = async () => (await board()).feeds.every((f) => f.state === 'ok');
    await until('every feed is well', well, 3 * MINUTE);
  }, 360_000);

  it('stays live while the database is dead, says so, and writes down afterwards what came meanwhile', async () => {
    const health = async () => {
      const { body } = await request(`${system.url}/api/health/ready`);
      return (await body.json()) as { status: string; reasons: string[] };
    };
    await until('the store is well', async () => (await health()).status === 'ok', MINUTE);
    const { page } = await openPage(browser, `${system.url}/wall/system`);
    await page.getByText(/^data \d+ s old$/).waitFor();
    const { seq } = await board();
    process.kill(system.pidOf('database') ?? 0, 'SIGKILL');
    await until('the supervisor says so', () => system.said().includes('The database ended'), MINUTE);
    await until('the board goes on', async () => (await board()).seq > seq, MINUTE);
    await until('the store is well again', async () => (await health()).status === 'ok', MINUTE);
    await until('the supervisor says that it is back', () => system.said().includes('The database is back.'), MINUTE);
    // A wall lives on the board alone, and noticed nothing.
    await page.getByText(/^data \d+ s old$/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/Normal|Moderate|Severe|Extreme/);
    await page.context().close();
    const at = (await board()).clock.now;
    const practice = (await board()).units.find((u) => u.siteKind === 'practice')?.id ?? '';
    const from = new Date(at - 30 * MINUTE).toISOString();
    const series = async () => {
      const query = `metric=calls.inbound&from=${from}&to=${new Date(at).toISOString()}&step=${5 * MINUTE}`;
      const { body } = await request(`${system.url}/api/units/${practice}/series?${query}`);
      const answer = (await body.json()) as { points?: [number, number | null][] };
      // The loss may be noticed only now, by this very question: then there is no series yet.
      return answer.points ?? [];
    };
    const whole = ([start]: [number, number | null]) => start >= at - 15 * MINUTE && start + 5 * MINUTE <= at;
    await until(
      'no bucket of the outage is a gap',
      async () => {
        const buckets = (await series()).filter(whole);
        return buckets.length > 0 && buckets.every(([, v]) => v !== null);
      },
      MINUTE,
    );
  });
});
