import { describe, expect, it } from 'vitest';
import { ABSENCE_OF_STATE, ABSENCES, BRINGS_READINGS, FEED_STATES } from '#shared/model/absence.ts';
import { METRIC_NAMES } from '#shared/model/metrics.ts';
import { HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import type { PollOutcome } from '../domain/ports.ts';
import { contestedDefinition, heardBoard } from './board-fixture.ts';
import { outcome, phones } from './fixture.ts';

const SITE = 'p0-0-0';

function setUp(start = '2026-11-23T09:00:00Z') {
  const heard = heardBoard(contestedDefinition(), start);
  const { clock, hear, board } = heard;
  const poll = (change: Partial<PollOutcome> = {}) => hear(outcome('phones', clock.now(), change));
  const status = () => {
    const found = board.feeds().find((feed) => feed.id === 'phones');
    if (!found) throw new Error('phones');
    return found;
  };
  return { ...heard, poll, status };
}

describe('the status of a feed', () => {
  it('says since when its state is what it is, how often it has failed and when it is asked next', () => {
    const { poll, status, clock } = setUp();
    const first = clock.now();
    poll({ nextPollAt: first + 15_000 });
    clock.forward(15_000);
    const failing = clock.now();
    const fault = { state: 'timeout', observedAt: null, nextPollAt: failing + MINUTE } as const;
    poll({ ...fault, failures: 1 });
    clock.forward(MINUTE);
    poll({ ...fault, failures: 2 });
    expect(status()).toMatchObject({
      state: 'timeout',
      since: toInstant(failing),
      failures: 2,
      nextPollAt: toInstant(failing + MINUTE),
      receivedAt: toInstant(first),
      polledAt: toInstant(clock.now()),
    });
    poll({ nextPollAt: null });
    expect(status()).toMatchObject({ state: 'ok', failures: 0, nextPollAt: null });
  });

  it('keeps who paused it and why, and a pause is no attempt', () => {
    const { poll, status, clock, board } = setUp();
    poll({ latencyMs: 40 });
    const polledAt = status().polledAt;
    clock.forward(MINUTE);
    const pause = { by: 'operator', reason: 'supplier at work', at: clock.now(), until: clock.now() + HOUR };
    poll({ state: 'paused', observedAt: null, paused: pause, nextPollAt: null, latencyMs: 0 });
    const paused = {
      by: 'operator',
      reason: 'supplier at work',
      at: toInstant(pause.at),
      until: toInstant(pause.until),
    };
    expect(status()).toMatchObject({ state: 'paused', paused, polledAt, latencyMs: 40, nextPollAt: null });
    clock.forward(4 * MINUTE);
    board.tick();
    poll({ paused: null });
    expect(status()).toMatchObject({ state: 'ok', paused: null });
  });

  it('knows how many records there usually are: a plain mean at first, then one that forgets slowly', () => {
    const { poll, status, clock } = setUp();
    for (const volume of [10, 20, 30]) {
      clock.forward(15_000);
      poll({ volume });
    }
    expect(status()).toMatchObject({ volume: 30, usualVolume: 20 });
    clock.forward(15_000);
    poll({ state: 'invalid', observedAt: null, volume: 1 });
    expect(status()).toMatchObject({ volume: 1, usualVolume: 20 });
    for (let i = 0; i < 300; i += 1) {
      clock.forward(15_000);
      poll({ volume: 100 });
    }
    const settled = status().usualVolume ?? 0;
    expect(settled).toBeGreaterThan(90);
    for (let i = 0; i < 100; i += 1) {
      clock.forward(15_000);
      poll({ volume: 0 });
    }
    expect(status().usualVolume ?? 0).toBeCloseTo(settled / 2, 0);
  });

  it('counts what was refused since midnight, once for each answer', () => {
    const { poll, status, clock, board, again } = setUp('2026-11-23T23:59:00Z');
    poll({ state: 'partly-rejected', rejected: 3 });
    clock.forward(15_000);
    poll({ state: 'partly-rejected', rejected: 3, unchanged: true });
    clock.forward(15_000);
    poll({ state: 'duplicate', rejected: 2 });
    expect(status()).toMatchObject({ rejected: 2, rejectedToday: 5 });
    expect(again().feeds()).toEqual(board.feeds());
    clock.set('2026-11-24T00:00:20Z');
    const commit = board.tick();
    expect(status().rejectedToday).toBe(0);
    expect(commit?.feeds).toContainEqual({ id: 'phones', rejectedToday: 0 });
  });
});

describe('what a poll brings', () => {
  it.each([...BRINGS_READINGS])('is taken in when the feed is %s', (state) => {
    const { poll, unit } = setUp();
    poll({ state, readings: phones(SITE, { 'calls.waiting': 6 }) });
    expect(unit(SITE).metrics['calls.longest-wait']).toMatchObject({ value: 60 });
  });
});

describe('every state of a feed', () => {
  it.each(FEED_STATES)('%s leads to its absence, with the reason, once its last values are too old', (state) => {
    const { poll, unit, clock, board } = setUp();
    poll({ readings: phones(SITE) });
    clock.forward(2 * MINUTE);
    const brings = BRINGS_READINGS.has(state);
    poll({ state, observedAt: brings ? clock.now() - 2 * MINUTE : null });
    expect(unit(SITE).metrics['calls.longest-wait']?.value).toBe(60);
    clock.forward(2 * MINUTE);
    board.tick();
    expect(unit(SITE).metrics['calls.longest-wait']).toMatchObject({
      value: null,
      absence: ABSENCE_OF_STATE[state],
      detail: brings ? 'stale' : state,
      last: { value: 60 },
    });
  });

  it.each(ABSENCES.filter((absence) => absence !== 'closed'))(
    'a reading’s own %s reaches the unit as it is',
    (absence) => {
      const { poll, unit } = setUp();
      const readings = [
        { site: SITE, metric: 'calls.longest-wait' as const, value: null, absence, detail: 'partly-rejected' },
      ];
      poll({ readings });
      expect(unit(SITE).metrics['calls.longest-wait']).toMatchObject({
        value: null,
        absence,
        detail: 'partly-rejected',
      });
    },
  );

  it('closed is told of gauges while a site is shut, not of what was counted', () => {
    const { poll, unit } = setUp('2026-11-23T22:00:00Z');
    poll({ readings: phones(SITE) });
    expect(unit(SITE).metrics['calls.longest-wait']).toMatchObject({ value: null, absence: 'closed' });
    expect(unit(SITE).metrics['calls.inbound']).toMatchObject({ value: 20 });
  });
});

it('a share of an account that several sites have is marked as estimated, and so is what is made of it', () => {
  const { poll, unit, clock, board } = setUp();
  for (let i = 0; i < 8; i += 1) {
    const shares = phones(SITE, { 'calls.inbound': 20.5 + i }).map((r) => ({ ...r, estimated: true as const }));
    poll({ readings: shares });
    clock.forward(MINUTE);
    board.tick();
  }
  expect(unit(SITE).metrics['calls.waiting']).toMatchObject({ value: 2, estimated: true });
  expect(unit(SITE).metrics['calls.inbound']).toMatchObject({ value: 27.5, estimated: true });
  expect(unit(SITE).metrics['calls.answered-share']).toMatchObject({ estimated: true });
  poll({ readings: phones(SITE, { 'calls.waiting': 2 }) });
  expect(unit(SITE).metrics['calls.waiting']).not.toHaveProperty('estimated');
});

it('a checkpoint of another catalogue is taken over by name', () => {
  const { poll, board, unit, clock, again, hear, journal } = setUp();
  poll({ readings: phones(SITE) });
  hear(outcome('wallboard', clock.now(), { readings: [{ site: SITE, metric: 'calls.waiting', value: 9 }] }));
  const saved = JSON.parse(JSON.stringify(board.state())) as ReturnType<typeof board.state>;
  const n = METRIC_NAMES.length;
  // As if a metric of before had been taken out of the middle since, and the last one added.
  const metrics = [...METRIC_NAMES.slice(0, 3), 'calls.of-old', ...METRIC_NAMES.slice(3, -1)];
  const moved = (code: number) => {
    const at = metrics.indexOf(METRIC_NAMES[code % n] ?? '');
    return at < 0 ? [] : [at + Math.floor(code / n) * metrics.length];
  };
  const coded = <T>(entries: readonly (readonly [number, T])[]) =>
    entries.flatMap(([code, value]) => moved(code).map((c) => [c, value] as const));
  const sites = saved.sites.map(
    (site) =>
      site && {
        ...site,
        cells: [...coded(site.cells), [3, { value: 1, absence: null, detail: null, at: 0, last: null }] as const],
        counters: coded(site.counters),
        windows: coded(site.windows),
        counting: coded(site.counting),
        bases: coded(site.bases),
      },
  );
  const other = again({ ...saved, metrics, sites });
  expect(other.units()).toEqual(board.units());
  journal.commits.length = 0;
  clock.forward(4 * MINUTE);
  for (const b of [board, other]) b.tick();
  expect(other.units()).toEqual(board.units());
  expect(unit(SITE).metrics['calls.waiting']).toMatchObject({ value: 9, feed: 'wallboard' });
});
