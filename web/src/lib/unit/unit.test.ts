import type { FeedStatus, Unit } from '$shared/model/unit';
import { describe, expect, it } from 'vitest';
import { unitOf } from '../control/unit-fixture.ts';
import { feedOf, feedRows } from './feed-rows.ts';
import { dayTable } from './day-files.ts';
import { laneData } from './lane-data.ts';
import { sayMeasured } from './lane-notes.ts';
import { lanesOf } from './lanes.ts';
import type { SeriesBody } from '$shared/protocol/api';
import { ancestorsOf, siblingsOf } from './lineage.ts';
import { filterMembers, inOrder, membersOf, reasonOf, sortMembers } from './members.ts';
import { usualEnd, usualSoFar, withLive } from './series.ts';
import { freeOf, slotBars, slotsAhead } from './slots.ts';
import { newestOf, unitNote } from './unit-words.ts';
import { dayWindow } from './window.ts';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const at = (text: string) => Date.parse(text);

const unit = (id: string, parent: string | null, over: Partial<Unit> = {}): Unit =>
  unitOf(id, {
    ...{ kind: 'site', siteKind: 'practice', parent, population: 1000, trend: null, open: true },
    ...{ at: '2026-11-23T09:00:00.000Z', levelSince: null, ...over },
  });
const mapOf = (...units: Unit[]) => new Map(units.map((u) => [u.id, u]));
const group = { kind: 'place', siteKind: null, open: null } as const;

describe('hours of a day that a unit shows', () => {
  const nine = at('2026-11-23T09:42:00Z');

  it('fit its kind', () => {
    const hours = (u: Pick<Unit, 'kind' | 'siteKind'>) => {
      const { from, to } = dayWindow(u, nine);
      return [from - at('2026-11-23T00:00:00Z'), to - at('2026-11-23T00:00:00Z')].map((ms) => ms / HOUR);
    };
    expect(hours({ kind: 'site', siteKind: 'practice' })).toEqual([7, 19]);
    expect(hours({ kind: 'site', siteKind: 'nhs111' })).toEqual([0, 24]);
    expect(hours({ kind: 'site', siteKind: 'hub' })).toEqual([7, 21]);
    expect(hours({ kind: 'place', siteKind: null })).toEqual([7, 21]);
  });

  it('widen so that now is always among them', () => {
    const practice = { kind: 'site', siteKind: 'practice' } as const;
    const night = at('2026-11-23T03:00:00Z');
    expect(dayWindow(practice, night).from).toBe(at('2026-11-23T00:00:00Z'));
    const late = at('2026-11-23T22:00:00Z');
    expect(dayWindow(practice, late).to).toBe(at('2026-11-24T00:00:00Z'));
  });

  it('have as many hours as the day has when the clocks change', () => {
    const service = { kind: 'site', siteKind: 'out-of-hours' } as const;
    const spring = dayWindow(service, at('2026-03-29T12:00:00Z'));
    expect((spring.to - spring.from) / HOUR).toBe(23);
    const autumn = dayWindow(service, at('2026-10-25T12:00:00Z'));
    expect((autumn.to - autumn.from) / HOUR).toBe(25);
  });
});

describe('live values at the end of a history', () => {
  it('extend a gauge by one point', () => {
    expect(withLive([[0, 4]], 7, 'gauge', 10, 5)).toEqual([
      [0, 4],
      [10, 7],
    ]);
  });

  it('fill the running bucket of a counter with what the others leave of the total', () => {
    const points = [
      [0, 10],
      [QUARTER, 5],
    ] as const;
    expect(withLive(points, 18, 'since-midnight', QUARTER + 60_000, QUARTER)).toEqual([
      [0, 10],
      [QUARTER, 8],
    ]);
  });

  it('never guess across a gap, after a reset, or for what is absent', () => {
    const gap = [
      [0, null],
      [QUARTER, 5],
    ] as const;
    expect(withLive(gap, 18, 'since-midnight', QUARTER + 1, QUARTER)).toBe(gap);
    expect(withLive([[0, 10]], 3, 'since-midnight', QUARTER, QUARTER)).toEqual([[0, 10]]);
    expect(withLive([[0, 10]], null, 'gauge', 5, 5)).toEqual([[0, 10]]);
  });

  it('count what would usually have come by now, in part for the running bucket', () => {
    const usual = [
      [0, 10],
      [100, 20],
      [200, 30],
    ] as const;
    expect(usualSoFar(usual, 150, 100)).toBe(20);
    expect(usualSoFar([], 150, 100)).toBeNull();
  });

  it('find when a falling measure usually ends', () => {
    expect(
      usualEnd([
        [0, 3],
        [1, 1],
        [2, 0],
        [3, 0],
      ]),
    ).toBe(2);
    expect(usualEnd([[0, 3]])).toBeNull();
  });
});

describe('members of a group', () => {
  const units = mapOf(
    unit('s', null, { ...group, kind: 'system' }),
    unit('p', 's', group),
    unit('n', 'p', { ...group, kind: 'neighbourhood' }),
    unit('hot', 'n', { level: 3, score: 70, name: 'Hot Lane' }),
    unit('dark', 'n', { level: null, score: null, coverage: 0.2 }),
    unit('shut', 'n', { level: null, score: null, open: false }),
    unit('calm', 'n', { population: 9000 }),
    unit('hub', 'p', { siteKind: 'hub' }),
    unit('elsewhere', 'other'),
  );

  it('are everything beneath it, by kind, and nothing else', () => {
    const found = membersOf(units, 'p');
    expect([...found.keys()]).toEqual(['neighbourhood', 'practice', 'service']);
    expect(found.get('practice')?.map((u) => u.id)).toEqual(['hot', 'dark', 'shut', 'calm']);
  });

  it('sort by pressure with the unknown above the calm and the closed last', () => {
    const practices = membersOf(units, 'p').get('practice') ?? [];
    expect(sortMembers(practices, 'pressure').map((u) => u.id)).toEqual(['hot', 'dark', 'calm', 'shut']);
    expect(sortMembers(practices, 'coverage')[0]?.id).toBe('dark');
    expect(sortMembers(practices, 'patients')[0]?.id).toBe('calm');
  });

  it('are found by every word of a name or code', () => {
    const practices = membersOf(units, 'p').get('practice') ?? [];
    expect(filterMembers(practices, ' lane HOT ').map((u) => u.id)).toEqual(['hot']);
    expect(filterMembers(practices, 'hot street')).toHaveLength(0);
    expect(filterMembers(practices, '')).toHaveLength(4);
  });

  it('keep an order decided earlier, with what is new at the end', () => {
    const practices = membersOf(units, 'p').get('practice') ?? [];
    expect(inOrder(practices, ['calm', 'hot']).map((u) => u.id)).toEqual(['calm', 'hot', 'dark', 'shut']);
  });

  it('say why they are where they are', () => {
    const drivers = ['a', 'b', 'c'].map((text) => ({ indicator: text, points: 1, value: 1, text }));
    expect(reasonOf(unit('x', null, { drivers }))).toBe('a; b');
    expect(reasonOf(unit('x', null, { sentence: 'long', brief: '' }))).toBe('');
    expect(reasonOf(unit('x', null, { level: null, sentence: 'Unknown: …' }))).toBe('Unknown: …');
  });

  it('know their ancestors, system first, and who lies beside them', () => {
    const hot = units.get('hot');
    if (!hot) throw new Error('no unit');
    expect(ancestorsOf(units, hot).map((u) => u.id)).toEqual(['s', 'p', 'n']);
    expect(siblingsOf(units, hot, 2).map((u) => u.id)).toEqual(['dark', 'calm']);
  });
});

function feed(over: Partial<FeedStatus>): FeedStatus {
  return {
    id: 'telephony-a',
    feed: 'telephony-a',
    adapter: 'telephony-queues',
    supplier: 'norhall-telecom',
    label: 'Telephony queue',
    sites: ['x'],
    state: 'ok',
    fault: '',
    observedAt: '2026-11-23T09:00:00.000Z',
    receivedAt: null,
    polledAt: null,
    everyMs: 15_000,
    staleAfterMs: 180_000,
    latencyMs: null,
    rejected: 0,
    since: null,
    nextPollAt: null,
    failures: 0,
    volume: null,
    usualVolume: null,
    rejectedToday: 0,
    paused: null,
    ...over,
  };
}

describe('feeds behind a site', () => {
  const now = at('2026-11-23T09:01:30Z');
  const site = unit('x', null, { feeds: ['telephony-a', 'gone'] });

  it('say their age against what is expected of them', () => {
    const rows = feedRows(site, new Map([['telephony-a', feed({})]]), now);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ share: 0.5, words: 'on time', well: true, source: 'norhall telecom, every 15 s' });
  });

  it('are late without a fault, and never well with one or without an answer', () => {
    const one = (over: Partial<FeedStatus>, time = now) =>
      feedRows(site, new Map([['telephony-a', feed(over)]]), time)[0];
    expect(one({}, now + 300_000)).toMatchObject({ words: 'late', well: false });
    expect(one({ state: 'throttled' })).toMatchObject({ words: 'held back by the supplier', well: false });
    expect(one({ observedAt: null, state: 'never-polled' })).toMatchObject({ share: null, well: false });
  });

  it('lend their age to derived metrics that name no feed', () => {
    const feeds = new Map([['telephony-a', feed({})]]);
    expect(feedOf(site, 'calls.answered-share', feeds)?.id).toBe('telephony-a');
    expect(feedOf(site, 'slots.free', feeds)).toBeUndefined();
  });

  it.each([
    ['gp-connect-slots', 'slots.left-share'],
    ['online-consultations', 'online.open'],
    ['iuc-queues', 'iuc.answered-60s-share'],
    ['declared-states', 'declared.level'],
  ])('are found for every standard: %s brings %s', (adapter, metric) => {
    expect(feedOf(site, metric, new Map([['telephony-a', feed({ adapter })]]))?.id).toBe('telephony-a');
  });

  it('prefer the one of two that is well', () => {
    const two = unit('x', null, { feeds: ['a', 'b'] });
    const feeds = new Map([
      ['a', feed({ id: 'a', state: 'timeout' })],
      ['b', feed({ id: 'b' })],
    ]);
    expect(feedOf(two, 'calls.answered-share', feeds)?.id).toBe('b');
  });

  it('say who paused one and until when, and when a failing one is asked again', () => {
    const rows = (over: Partial<FeedStatus>) => feedRows(site, new Map([['telephony-a', feed(over)]]), now)[0]?.note;
    const paused = { by: 'operator', reason: 'supplier moves its server', at: '', until: '2026-11-23T10:00:00Z' };
    expect(rows({ state: 'paused', paused })).toBe('paused to 10am: supplier moves its server');
    expect(rows({ state: 'paused', paused: { ...paused, until: null } })).toMatch(/^paused until somebody resumes it/);
    expect(rows({ state: 'timeout', nextPollAt: '2026-11-23T09:02:00Z' })).toBe('asked again in 30 s');
    expect(rows({ state: 'ok', nextPollAt: '2026-11-23T09:02:00Z' })).toBe('');
  });

  it('say which feed stands in for one that fails', () => {
    const value = { value: 3, absence: null, observedAt: null, feed: 'b' };
    const two = unit('x', null, { feeds: ['a', 'b'], metrics: { 'slots.free': value } });
    const feeds = new Map([
      ['a', feed({ id: 'a', adapter: 'bars-slots', state: 'timeout' })],
      ['b', feed({ id: 'b', adapter: 'gp-connect-slots', label: 'GP Connect slots', supplier: 'alder-clinical' })],
    ]);
    expect(feedRows(two, feeds, now).map((row) => row.note)).toEqual([
      'its numbers come from GP Connect slots (alder clinical) meanwhile',
      '',
    ]);
  });
});

describe('slots by hour', () => {
  const hour = (h: number, free: number, booked: number, held = 0) => ({ from: h * HOUR, free, booked, held });
  const hours = [hour(8, 2, 4), hour(9, 1, 5), hour(10, 3, 3, 1)];

  it('call free slots of past hours unfilled, never free', () => {
    const bars = slotBars(hours, 10 * HOUR);
    const of = (label: string) => bars.find((b) => b.label === label)?.points.map(([, v]) => v);
    expect(of('Free')).toEqual([0, 0, 3]);
    expect(of('Went unfilled')).toEqual([2, 1, 0]);
    expect(of('Booked')).toEqual([4, 5, 3]);
  });

  it('count the running hour among those ahead', () => {
    expect(slotsAhead(hours, 9.5 * HOUR)).toEqual({ free: 4, booked: 8, held: 1 });
  });

  it('have no share where either side is not known', () => {
    const known = { value: 2, absence: null, observedAt: null };
    expect(freeOf(unit('x', null, { metrics: { 'slots.free': known } }))).toBeNull();
    expect(freeOf(unit('x', null, { metrics: { 'slots.free': known, 'slots.booked': known } }))).toEqual({
      free: 2,
      all: 4,
    });
  });
});

describe('what is drawn and said of a unit', () => {
  it('follows its kind: no lane for what it does not report', () => {
    const ids = (siteKind: Unit['siteKind']) => lanesOf({ kind: 'site', siteKind, bookable: false }).map((l) => l.id);
    expect(ids('practice')).toEqual(['calls', 'callbacks', 'slots']);
    expect(ids('hub')).toEqual(['hours', 'slots']);
    expect(ids('nhs111')).toEqual(['offered', 'cases', 'case-wait']);
    expect(ids('pharmacy')).toEqual([]);
    expect(lanesOf({ kind: 'place', siteKind: null, bookable: true }).map((l) => l.id)).toContain('hub-hours');
    expect(lanesOf({ kind: 'place', siteKind: null, bookable: false }).map((l) => l.id)).not.toContain('hub-hours');
  });

  it('say on the screen and in files which of their numbers are estimated', () => {
    const state = { value: 40, absence: null, observedAt: null };
    const unit = unitOf('p', {
      metrics: { 'calls.missed': { ...state, estimated: true }, 'callbacks.waiting': state },
    });
    const lanes = lanesOf({ kind: 'site', siteKind: 'practice', bookable: false });
    const NOON = Date.parse('2026-01-12T12:00:00Z');
    const points = [[NOON - 3_600_000, 4]] as const;
    const read = () => ({ body: { points, usual: [] } as unknown as SeriesBody, failed: false });
    const data = lanes.map((lane) => laneData(lane, unit, read, NOON));
    expect(sayMeasured(data)).toBe('estimated: calls; the rest is measured');
    const heads = dayTable(data, NOON).columns.map(({ label }) => label);
    expect(heads).toContain('missed (estimated)');
    expect(heads.filter((label) => label.includes('estimated'))).toHaveLength(1);
    expect(sayMeasured(data.filter(({ lane }) => lane.id !== 'calls'))).toBe('bars and solid lines are measured');
  });

  it('names code, kind and size, and never a made-up code', () => {
    expect(unitNote(unit('P82004', null, { population: 9699 }))).toBe('P82004 · 9,699 patients');
    expect(unitNote(unit('X-1', null, { siteKind: 'hub', illustrative: true, population: null }))).toBe(
      'illustrative · 7-day access hub',
    );
    expect(unitNote(unit('p', null, { ...group, population: 5000, reporting: { of: 4, sites: 3 } }))).toBe(
      '5,000 patients · 3 of 4 practices reporting',
    );
  });

  it('is as old as the newest of its feeds', () => {
    const feeds = new Map([
      ['a', feed({ id: 'a', observedAt: '2026-11-23T09:00:00.000Z' })],
      ['b', feed({ id: 'b', observedAt: '2026-11-23T09:05:00.000Z' })],
    ]);
    expect(newestOf(unit('x', null, { feeds: ['a', 'b', 'c'] }), feeds, '')).toBe('2026-11-23T09:05:00.000Z');
    expect(newestOf(unit('x', null), feeds, 'board')).toBeNull();
    expect(newestOf(unit('p', null, group), feeds, 'board')).toBe('board');
  });
});
