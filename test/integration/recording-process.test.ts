import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { fromInstant, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { LiveFrame } from '#shared/protocol/live.ts';
import type { ReplayBoardBody, ReplayExtent } from '#shared/protocol/replay.ts';
import { withDatabase } from '../support/database.ts';
import { connectWs, fold } from '../support/live-clients.ts';
import { launch, ready } from '../support/server-process.ts';
import { stubTelephony, tinySystem } from '../support/tiny-system.ts';
import { until } from '../support/until.ts';

const database = withDatabase();

/** The board as a client saw it at one revision. */
interface Seen {
  readonly at: EpochMs;
  readonly units: readonly Unit[];
  readonly feeds: readonly FeedStatus[];
}

async function get<T>(url: string, path: string): Promise<{ status: number; body: T }> {
  const { statusCode, body } = await request(`${url}${path}`);
  return { status: statusCode, body: (await body.json()) as T };
}
const boardAt = (url: string, at: EpochMs) => get<ReplayBoardBody>(url, `/api/replay?at=${toInstant(at)}`);
const extent = async (url: string) => (await get<ReplayExtent>(url, '/api/replay/extent')).body;
const lastRecorded = async (url: string) => {
  const { to } = await extent(url);
  return to === null || to === undefined ? -Infinity : fromInstant(to);
};

/** What each moment came to for whoever got these frames: of several revisions at one time, the last. */
function standing(frames: readonly LiveFrame[]): Seen[] {
  const seen = new Map<EpochMs, Seen>();
  frames.forEach((frame, i) => {
    if (frame.type !== 'snapshot' && frame.type !== 'patch') return;
    if (frame.type === 'snapshot' && frame.part.index + 1 < frame.part.of) return;
    const { units, feeds } = fold(frames.slice(0, i + 1));
    const at = fromInstant(frame.at);
    seen.set(at, { at, units, feeds });
  });
  return [...seen.values()];
}

async function watched(url: string) {
  const client = await connectWs(url);
  client.ask({ type: 'subscribe', scope: 'tiny' });
  await client.next('snapshot');
  return client;
}

it('replays what every client saw before a kill, and tells what was never recorded as a gap', async () => {
  const feed = await stubTelephony();
  const { system, data } = tinySystem();
  const env = { HEADROOM_SYSTEM: system, HEADROOM_DATA: data, DATABASE_URL: database.url, FEEDS_URL: feed.url };
  let said = 0;
  /** Goes on saying something new until so many patches came after something of them was in the database. */
  const liveOn = async (url: string, patches: number, recordedAfter: EpochMs) => {
    const client = await watched(url);
    const count = () => client.frames.filter(({ type }) => type === 'patch').length;
    let from: number | null = null;
    await until(
      'patches after the first that was recorded',
      async () => {
        feed.say((said += 1) % 40);
        if (from === null && (await lastRecorded(url)) > recordedAfter) from = count();
        return from !== null && count() - from >= patches;
      },
      30_000,
    );
    return client;
  };

  const first = launch(env);
  const before = await liveOn(await ready(first), 3, -Infinity);
  first.child.kill('SIGKILL');
  await first.ended;
  const seen = standing(before.frames);
  expect(seen.length).toBeGreaterThan(3);

  const second = launch(env);
  const url = await ready(second);
  const again = await liveOn(url, 1, seen.at(-1)?.at ?? 0);
  for (const { at, units, feeds } of seen) {
    const { body } = await boardAt(url, at);
    expect({ at: body.at, units: body.units, feeds: body.feeds }).toEqual({ at: toInstant(at), units, feeds });
  }

  // With its journal goes what the database had not taken yet.
  second.child.kill('SIGKILL');
  await second.ended;
  rmSync(join(data, 'journal'), { recursive: true });
  const third = launch(env);
  const last = await ready(third);
  await until('the new recording', async () => (await extent(last)).stretches?.length === 2, 20_000);
  const { stretches } = await extent(last);
  const [end, begin] = [fromInstant(stretches[0]?.to ?? ''), fromInstant(stretches[1]?.from ?? '')];
  const seenAgain = standing(again.frames);
  for (const { at, units } of seenAgain.filter((each) => each.at <= end)) {
    expect((await boardAt(last, at)).body.units).toEqual(units);
  }
  for (const at of [...seenAgain.filter((each) => each.at > end).map((each) => each.at), end + 1, begin - 1]) {
    const { status, body } = await get<object>(last, `/api/replay?at=${toInstant(at)}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'NOT_RECORDED',
      nearest: { before: { to: stretches[0]?.to }, after: { from: stretches[1]?.from } },
    });
  }
}, 120_000);
