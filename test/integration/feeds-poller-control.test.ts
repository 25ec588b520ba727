import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/model/time.ts';
import type { FeedDef } from '#shared/model/definition.ts';
import type { Quarantine, Refused, StoredDocument } from '../../server/feeds/quarantine.ts';
import { NO_QUARANTINE } from '../../server/feeds/quarantine.ts';
import { createTestClock, setUpPolling, type Polling, type PollingOptions } from '../fixtures/feeds/polling.ts';
import {
  CANARY,
  CANARY_TEXT,
  feedOf,
  NOW,
  queue,
  searchset,
  siteOf,
  slot,
  slotIncludes,
  telephony,
} from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, until, type Supplier } from '../fixtures/feeds/supplier.ts';

let supplier: Supplier;
let folder: string;
const made: Polling[] = [];
beforeEach(async () => {
  supplier = await startSupplier();
  folder = mkdtempSync(join(tmpdir(), 'pauses-'));
});
afterEach(async () => {
  for (const { poller } of made.splice(0)) await poller.stop();
  await supplier.close();
  rmSync(folder, { recursive: true, force: true });
});

function setUp(options: PollingOptions): Polling {
  const polling = setUpPolling({ ...options, secrets: { FEEDS_URL: supplier.origin } });
  made.push(polling);
  return polling;
}
const site = siteOf('P81001');
const phones = (more: Partial<FeedDef> = {}) =>
  feedOf('telephony-queues', { id: 'phones', url: '${FEEDS_URL}/phones', sites: ['P81001'], ...more });
const why = { by: 'local', reason: 'works at the exchange', until: null };

describe('a paused feed', () => {
  it('says so, is not asked by anything, and is asked at once when it is resumed', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    supplier.on('/other', sendJson(telephony(queue('P81001'))));
    const other = phones({ id: 'other', url: '${FEEDS_URL}/other' });
    const { poller, of } = setUp({ units: [site], feeds: [phones(), other], clock: createTestClock(60) });
    poller.start();
    await until(() => of('phones').length >= 2, 'it was polled');
    expect(of('phones')[0]?.paused).toBeNull();
    expect(of('phones')[1]?.paused).toBeUndefined();
    expect(poller.control.pause(['phones'], why)).toBe(1);
    const last = of('phones').at(-1);
    expect(last).toMatchObject({
      state: 'paused',
      fault: 'paused: works at the exchange',
      nextPollAt: null,
      paused: { by: 'local', reason: 'works at the exchange', until: null },
    });
    const seen = supplier.seen('/phones').length;
    const others = of('other').length;
    expect(poller.control.pollNow(['phones'], true)).toBe(0);
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'paused' });
    await until(() => of('other').length >= others + 4, 'the schedule went round four times');
    expect(supplier.seen('/phones')).toHaveLength(seen);
    expect(of('phones').at(-1)).toBe(last);
    expect(poller.control.resume(['phones', 'other'], 'local')).toBe(1);
    await until(() => of('phones').at(-1) !== last, 'it was asked');
    expect(of('phones').at(-1)).toMatchObject({ state: 'ok', paused: null });
  });

  it('takes nothing from an answer that was under way, and misses nothing of it afterwards', async () => {
    const release: (() => void)[] = [];
    supplier.on('/phones', (request, response) => {
      if (request.headers['if-none-match']) return void response.writeHead(304).end();
      release.push(() => sendJson(telephony(queue('P81001')), { etag: '"x"' })(request, response));
    });
    const { poller, outcomes } = setUp({ units: [site], feeds: [phones()] });
    const polled = poller.pollNow('phones');
    await until(() => release.length === 1, 'the request is there');
    poller.control.pause(['phones'], why);
    release[0]?.();
    expect(await polled).toMatchObject({ state: 'paused' });
    expect(outcomes.map(({ state }) => state)).toEqual(['paused']);
    poller.control.resume(['phones'], 'local');
    await until(() => release.length === 2, 'it is asked again');
    release[1]?.();
    await until(() => outcomes.length === 2, 'its answer came');
    expect(outcomes[1]).toMatchObject({ state: 'ok', unchanged: false });
  });

  it('stays paused over a restart', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const options = { units: [site], feeds: [phones()], pausesFile: join(folder, 'paused.json') };
    const first = setUp(options);
    first.poller.control.pause(['phones'], why);
    await first.poller.stop();
    const second = setUp({ ...options, clock: createTestClock(60) });
    second.poller.start();
    expect(second.outcomes).toEqual([expect.objectContaining({ state: 'paused', nextPollAt: null })]);
    second.poller.control.resume(['phones'], 'local');
    await until(() => second.outcomes.length > 1, 'it is polled');
    await second.poller.stop();
    const third = setUp(options);
    third.poller.start();
    await until(() => third.outcomes.length > 0, 'it is polled');
    expect(third.outcomes[0]).toMatchObject({ state: 'ok', paused: null });
  });

  it('is asked again by itself when the time is over, by the clock of the product', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const { poller, clock, outcomes } = setUp({
      units: [site],
      feeds: [phones({ schedule: '0 0 3 * * *' })],
      pausesFile: join(folder, 'paused.json'),
    });
    poller.control.pause(['phones'], { ...why, until: NOW + 15 * MINUTE });
    poller.start();
    clock.advance(15 * MINUTE);
    await until(() => outcomes.at(-1)?.state === 'ok', 'it is polled');
    expect(outcomes.at(-1)).toMatchObject({ paused: null });
    await poller.stop();
    const after = setUp({ units: [site], feeds: [phones()], pausesFile: join(folder, 'paused.json') });
    expect(await after.poller.pollNow('phones')).toMatchObject({ state: 'ok' });
  });

  it('is not paused where that cannot be written down', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const { poller } = setUp({ units: [site], feeds: [phones()], pausesFile: join(folder, 'gone', 'paused.json') });
    expect(() => poller.control.pause(['phones'], why)).toThrow(
      expect.objectContaining({ code: 'PAUSES_NOT_KEPT' }) as Error,
    );
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'ok' });
  });

  it('may be one site of a feed, or all of them', () => {
    const units = ['P81001', 'P81002', 'P81003'].map((id) => siteOf(id));
    const feed = phones({ url: '${FEEDS_URL}/{ods}', sites: units.map(({ id }) => id) });
    const { poller, outcomes } = setUp({ units, feeds: [feed] });
    const { control } = poller;
    expect(control.pause(['phones:P81002'], why)).toBe(1);
    expect(control.pause(['phones', 'phones:P81002', 'nothing'], why)).toBe(3);
    expect(outcomes).toHaveLength(4);
    expect(control.resume(['phones'], 'local')).toBe(3);
    expect(['phones', 'phones:P81001', 'phones:P81009', 'nothing'].map(control.knows)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the last answer', () => {
  it('is kept on request, whole although nothing changed, redacted, with harmless headers only', async () => {
    supplier.on('/phones', (request, response) => {
      if (request.headers['if-none-match']) return void response.writeHead(304).end();
      const payload = { ...telephony(queue('P81001', { caller: CANARY_TEXT })), operator: CANARY.name };
      sendJson(payload, { etag: '"x"', 'set-cookie': 'open-sesame', 'x-user': CANARY.name })(request, response);
    });
    const { poller, of } = setUp({ units: [site], feeds: [phones()] });
    await poller.pollNow('phones');
    expect(poller.control.answer('phones')).toBeNull();
    expect(poller.control.pollNow(['phones'], true)).toBe(1);
    await until(() => of('phones').length === 2, 'it was asked');
    const answer = poller.control.answer('phones');
    expect(answer).toMatchObject({ feed: 'phones', status: 200, state: 'ok', truncated: false, fault: '' });
    expect(Object.keys(answer?.headers ?? {}).sort()).toEqual(['content-type', 'date', 'etag']);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ queues: [{ odsCode: 'P81001', waiting: 7 }] });
    const said = JSON.stringify(answer);
    for (const word of [...Object.values(CANARY), 'open-sesame']) expect(said).not.toContain(word);
    await poller.pollNow('phones');
    expect(of('phones').at(-1)).toMatchObject({ unchanged: true });
  });

  it('is kept unasked when a feed turns bad, and has no body where it is none that can be redacted', async () => {
    let answer = sendJson(telephony(queue('P81001')));
    supplier.on('/phones', (request, response) => answer(request, response));
    const { poller } = setUp({ units: [site], feeds: [phones()] });
    const { control } = poller;
    await poller.pollNow('phones');
    answer = sendJson({ message: CANARY_TEXT, count: 3 });
    await poller.pollNow('phones');
    expect(control.answer('phones')).toMatchObject({ state: 'invalid', status: 200 });
    expect(JSON.parse(control.answer('phones')?.body ?? '')).toMatchObject({ count: 3 });
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${CANARY_TEXT}`);
    await poller.pollNow('phones');
    expect(control.answer('phones')).toMatchObject({ state: 'wrong-type', body: null });
    answer = sendJson({ error: CANARY_TEXT }, { 'retry-after': '9' }, 500);
    await poller.pollNow('phones');
    expect(control.answer('phones')).toMatchObject({
      state: 'server-error',
      status: 500,
      headers: { 'retry-after': '9' },
    });
    expect(JSON.stringify(control.answer('phones'))).not.toContain(CANARY.name);
  });
});

/** Quarantine as the poller sees it: what it is given, and what it hands out. */
function quarantineOf(documents: readonly StoredDocument[] = []) {
  const taken: Refused[] = [];
  const settled: string[] = [];
  const quarantine: Quarantine = {
    ...NO_QUARANTINE,
    take: (refused) => void taken.push(refused),
    stored: (group) => (group === 'g' ? documents : null),
    settle: (id, state) => void settled.push(`${id} ${state}`),
  };
  return { quarantine, taken, settled };
}

describe('what was refused', () => {
  it('goes into quarantine with its answer, once, and whole where the answer as such is wrong', async () => {
    const { quarantine, taken } = quarantineOf();
    const body = telephony(queue('P81001', { waiting: -1 }));
    let answer = sendJson(body);
    supplier.on('/phones', (request, response) => answer(request, response));
    const { poller, clock } = setUp({ units: [site], feeds: [phones()], quarantine });
    await poller.pollNow('phones');
    clock.advance(15_000);
    await poller.pollNow('phones');
    expect(taken).toEqual([
      expect.objectContaining({
        at: NOW,
        payload: body,
        count: 1,
        rejections: [
          { place: '/queues/0/waiting', reason: expect.stringMatching(/^must be a whole number/) as string },
        ],
      }),
    ]);
    answer = sendJson({ queues: 'none' });
    await poller.pollNow('phones');
    expect(taken[1]).toMatchObject({ count: 1, rejections: [{ place: '' }], payload: { queues: 'none' } });
    answer = sendJson(telephony(queue('P81001')));
    await poller.pollNow('phones');
    expect(taken).toHaveLength(2);
  });

  it('does not end a poll where quarantine fails', async () => {
    const { quarantine } = quarantineOf();
    const broken: Quarantine = {
      ...quarantine,
      take: () => {
        throw new Error('no room');
      },
    };
    supplier.on('/phones', sendJson(telephony(queue('P81001', { waiting: -1 }))));
    const { poller, logged } = setUp({ units: [site], feeds: [phones()], quarantine: broken });
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'partly-rejected', rejected: 1 });
    expect(logged.join()).toContain('feed-quarantine-failed');
  });

  it('is read again as late data of its own time, without what the copy does not say', async () => {
    const document = (id: string, feed: string, payload: unknown): StoredDocument => ({
      ...{ id, feed, at: NOW - 10 * MINUTE, askedAt: NOW - 10 * MINUTE, document: payload, records: 1 },
    });
    const good = { ...telephony(queue('P81001')), generatedAt: '2026-09-14T08:19:30Z' };
    const slots = searchset([...slotIncludes(), slot('free', '2026-09-14T09:00:00.000+00:00')]);
    const { quarantine, settled } = quarantineOf([
      document('one', 'phones', good),
      document('two', 'phones', telephony(queue('P81001', { waiting: -1 }))),
      document('three', 'phones', { queues: 3 }),
      document('four', 'slots:P81001', slots),
      document('five', 'gone', good),
    ]);
    const feeds = [
      phones({ sites: ['P81001', 'P81002'] }),
      feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', sites: ['P81001'] }),
    ];
    const { poller, outcomes } = setUp({ units: [site, siteOf('P81002')], feeds, quarantine });
    expect(await poller.control.readAgain('g')).toEqual({ records: 5, taken: 2, refused: 3 });
    expect(settled).toEqual([
      'one read-again',
      'two refused-again',
      'three refused-again',
      'four read-again',
      'five refused-again',
    ]);
    const [late] = outcomes;
    expect(late).toMatchObject({ feed: 'phones', again: true, observedAt: NOW - 10.5 * MINUTE, slots: [] });
    expect(late?.readings).toContainEqual({ site: 'P81001', metric: 'calls.waiting', value: 7 });
    for (const { readings } of outcomes)
      for (const { site: id, value } of readings) expect([id, value]).toEqual(['P81001', expect.any(Number)]);
    // Part of a document's slots is no count of slots.
    expect(outcomes.every(({ feed }) => feed === 'phones')).toBe(true);
  });

  it('can only be read again by a group that there is', async () => {
    const { poller } = setUp({ units: [site], feeds: [phones()], quarantine: quarantineOf().quarantine });
    await expect(poller.control.readAgain('none')).rejects.toMatchObject({ code: 'UNKNOWN_GROUP' });
  });
});
