import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import type { Problem } from '#shared/protocol/api.ts';
import type { Redirections } from '#shared/protocol/redirections.ts';
import type { Scorecard } from '#shared/protocol/scorecard.ts';
import type { RedirectionDesk } from '../../server/domain/redirection/ports.ts';
import { RedirectionProblem, type RedirectionProblemCode } from '../../server/domain/redirection/problem-codes.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { noRedirections, noScorecards } from '../support/no-redirections.ts';
import { manualClock, startServer } from '../support/server.ts';

const KEY = 'a-key-of-its-own';
const HOURS = { from: '2026-01-12T10:00:00Z', to: '2026-01-12T12:00:00Z' };
const STRETCH = { hub: 'HUB1', ...HOURS };
const board = () => createMemoryBoard(smallDefinition());

/** A desk that says what it was asked to do, and does it no more than to refuse it with `problem`. */
function desk(problem = new RedirectionProblem('UNKNOWN_REDIRECTION', 'There is no such redirection')) {
  const asked: string[] = [];
  const refuse = (verb: string) => async () => {
    asked.push(verb);
    return Promise.reject(problem);
  };
  const verbs = ['accept', 'refuse', 'release', 'keep', 'undo', 'acknowledge', 'fulfil', 'offer', 'whatIf'] as const;
  const made: RedirectionDesk = {
    ...noRedirections(),
    preview: () => {
      asked.push('preview');
      throw problem;
    },
    ...(Object.fromEntries(verbs.map((verb) => [verb, refuse(verb)])) as unknown as Pick<
      RedirectionDesk,
      (typeof verbs)[number]
    >),
  };
  return { asked, made };
}

async function send(url: string, body: unknown) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.statusCode, problem: (await answer.body.json()) as Problem };
}

describe('calls that are not as they must be', () => {
  test.each<[string, string, unknown, string]>([
    ['no body', 'r1/accept', {}, '/body/key'],
    ['no revision', 'r1/accept', { key: KEY }, '/body/revision'],
    ['a key too short to be one', 'r1/accept', { key: 'k', revision: 1 }, '/body/key'],
    ['a revision below 1', 'r1/release', { key: KEY, revision: 0 }, '/body/revision'],
    [
      'half a slot',
      'r1/accept',
      { key: KEY, revision: 1, shares: [{ practice: 'P1', slots: 1.5 }] },
      '/body/shares/0/slots',
    ],
    [
      'fewer than none',
      'r1/accept',
      { key: KEY, revision: 1, shares: [{ practice: 'P1', slots: -1 }] },
      '/body/shares/0/slots',
    ],
    ['what nobody asked for', 'r1/undo', { key: KEY, revision: 1, why: 'so' }, '/body/why'],
    ['a refusal without a reason', 'r1/refuse', { key: KEY, revision: 1 }, '/body/reason'],
    ['a reason that there is not', 'r1/refuse', { key: KEY, revision: 1, reason: 'busy' }, '/body/reason'],
    ['no practice', 'r1/acknowledge', { key: KEY, revision: 1 }, '/body/practice'],
    ['no number', 'r1/fulfil', { key: KEY, revision: 1 }, '/body/booked'],
    ['an offer to nobody', '', { key: KEY, ...STRETCH, shares: [] }, '/body/shares'],
    [
      'a time that is none',
      '',
      { key: KEY, ...STRETCH, from: 'ten', shares: [{ practice: 'P1', slots: 1 }] },
      '/body/from',
    ],
    ['a preview of no hub', 'preview', { ...HOURS, shares: [] }, '/body/hub'],
    ['a preview of a hub without a name', 'preview', { ...STRETCH, hub: '', shares: [] }, '/body/hub'],
    ['a preview from no time', 'preview', { ...STRETCH, from: 'ten', shares: [] }, '/body/from'],
    ['a preview to a time of no zone', 'preview', { ...STRETCH, to: '2026-01-12T12:00:00', shares: [] }, '/body/to'],
    ['a preview for nobody knows whom', 'preview', STRETCH, '/body/shares'],
    ['a preview with a key', 'preview', { ...STRETCH, key: KEY, shares: [] }, '/body/key'],
    ['a share of nobody', 'preview', { ...STRETCH, shares: [{ slots: 1 }] }, '/body/shares/0/practice'],
    ...[-1, 0.5, 501].map((slots): [string, string, unknown, string] => [
      `a share of ${slots}`,
      'preview',
      {
        ...STRETCH,
        shares: [
          { practice: 'P1', slots: 1 },
          { practice: 'P2', slots },
        ],
      },
      '/body/shares/1/slots',
    ]),
    [
      'more practices than there may be',
      'preview',
      { ...STRETCH, shares: Array.from({ length: 101 }, (_, i) => ({ practice: `P${i}`, slots: 1 })) },
      '/body/shares',
    ],
    ['what if nothing', 'what-if', { changes: [] }, '/body/changes'],
    [
      'what if too much',
      'what-if',
      { changes: Array.from({ length: 21 }, () => ({ what: 'without', practice: 'P1' })) },
      '/body/changes',
    ],
    ['a change that there is not', 'what-if', { changes: [{ what: 'open', hub: 'HUB1' }] }, '/body/changes/0/what'],
    [
      'a change to no time',
      'what-if',
      {
        changes: [
          { what: 'without', practice: 'P1' },
          { what: 'close', ...STRETCH, to: 'noon' },
        ],
      },
      '/body/changes/1/to',
    ],
    [
      'a clinician of four minutes',
      'what-if',
      { changes: [{ what: 'clinician', ...STRETCH, minutes: 4, channel: 'video' }] },
      '/body/changes/0/minutes',
    ],
    [
      'more patients than may be sent',
      'what-if',
      { changes: [{ what: 'send', hub: 'HUB1', practice: 'P1', slots: 201 }] },
      '/body/changes/0/slots',
    ],
  ])('%s: nothing is asked of the desk', async (_, path, body, place) => {
    const { asked, made } = desk();
    const server = await startServer(board(), { redirections: made });
    const { status, problem } = await send(`${server.url}/api/redirections${path === '' ? '' : `/${path}`}`, body);
    expect([status, problem.code]).toEqual([400, 'BAD_INPUT']);
    expect(new Set(problem.errors?.map((fault) => fault.path))).toEqual(new Set([place]));
    expect(asked).toEqual([]);
  });
});

describe('a decision that cannot be taken', () => {
  test.each<[RedirectionProblemCode, number, number | null]>([
    ['UNKNOWN_REDIRECTION', 404, null],
    ['REDIRECTION_MOVED_ON', 409, null],
    ['NOT_POSSIBLE_NOW', 409, null],
    ['SLOTS_GONE', 409, 9],
    ['UNDO_OVER', 409, null],
    ['BAD_SHARES', 422, null],
    ['NOT_KEPT', 503, null],
  ])('%s is told by its code, %i', async (code, expected, available) => {
    const { asked, made } = desk(new RedirectionProblem(code, 'Why not', available));
    const server = await startServer(board(), { redirections: made });
    const { status, problem } = await send(`${server.url}/api/redirections/r1/accept`, { key: KEY, revision: 1 });
    expect([status, problem.code, problem.detail]).toEqual([expected, code, 'Why not']);
    expect(problem.available).toBe(available ?? undefined);
    expect(asked).toEqual(['accept']);
    expect(server.audit.map(({ step, status: then }) => [step, then])).toEqual([
      ['asked', undefined],
      ['done', expected],
    ]);
  });
});

describe('the list', () => {
  test('says that nothing is proposed and why, and nothing again to its own ETag', async () => {
    const server = await startServer(board());
    const first = await request(`${server.url}/api/redirections?unit=N1`);
    const body = (await first.body.json()) as Redirections;
    expect([first.statusCode, body.redirections, body.nothing]).toEqual([200, [], 'Nobody waits without a slot.']);
    const again = await request(`${server.url}/api/redirections?unit=N1`, {
      headers: { 'if-none-match': String(first.headers['etag']) },
    });
    expect(again.statusCode).toBe(304);
    await again.body.dump();
  });
  test('knows the units of its system only', async () => {
    const server = await startServer(board());
    const answer = await request(`${server.url}/api/redirections?unit=nowhere`);
    expect([answer.statusCode, ((await answer.body.json()) as Problem).code]).toEqual([404, 'UNKNOWN_UNIT']);
  });
});

describe('the scorecard of a week', () => {
  const ask = async (query: string, more: object = {}) => {
    const server = await startServer(board(), more);
    const answer = await request(`${server.url}/api/redirections/scorecard${query}`);
    // As it came: what decodes text leaves the mark at its front out.
    const text = Buffer.from(await answer.body.arrayBuffer()).toString('utf8');
    return { status: answer.statusCode, headers: answer.headers, text };
  };

  test('is of this week and all units, or of the one asked for', async () => {
    const whole = JSON.parse((await ask('')).text) as Scorecard;
    expect(whole).toMatchObject({ current: true, next: null, hours: 168, unit: 'small' });
    expect(whole.lines.map(({ unit }) => unit)).toEqual(['small', 'place', 'N1', 'N2']);
    const { previous } = whole;
    const one = JSON.parse((await ask(`?week=${previous}&unit=N2`)).text) as Scorecard;
    expect(one).toMatchObject({ week: previous, current: false, next: whole.week, lines: [{ unit: 'N2' }] });
    expect(JSON.parse((await ask('?at=2026-03-29T12:00:00Z', { clock: manualClock(4e12) })).text)).toMatchObject({
      ...{ week: '2026-W13', hours: 167, from: '2026-03-23T00:00:00.000Z', to: '2026-03-29T23:00:00.000Z' },
    });
  });

  test('comes as a file that a spreadsheet opens, in which a name is no formula and the unknown is empty', async () => {
    const definition = smallDefinition();
    const units = definition.units.map((unit) => (unit.id === 'N1' ? { ...unit, name: '=HYPERLINK("x")' } : unit));
    const named = createMemoryBoard({ ...definition, units });
    const { headers, text } = await ask('?format=csv', { scorecards: noScorecards(named) });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="redirections-\d{4}-W\d{2}\.csv"$/);
    const [head = '', ...rows] = text.split('\r\n');
    expect(head.startsWith('\ufeffWeek,From (London),To (London),')).toBe(true);
    expect(rows[2]).toContain(`"'=HYPERLINK(""x"")",N1,neighbourhood,place,16000,0,0,0,0,0`);
    expect(rows[2]?.endsWith(',,,,,,')).toBe(true);
  });

  test.each([
    ['?week=2026-W60', 400, '/query/week'],
    ['?week=last', 400, '/query/week'],
    ['?week=2990-W01', 400, 'has not begun'],
    ['?week=2026-W03&at=2026-01-12T08:00:00Z', 400, '/query/at'],
    ['?format=pdf', 400, '/query/format'],
    ['?unit=P1', 404, 'UNKNOWN_UNIT'],
    ['?unit=nobody', 404, 'UNKNOWN_UNIT'],
  ])('%s: %i, %s', async (query, status, words) => {
    const answer = await ask(query);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(words)]);
  });

  test('of an older week needs the database, and says so', async () => {
    const away = async () => Promise.reject(Object.assign(new Error('away'), { code: 'STORE_UNAVAILABLE' }));
    const { status, text } = await ask('?week=2025-W50', { scorecards: { of: away } });
    expect([status, (JSON.parse(text) as Problem).code]).toEqual([503, 'STORE_UNAVAILABLE']);
  });
});
