import { Value } from 'typebox/value';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NormalDaySchema, type NormalDay } from '#shared/protocol/normals.ts';
import { HOUR, QUARTER } from '#shared/model/time.ts';
import { QUARTERS } from '../../server/domain/normal/day-fold.ts';
import type { SiteCells } from '../../server/domain/normal/metric-day.ts';
import type { LearnedCells } from '../../server/http/usual.ts';
import { StoreUnavailable } from '../../server/store/errors.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';

const MONDAY = Date.UTC(2026, 10, 23);

/** Own days on which every quarter hour brought `rise`, as a running total; or stood at it. */
function cells(value: (quarter: number) => number, source: SiteCells['source'] = 'own'): SiteCells {
  const of = (scale: number) => new Float32Array(QUARTERS).map((_, q) => value(q) * scale);
  const days = source === 'own' ? 8 : 0;
  return {
    source,
    kind: 1,
    alike: '24 practices of like size',
    cells: { days, usual: of(1), low: of(0.5), high: of(2) },
  };
}
const totals = (rise: number) => cells((q) => (q + 1) * rise);

const serve = (learned: LearnedCells, usual: number | null = null) =>
  startServer(createMemoryBoard(smallDefinition()), {
    learned,
    normal: { label: 'expected from published months', usual: () => usual, usualSeries: () => [] },
  });
const ask = async (url: string) => {
  const answer = await request(url);
  return {
    status: answer.statusCode,
    body: (await answer.body.json()) as NormalDay & { code?: string; usual: unknown[] },
  };
};

describe('what is usual through a day', () => {
  it('is told by quarter hours with its range, and with the days behind it', async () => {
    const asked: unknown[] = [];
    const server = await serve(async (day, metric) => (asked.push([day, metric]), new Map([['P1', totals(2)]])));
    const { body } = await ask(`${server.url}/api/units/P1/normal?metric=calls.inbound`);
    expect(Value.Check(NormalDaySchema, body)).toBe(true);
    expect(asked).toEqual([[MONDAY, 'calls.inbound']]);
    expect(body).toMatchObject({
      ...{ unit: 'P1', measure: 'count', day: '2026-11-23', kind: 'Monday' },
      about: { source: 'own', days: 8, label: 'usual of 8 Mondays' },
    });
    expect(body.quarters).toHaveLength(96);
    expect(body.quarters[3]).toEqual([MONDAY + 3 * QUARTER, 8, 4, 16]);
  });

  it('has as many quarter hours as the day has, and says what kind of day it is', async () => {
    const server = await serve(async () => new Map([['P1', totals(2)]]));
    const of = async (day: string) =>
      (await ask(`${server.url}/api/units/P1/normal?metric=calls.inbound&day=${day}`)).body;
    expect((await of('2026-03-29')).quarters).toHaveLength(92);
    expect((await of('2026-10-25')).quarters).toHaveLength(100);
    expect((await of('2026-05-25')).kind).toBe('Bank holiday');
    expect((await of('2026-05-26')).kind).toBe('Day after a bank holiday');
  });

  it('is what peers or published months expect where nothing of its own is known, and says so', async () => {
    const peers = await serve(async () => new Map([['P1', cells(() => 5, 'peers')]]));
    expect((await ask(`${peers.url}/api/units/P1/normal?metric=slots.free`)).body.about).toEqual({
      source: 'peers',
      days: 0,
      label: 'expected from 24 practices of like size',
    });
    const published = await serve(async () => new Map(), 7);
    const { body } = await ask(`${published.url}/api/units/P1/normal?metric=calls.longest-wait`);
    expect(body.about).toEqual({ source: 'published', days: 0, label: 'expected from published months' });
    expect(body.quarters[0]).toEqual([MONDAY, 7, null, null]);
  });

  it('is empty where nothing is known, never zero', async () => {
    const server = await serve(async () => new Map());
    expect((await ask(`${server.url}/api/units/P1/normal?metric=slots.free`)).body).toMatchObject({
      about: null,
      quarters: [],
    });
  });

  it('adds up over the practices of a group, as weak as the weakest, and not over a part of them', async () => {
    const both = await serve(
      async () =>
        new Map([
          ['P1', totals(2)],
          ['P2', totals(3)],
        ]),
    );
    const group = (await ask(`${both.url}/api/units/N1/normal?metric=calls.inbound`)).body;
    expect(group.quarters[0]).toEqual([MONDAY, 5, null, null]);
    expect(group.about).toMatchObject({ source: 'own', days: 8 });
    const one = await serve(async () => new Map([['P1', totals(2)]]));
    expect((await ask(`${one.url}/api/units/N1/normal?metric=calls.inbound`)).body.quarters).toEqual([]);
    expect((await ask(`${both.url}/api/units/N1/normal?metric=calls.answered-share`)).body.quarters).toEqual([]);
  });

  it('says that the history cannot be read while the database is away', async () => {
    const server = await serve(() => Promise.reject(new StoreUnavailable('away')));
    expect(await ask(`${server.url}/api/units/P1/normal?metric=calls.inbound`)).toMatchObject({
      status: 503,
      body: { code: 'STORE_UNAVAILABLE' },
    });
  });
});

describe('what is usual beside a series', () => {
  const series = (url: string, unit: string, metric: string, step = HOUR) =>
    ask(`${url}/api/units/${unit}/series?metric=${metric}&step=${step}`).then(({ body }) => body.usual);

  it('is the learned rise within each bucket, summed over the practices of a group', async () => {
    const server = await serve(
      async () =>
        new Map([
          ['P1', totals(2)],
          ['P2', totals(3)],
        ]),
    );
    const site = await series(server.url, 'P1', 'calls.inbound');
    expect([site.length, site[0], site[23]]).toEqual([24, [MONDAY, 8], [MONDAY + 23 * HOUR, 8]]);
    expect((await series(server.url, 'N1', 'calls.inbound'))[9]).toEqual([MONDAY + 9 * HOUR, 20]);
    const fine = await series(server.url, 'P1', 'calls.inbound', 5 * 60_000);
    expect((fine[7] as number[])[1]).toBeCloseTo(2 / 3, 5);
  });

  it('says in words what stands behind it', async () => {
    const label = async (learned: LearnedCells, unit: string) => {
      const server = await serve(learned);
      const { body } = await ask(`${server.url}/api/units/${unit}/series?metric=calls.inbound`);
      return (body as unknown as { usualLabel: string }).usualLabel;
    };
    const one = async () => new Map([['P1', totals(2)]]);
    expect(await label(one, 'P1')).toBe('usual of 8 Mondays');
    expect(await label(one, 'N1')).toBe('1 of 2 practices by their own days, 1 by published months');
    expect(await label(async () => new Map(), 'P1')).toBe('expected from published months');
  });

  it('is the learned value at a bucket’s middle for a queue, and unknown where its quarter is', async () => {
    const learned = cells((q) => (q === 40 ? NaN : 4));
    const server = await serve(async () => new Map([['P1', learned]]));
    const usual = await series(server.url, 'P1', 'calls.waiting', QUARTER);
    expect([usual[39], usual[40]]).toEqual([
      [MONDAY + 39 * QUARTER, 4],
      [MONDAY + 40 * QUARTER, null],
    ]);
  });
});

describe('a question that makes no sense', () => {
  let url = '';
  let close = () => Promise.resolve();
  beforeAll(async () => {
    const given = { learned: async () => new Map<string, SiteCells>() };
    ({ url } = await startServer(createMemoryBoard(smallDefinition()), given, (end) => (close = end)));
  });
  afterAll(() => close());

  it.each([
    ['/api/units/nobody/normal?metric=calls.inbound', 404, 'UNKNOWN_UNIT'],
    ['/api/units/P1/normal', 400, 'BAD_INPUT'],
    ['/api/units/P1/normal?metric=nothing', 400, 'BAD_INPUT'],
    ['/api/units/P1/normal?metric=calls.inbound&day=2026-02-30', 400, 'BAD_INPUT'],
    ['/api/units/P1/normal?metric=calls.inbound&day=yesterday', 400, 'BAD_INPUT'],
    ['/api/units/P1/normal?metric=calls.inbound&date=2026-02-03', 400, 'BAD_INPUT'],
  ])('refuses %s with %i', async (path, status, code) => {
    expect(await ask(`${url}${path}`)).toMatchObject({ status, body: { code } });
  });
});
