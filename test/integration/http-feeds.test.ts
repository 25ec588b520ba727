import { Value } from 'typebox/value';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import { toInstant } from '#shared/model/time.ts';
import type { Problem } from '#shared/protocol/api.ts';
import { CatalogueSchema } from '#shared/protocol/catalogue.ts';
import { FeedsSummarySchema, KeptAnswerSchema, type FeedsSummary } from '#shared/protocol/feeds.ts';
import type { FeedControl, KeptAnswer, QuarantineRecord, QuarantineView } from '../../server/domain/ports.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM, type MemoryBoard } from '../support/memory-board.ts';
import { manualClock, noControl, startServer } from '../support/server.ts';

const FEED = 'telephony-test';
const board = (definition: Definition = smallDefinition()) => createMemoryBoard(definition);
const get = async (url: string) => {
  const answer = await request(url);
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
};
const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = { 'content-type': 'application/json', ...headers };
  const answer = await request(url, { method: 'POST', body: text, headers: sent });
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
};

/** Notes what is asked of it, and shows a pause on the board as the poller would. */
function recording(live: MemoryBoard): { control: FeedControl; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const control: FeedControl = {
    ...noControl(live),
    pollNow: (ids, keep) => (calls.push(['poll', ids, keep]), ids.length),
    pause(ids, pause) {
      calls.push(['pause', ids, pause]);
      const until = pause.until === null ? null : toInstant(pause.until);
      const paused = { by: pause.by, reason: pause.reason, at: toInstant(MONDAY_8AM), until };
      live.change(
        [],
        ids.map((id) => ({ id, state: 'paused', paused })),
      );
      return ids.length;
    },
    resume(ids, by) {
      calls.push(['resume', ids, by]);
      live.change(
        [],
        ids.map((id) => ({ id, state: 'ok', paused: null })),
      );
      return ids.length;
    },
    async readAgain(group) {
      calls.push(['read again', group]);
      if (group !== 'known') throw Object.assign(new Error('no such group'), { code: 'UNKNOWN_GROUP' });
      return { records: 3, taken: 2, refused: 1 };
    },
  };
  return { control, calls };
}

const record = (id: string): QuarantineRecord => ({
  id,
  feed: FEED,
  supplier: 'test-telecom',
  adapter: 'telephony-queues',
  at: MONDAY_8AM,
  place: '/queues/3/waiting',
  field: '/queues/*/waiting',
  reason: 'less than zero',
  record: '{"odsCode":"P84001"}',
  state: 'kept',
});
const kept = (records: readonly QuarantineRecord[]): QuarantineView & { asked: unknown[] } => {
  const asked: unknown[] = [];
  return { asked, groups: () => [], records: (query) => (asked.push(query), records), today: () => 0, note: () => '' };
};

describe('the health of all feeds', () => {
  it('is told as its schema says, in full or as counts alone', async () => {
    const server = await startServer(board());
    const full = await get(`${server.url}/api/feeds/summary`);
    expect(Value.Check(FeedsSummarySchema, full.body)).toBe(true);
    expect(full.body).toMatchObject({ sentence: 'No feed has been asked yet.', counts: { of: 4 } });
    expect((full.body as FeedsSummary).field.length).toBeGreaterThan(0);
    const counts = await get(`${server.url}/api/feeds/summary?part=counts`);
    expect(Value.Check(FeedsSummarySchema, counts.body)).toBe(true);
    expect(counts.body).toMatchObject({ counts: { of: 4 }, field: [], causes: [], coverageBy: [] });
  });

  it('shows a pause at once, and tells what our own clock is worth', async () => {
    const live = board();
    const { control } = recording(live);
    const server = await startServer(live, { control, clockOffset: () => ({ offMs: 1200, suppliers: 3 }) });
    const before = await get(`${server.url}/api/feeds/summary`);
    expect(before.body).toMatchObject({
      causes: [],
      clock: { offMs: 1200, text: 'Our clock agrees with those of 3 suppliers' },
    });
    await post(`${server.url}/api/feeds/pause`, { feeds: [FEED], reason: 'supplier moves house', minutes: 15 });
    const after = await get(`${server.url}/api/feeds/summary`);
    expect(after.body).toMatchObject({
      causes: [{ title: 'Paused by us', more: '“supplier moves house”, by local-operator, 8am, until 8:15am.' }],
    });
  });

  it('says that our own poller has stopped, and that our clock is wrong', async () => {
    const server = await startServer(board(), {
      conditions: () => [
        { part: 'poller', status: 'down', reason: 'poller-stopped' },
        { part: 'clock', status: 'degraded', reason: 'our clock is 10 minutes ahead' },
      ],
    });
    const { body } = await get(`${server.url}/api/feeds/summary`);
    expect(body).toMatchObject({
      stopped: { since: null },
      causes: [],
      clock: { text: 'our clock is 10 minutes ahead' },
    });
  });
});

describe('refused records', () => {
  it('of one feed are given with place and reason, and their redacted copies', async () => {
    const server = await startServer(board(), { quarantine: kept([record('a')]) });
    const { body } = await get(`${server.url}/api/feeds/${FEED}/rejected`);
    expect(body).toMatchObject({
      feed: FEED,
      rejected: [{ place: '/queues/3/waiting', reason: 'less than zero' }],
      records: [{ id: 'a', at: '2026-11-23T08:00:00.000Z', record: '{"odsCode":"P84001"}', state: 'kept' }],
    });
  });

  it('are found by group and feed, so many at a time', async () => {
    const quarantine = kept([record('a')]);
    const server = await startServer(board(), { quarantine });
    const { body } = await get(`${server.url}/api/feeds/quarantine?group=g&feed=${FEED}&limit=7`);
    expect(body).toMatchObject({ records: [{ id: 'a', field: '/queues/*/waiting' }] });
    await get(`${server.url}/api/feeds/quarantine`);
    expect(quarantine.asked).toEqual([{ group: 'g', feed: FEED, limit: 7 }, { limit: 50 }]);
  });
});

describe('a kept answer', () => {
  it('is given as it was kept, or said not to be there', async () => {
    const live = board();
    const answer: KeptAnswer = {
      ...{ feed: FEED, at: MONDAY_8AM, status: 200, headers: { etag: '"1"' }, bytes: 17, body: '{}' },
      ...{ truncated: false, state: 'ok', fault: '' },
    };
    let held: KeptAnswer | null = null;
    const server = await startServer(live, { control: { ...noControl(live), answer: () => held } });
    expect(await get(`${server.url}/api/feeds/${FEED}/answer`)).toMatchObject({
      status: 404,
      body: { code: 'NO_ANSWER' },
    });
    held = answer;
    const given = await get(`${server.url}/api/feeds/${FEED}/answer`);
    expect(Value.Check(KeptAnswerSchema, given.body)).toBe(true);
    expect(given.body).toEqual({ ...answer, at: '2026-11-23T08:00:00.000Z' });
  });
});

describe('commands to feeds', () => {
  it('poll, pause, resume and read again, each in the audit with who, what and why before it is done', async () => {
    const live = board();
    const { control, calls } = recording(live);
    const server = await startServer(live, { control, clock: manualClock() });
    const url = (command: string) => `${server.url}/api/feeds/${command}`;
    const pause = { feeds: [FEED], reason: 'supplier moves house', minutes: 15 };
    expect(await post(url('poll'), { feeds: [FEED] })).toEqual({ status: 200, body: { feeds: 1 } });
    expect(await post(url('poll'), { feeds: [FEED], keep: true })).toMatchObject({ status: 200 });
    expect(await post(url('pause'), pause)).toEqual({ status: 200, body: { feeds: 1 } });
    expect(await post(url('resume'), { feeds: [FEED] })).toEqual({ status: 200, body: { feeds: 1 } });
    expect(await post(url('read-again'), { group: 'known' })).toEqual({
      status: 200,
      body: { records: 3, taken: 2, refused: 1 },
    });
    expect(calls).toEqual([
      ['poll', [FEED], false],
      ['poll', [FEED], true],
      ['pause', [FEED], { by: 'local-operator', reason: 'supplier moves house', until: MONDAY_8AM + 15 * 60_000 }],
      ['resume', [FEED], 'local-operator'],
      ['read again', 'known'],
    ]);
    const asked = server.audit.filter(({ step }) => step === 'asked');
    expect(asked[2]).toMatchObject({
      at: '2026-11-23T08:00:00.000Z',
      actor: 'local-operator',
      command: 'POST /api/feeds/pause',
      detail: pause,
    });
    expect(asked.length).toBe(5);
  });

  it('do not happen where the audit cannot be written', async () => {
    const live = board();
    const { control, calls } = recording(live);
    const full = () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const server = await startServer(live, { control, audit: { record: full, close: () => undefined } });
    expect(await post(`${server.url}/api/feeds/resume`, { feeds: [FEED] })).toMatchObject({ status: 500 });
    expect(calls).toEqual([]);
  });

  it('pause until somebody resumes, where no time is named', async () => {
    const live = board();
    const { control, calls } = recording(live);
    const server = await startServer(live, { control });
    await post(`${server.url}/api/feeds/pause`, { feeds: [FEED], reason: '  new telephones  ' });
    expect(calls).toEqual([['pause', [FEED], { by: 'local-operator', reason: 'new telephones', until: null }]]);
  });
});

describe('the catalogue', () => {
  it('says what every metric means, how suppliers differ and how old the mapping of slot types is', async () => {
    const definition: Definition = {
      ...smallDefinition(),
      suppliers: [
        {
          id: 'calder-voice',
          name: 'Calder Voice',
          perMinute: 300,
          perSecond: null,
          contact: 'desk',
          fields: { missed: 'lost - hungUp' },
        },
      ],
      slotTypes: {
        reviewed: '2026-10-01',
        types: [{ name: 'Urgent', category: 'general-consultation-acute', patientFacing: true }],
      },
    };
    const server = await startServer(board(definition));
    const { body } = await get(`${server.url}/api/catalogue`);
    expect(Value.Check(CatalogueSchema, body)).toBe(true);
    expect(body).toMatchObject({
      suppliers: [{ id: 'calder-voice', fields: { missed: 'lost - hungUp' } }],
      slotTypes: { reviewed: '2026-10-01', ageDays: 53 },
    });
    expect(body['metrics']).toContainEqual({
      name: 'calls.missed',
      label: 'Missed',
      measure: 'count',
      shape: 'since-midnight',
      definition: 'CBT004',
      expectedEveryMs: 60_000,
      siteKinds: ['practice'],
      group: 'sum',
      optional: false,
      derived: false,
    });
  });
});

type Bad = readonly [
  what: string,
  command: string,
  body: unknown,
  status: number,
  code: string,
  headers?: Record<string, string>,
];
const many = Array.from({ length: 2001 }, (_, i) => `f${i}`);
const BAD: readonly Bad[] = [
  ...['poll', 'pause', 'resume', 'read-again'].flatMap((command): Bad[] => [
    ['no body', command, '', 400, 'BAD_JSON'],
    ['no JSON', command, '{"feeds"', 400, 'BAD_JSON'],
    ['a list', command, [], 400, 'BAD_INPUT'],
    ['null', command, 'null', 400, 'BAD_INPUT'],
    ['an empty object', command, {}, 400, 'BAD_INPUT'],
    [
      'a form',
      command,
      'feeds=x',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['plain text', command, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'text/plain' }],
    ['a page of another site', command, {}, 403, 'ORIGIN_REFUSED', { origin: 'https://evil.example' }],
    ['another name of this server', command, {}, 403, 'HOST_REFUSED', { host: 'evil.example' }],
    ['too much', command, { feeds: [FEED], reason: 'x'.repeat(70_000) }, 413, 'TOO_LARGE'],
    ['a prototype', command, '{"__proto__": {"feeds": ["telephony-test"]}}', 400, 'BAD_JSON'],
  ]),
  ...['poll', 'pause', 'resume'].flatMap((command): Bad[] => [
    [
      'an unknown feed',
      command,
      { feeds: ['nothing'], reason: 'because' },
      command === 'pause' ? 404 : 400,
      command === 'pause' ? 'UNKNOWN_FEED' : 'BAD_INPUT',
    ],
    ['no feeds', command, { feeds: [] }, 400, 'BAD_INPUT'],
    ['an empty id', command, { feeds: [''] }, 400, 'BAD_INPUT'],
    ['an id that is too long', command, { feeds: ['x'.repeat(101)] }, 400, 'BAD_INPUT'],
    ['feeds that are no list', command, { feeds: { 0: FEED } }, 400, 'BAD_INPUT'],
    ['more feeds than any system has at once', command, { feeds: many }, 400, 'BAD_INPUT'],
    ['something more', command, { feeds: [FEED], reason: 'because', by: 'somebody' }, 400, 'BAD_INPUT'],
  ]),
  ['an unknown feed beside a known one', 'poll', { feeds: [FEED, 'nothing'] }, 404, 'UNKNOWN_FEED'],
  ['an unknown feed', 'resume', { feeds: ['__proto__'] }, 404, 'UNKNOWN_FEED'],
  ['to keep what is no yes or no', 'poll', { feeds: [FEED], keep: 'perhaps' }, 400, 'BAD_INPUT'],
  ['a pause without a reason', 'pause', { feeds: [FEED] }, 400, 'BAD_INPUT'],
  ['a reason of two characters', 'pause', { feeds: [FEED], reason: 'ab' }, 400, 'BAD_INPUT'],
  ['a reason that is blank', 'pause', { feeds: [FEED], reason: '     ' }, 400, 'BAD_INPUT'],
  ['a reason that is an essay', 'pause', { feeds: [FEED], reason: 'x'.repeat(201) }, 400, 'BAD_INPUT'],
  ['a pause of no time', 'pause', { feeds: [FEED], reason: 'because', minutes: 0 }, 400, 'BAD_INPUT'],
  ['a pause of half a minute', 'pause', { feeds: [FEED], reason: 'because', minutes: 0.5 }, 400, 'BAD_INPUT'],
  ['a pause of more than a week', 'pause', { feeds: [FEED], reason: 'because', minutes: 10_081 }, 400, 'BAD_INPUT'],
  ['an unknown group', 'read-again', { group: 'nothing' }, 404, 'UNKNOWN_GROUP'],
  ['an empty group', 'read-again', { group: '' }, 400, 'BAD_INPUT'],
  ['a group that is too long', 'read-again', { group: 'x'.repeat(201) }, 400, 'BAD_INPUT'],
];

const ROWS = BAD.map(
  ([what, command, body, status, code, headers = {}]) => [what, command, body, status, code, headers] as const,
);

describe('bad commands', () => {
  it.each(ROWS)('%s to %s does nothing: %j is %i %s', async (_what, command, body, status, code, headers) => {
    const live = board();
    const { control, calls } = recording(live);
    const server = await startServer(live, { control });
    const answer = await post(`${server.url}/api/feeds/${command}`, body, headers);
    const problem = answer.body as unknown as Problem;
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(calls.filter(([what]) => what !== 'read again')).toEqual([]);
    if (code !== 'UNKNOWN_GROUP') expect(calls).toEqual([]);
    if (code === 'UNKNOWN_FEED') expect(problem.detail).toMatch(/nothing|__proto__/);
  });

  it.each([
    ['/api/feeds/summary?part=some', 400, 'BAD_INPUT'],
    ['/api/feeds/summary?more=1', 400, 'BAD_INPUT'],
    ['/api/feeds/quarantine?limit=0', 400, 'BAD_INPUT'],
    ['/api/feeds/quarantine?limit=201', 400, 'BAD_INPUT'],
    ['/api/feeds/quarantine?limit=some', 400, 'BAD_INPUT'],
    ['/api/feeds/quarantine?group=', 400, 'BAD_INPUT'],
    [`/api/feeds/quarantine?group=${'x'.repeat(201)}`, 400, 'BAD_INPUT'],
    ['/api/feeds/quarantine?group=nothing', 404, 'UNKNOWN_GROUP'],
    ['/api/feeds/quarantine?feed=nothing', 404, 'UNKNOWN_FEED'],
    ['/api/feeds/quarantine?feed=a&feed=b', 400, 'BAD_INPUT'],
    ['/api/feeds/quarantine?who=me', 400, 'BAD_INPUT'],
    ['/api/feeds/nothing/answer', 404, 'UNKNOWN_FEED'],
    ['/api/feeds/nothing/rejected', 404, 'UNKNOWN_FEED'],
    [`/api/feeds/${'x'.repeat(101)}/answer`, 400, 'BAD_URL'],
    ['/api/feeds/__proto__/answer', 404, 'UNKNOWN_FEED'],
    ['/api/feeds/poll', 404, 'NOT_FOUND'],
    ['/api/feeds/telephony-test/pause', 404, 'NOT_FOUND'],
  ])('%s is %i %s', async (path, status, code) => {
    const server = await startServer(board());
    expect(await get(`${server.url}${path}`)).toMatchObject({ status, body: { code } });
  });
});
