import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { contestedDefinition, heardBoard } from './board-fixture.ts';
import { outcome, phones, reading, slotGroup } from './fixture.ts';

const SITE = 'p0-0-0';

function setUp(start = '2026-11-23T09:00:00Z') {
  const heard = heardBoard(contestedDefinition(), start);
  const { clock, hear, unit } = heard;
  const say = (figures: Partial<Record<MetricName, number | null>>) =>
    hear(outcome('phones', clock.now(), { readings: phones(SITE, figures) }));
  const wallboard = (figures: Partial<Record<MetricName, number | null>>) =>
    hear(
      outcome('wallboard', clock.now(), {
        readings: Object.entries(figures).map(([name, value]) => reading(SITE, name as MetricName, value)),
      }),
    );
  const metric = (name: MetricName) => unit(SITE).metrics[name];
  return { ...heard, say, wallboard, metric };
}

describe('a metric that two feeds bring', () => {
  it('is what the first in feeds.yaml says, whichever was heard last, and never a sum', () => {
    const { say, wallboard, metric, unit, clock } = setUp();
    wallboard({ 'calls.waiting': 9 });
    expect(metric('calls.waiting')).toMatchObject({ value: 9, feed: 'wallboard' });
    clock.forward(1000);
    say({ 'calls.waiting': 3 });
    clock.forward(1000);
    wallboard({ 'calls.waiting': 11 });
    expect(metric('calls.waiting')).toMatchObject({ value: 3, feed: 'phones' });
    expect(unit('sys').metrics['calls.waiting']?.value ?? 3).toBe(3);
  });

  it('is what the next says while the first has nothing to say of it, and back', () => {
    const { say, wallboard, metric, told, clock } = setUp();
    say({ 'calls.waiting': 3 });
    wallboard({ 'calls.waiting': 5 });
    clock.forward(15_000);
    say({ 'calls.waiting': null });
    expect(metric('calls.waiting')).toMatchObject({ value: 5, feed: 'wallboard' });
    expect(metric('calls.longest-wait')).toMatchObject({ value: 60, feed: 'phones' });
    clock.forward(15_000);
    say({ 'calls.waiting': 4 });
    expect(metric('calls.waiting')).toMatchObject({ value: 4, feed: 'phones' });
    expect(told(SITE, 'calls.waiting').map((a) => [a.feed, a.value])).toEqual([
      ['phones', 3],
      ['wallboard', 5],
      ['phones', 4],
    ]);
  });

  it('is what the next says once the first is stale; with neither it is absent, with the reason and the last value', () => {
    const { say, wallboard, metric, told, clock, board, hear } = setUp();
    say({ 'calls.waiting': 3 });
    clock.forward(2 * MINUTE);
    wallboard({ 'calls.waiting': 7 });
    clock.forward(70_000);
    hear(outcome('phones', clock.now(), { state: 'timeout', observedAt: null }));
    board.tick();
    expect(metric('calls.waiting')).toMatchObject({ value: 7, feed: 'wallboard' });
    expect(metric('calls.longest-wait')).toMatchObject({ value: null, detail: 'timeout' });
    clock.forward(10 * MINUTE);
    board.tick();
    expect(metric('calls.waiting')).toMatchObject({ value: null, absence: 'not-reported', last: { value: 7 } });
    say({ 'calls.waiting': 2 });
    expect(metric('calls.waiting')).toMatchObject({ value: 2, feed: 'phones' });
    expect(told(SITE, 'calls.waiting').map((a) => [a.feed, a.value])).toEqual([
      ['phones', 3],
      ['wallboard', 7],
      ['wallboard', null],
      ['phones', 2],
    ]);
  });

  it('is no second reading for a rise while it only stands by', () => {
    const { say, wallboard, clock, unit, hear } = setUp();
    const slots = (free: number) =>
      hear(
        outcome(`slots:${SITE}`, clock.now(), {
          slots: [{ site: SITE, groups: [slotGroup(clock.now() + HOUR, free, 10)] }],
        }),
      );
    say({});
    slots(20);
    expect(unit(SITE).level).toBe(1);
    clock.forward(15_000);
    say({ 'calls.waiting': 40, 'calls.longest-wait': 3000 });
    clock.forward(1000);
    wallboard({ 'calls.waiting': 1 });
    clock.forward(1000);
    wallboard({ 'calls.waiting': 2 });
    expect(unit(SITE).level).toBe(1);
    clock.forward(13_000);
    say({ 'calls.waiting': 41, 'calls.longest-wait': 3000 });
    expect(unit(SITE).level).toBeGreaterThan(1);
  });
});

describe('a counter that two feeds bring', () => {
  it('counts no call twice: not in the day, not in the last hour, not in the history', () => {
    const { say, wallboard, metric, told, clock, board } = setUp();
    for (let i = 0; i <= 60; i += 1) {
      say({ 'calls.inbound': 100 + i });
      wallboard({ 'calls.inbound': 90 + i });
      clock.forward(MINUTE);
      board.tick();
    }
    expect(metric('calls.inbound-60m')).toMatchObject({ value: 59 });
    // The phones fall silent; the wallboard goes on, one call a minute.
    for (let i = 61; i <= 90; i += 1) {
      wallboard({ 'calls.inbound': 90 + i });
      clock.forward(MINUTE);
      board.tick();
      expect(metric('calls.inbound-60m')?.value).toBeLessThanOrEqual(60);
    }
    expect(metric('calls.inbound')).toMatchObject({ value: 180, feed: 'wallboard' });
    say({ 'calls.inbound': 191 });
    expect(metric('calls.inbound')).toMatchObject({ value: 191, feed: 'phones' });
    const steps = told(SITE, 'calls.inbound').flatMap((a, i, all) => {
      const before = all[i - 1];
      return before && before.feed !== a.feed ? [[a.feed, a.value, a.level]] : [];
    });
    expect(steps).toEqual([
      ['wallboard', expect.any(Number) as number, true],
      ['phones', 191, true],
    ]);
  });

  it('begins the new day with the feed that tells of it first, and goes back to the one that counts', () => {
    const { say, wallboard, metric, clock, board } = setUp('2026-11-23T23:59:30Z');
    say({ 'calls.inbound': 100 });
    wallboard({ 'calls.inbound': 90 });
    clock.set('2026-11-24T00:00:05Z');
    wallboard({ 'calls.inbound': 0 });
    board.tick();
    expect(metric('calls.inbound')).toMatchObject({ value: 0, feed: 'wallboard' });
    clock.set('2026-11-24T00:00:20Z');
    say({ 'calls.inbound': 1 });
    expect(metric('calls.inbound')).toMatchObject({ value: 1, feed: 'phones' });
  });

  it('tells the last total of a day though it is heard after midnight', () => {
    const { hear, say, told, clock } = setUp('2026-11-23T23:59:30Z');
    say({ 'calls.inbound': 100 });
    const at = clock.now() + 29_000;
    clock.set('2026-11-24T00:00:10Z');
    hear(outcome('phones', clock.now(), { observedAt: at, readings: phones(SITE, { 'calls.inbound': 103 }) }));
    expect(told(SITE, 'calls.inbound').at(-1)).toMatchObject({ value: 103, observedAt: at });
  });
});

describe('slots that two standards tell of', () => {
  it('are those of the first; what the second cannot know is not made up when it stands in', () => {
    const { hear, clock, board, metric } = setUp();
    const slots = (feed: string, free: number, busy: number) =>
      outcome(`${feed}:${SITE}`, clock.now(), {
        slots: [{ site: SITE, groups: [slotGroup(clock.now() + 3 * HOUR, free, busy)] }],
      });
    hear(slots('slots', 6, 12), slots('ahead', 5, 0));
    expect(metric('slots.free')).toMatchObject({ value: 6, feed: `slots:${SITE}` });
    expect(metric('slots.booked')).toMatchObject({ value: 12 });
    clock.forward(16 * MINUTE);
    board.tick();
    hear();
    expect(metric('slots.free')).toMatchObject({ value: 5, feed: `ahead:${SITE}` });
    expect(metric('slots.booked')).toMatchObject({ value: null, detail: 'stale', last: { value: 12 } });
    expect(metric('slots.left-share')).toMatchObject({ value: null });
  });

  it('ahead are expected only where a feed can tell of them', () => {
    const { unit, hear, clock, metric } = setUp();
    hear(outcome(`ahead:${SITE}`, clock.now(), { readings: [reading(SITE, 'slots.free-7d', 31)] }));
    expect(metric('slots.free-7d')).toMatchObject({ value: 31, feed: `ahead:${SITE}` });
    expect(metric('slots.free-14d')).toMatchObject({ value: null, detail: 'missing-site' });
    expect(unit('hub0').metrics).not.toHaveProperty('slots.free-7d');
    expect(unit(SITE).metrics).not.toHaveProperty('appointments.urgent');
  });
});

it('a reading that is none of a feed’s own metrics changes nothing', () => {
  const { hear, clock, metric } = setUp();
  hear(outcome('wallboard', clock.now(), { readings: [reading(SITE, 'calls.longest-wait', 5)] }));
  expect(metric('calls.longest-wait')).toMatchObject({ value: null, detail: 'never-polled' });
});
