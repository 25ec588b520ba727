import { describe, expect, it } from 'vitest';
import { fromInstant, MINUTE, toInstant } from '#shared/model/time.ts';
import type { PollOutcome } from '../domain/ports.ts';
import { contestedDefinition, heardBoard } from './board-fixture.ts';
import { outcome, phones, reading } from './fixture.ts';

const SITE = 'p0-0-0';
const MONDAY = fromInstant('2026-11-23T00:00:00Z');
const TUESDAY = fromInstant('2026-11-24T00:00:00Z');

const setUp = (start: string) => heardBoard(contestedDefinition(), start);

describe('the final total of an earlier day', () => {
  const final = (feed: string, at: number, value: number, day = MONDAY): PollOutcome =>
    outcome(feed, at, { readings: [{ site: SITE, metric: 'calls.inbound', value, day }] });

  it('completes that day in the history and leaves today alone', () => {
    const { hear, clock, unit, told } = setUp('2026-11-23T18:00:00Z');
    hear(outcome('phones', clock.now(), { readings: phones(SITE, { 'calls.inbound': 200 }) }));
    clock.set('2026-11-24T08:00:00Z');
    hear(outcome('phones', clock.now(), { readings: phones(SITE, { 'calls.inbound': 4 }) }));
    hear(final('yesterday', clock.now(), 212));
    expect(told(SITE, 'calls.inbound').at(-1)).toMatchObject({
      value: 212,
      observedAt: TUESDAY - 1,
      receivedAt: clock.now(),
      feed: 'yesterday',
      level: true,
    });
    expect(unit(SITE).metrics['calls.inbound']).toMatchObject({ value: 4, feed: 'phones' });
    expect(unit(SITE).metrics['calls.inbound-60m']?.value ?? 0).toBeLessThanOrEqual(4);
  });

  it('told again is told once; corrected, it is told once more', () => {
    const { hear, clock, told } = setUp('2026-11-24T08:00:00Z');
    for (const value of [212, 212, 215, 215]) {
      clock.forward(MINUTE);
      hear(final('yesterday', clock.now(), value));
    }
    expect(told(SITE, 'calls.inbound').map((a) => a.value)).toEqual([212, 215]);
  });

  it('of a feed’s own counter corrects what late readings are added to', () => {
    const { hear, clock, told } = setUp('2026-11-23T18:00:00Z');
    const inbound = (raw: number, observedAt: number) =>
      hear(outcome('phones', clock.now(), { observedAt, readings: phones(SITE, { 'calls.inbound': raw }) }));
    inbound(200, clock.now());
    clock.set('2026-11-24T00:00:30Z');
    inbound(2, clock.now());
    hear(final('phones', clock.now() + 1000, 212));
    inbound(203, MONDAY + 20 * 60 * MINUTE);
    expect(told(SITE, 'calls.inbound').slice(-2)).toMatchObject([{ value: 212 }, { value: 215 }]);
  });

  it('of the feed that stands first stands', () => {
    const { hear, clock, told } = setUp('2026-11-24T08:00:00Z');
    hear(final('yesterday', clock.now(), 212));
    hear(final('phones', clock.now(), 210));
    hear(final('yesterday', clock.now() + 1000, 213));
    expect(told(SITE, 'calls.inbound').map((a) => [a.feed, a.value])).toEqual([
      ['yesterday', 212],
      ['phones', 210],
    ]);
  });

  it('of today, or of a gauge, is none', () => {
    const { hear, clock, told } = setUp('2026-11-24T08:00:00Z');
    hear(final('yesterday', clock.now(), 9, TUESDAY));
    hear(
      outcome('phones', clock.now(), { readings: [{ site: SITE, metric: 'calls.waiting', value: 3, day: MONDAY }] }),
    );
    expect(told(SITE, 'calls.inbound')).toEqual([]);
    expect(told(SITE, 'calls.waiting')).toEqual([]);
  });

  it('is no reason to call the site missing', () => {
    const definition = contestedDefinition();
    const only = { ...definition, feeds: definition.feeds.filter((feed) => feed.id === 'yesterday') };
    const { hear, clock, unit } = heardBoard(only, '2026-11-24T08:00:00Z');
    hear(final('yesterday', clock.now(), 212));
    const metric = unit(SITE).metrics['calls.inbound'];
    expect(metric).toMatchObject({ value: null, absence: 'not-reported' });
    expect(metric).not.toHaveProperty('detail');
  });
});

describe('what is read again from quarantine', () => {
  it('goes to the history at its own time and moves neither what stands nor the feed', () => {
    const { hear, clock, unit, told, board } = setUp('2026-11-23T09:00:00Z');
    hear(outcome('phones', clock.now(), { readings: phones(SITE, { 'calls.waiting': 2 }) }));
    clock.forward(15_000);
    hear(outcome('phones', clock.now(), { state: 'tls-expired', observedAt: null, fault: 'expired', failures: 3 }));
    const before = board.feeds()[0];
    const at = clock.now() - 10 * MINUTE;
    clock.forward(1000);
    const readings = phones(SITE, { 'calls.waiting': 8, 'calls.inbound': 15 });
    const commit = hear(outcome('phones', clock.now(), { again: true, observedAt: at, readings }));
    expect(told(SITE, 'calls.waiting').at(-1)).toMatchObject({ value: 8, observedAt: at, receivedAt: clock.now() });
    expect(told(SITE, 'calls.inbound').map((a) => a.value)).toEqual([20]);
    expect(unit(SITE).metrics['calls.waiting']?.value).toBe(2);
    expect(commit?.levels).toEqual([]);
    expect(board.feeds()[0]).toEqual(before);
  });

  it('stands where nothing newer does', () => {
    const { hear, clock, unit, board } = setUp('2026-11-23T09:00:00Z');
    const refused = {
      site: SITE,
      metric: 'calls.waiting',
      value: null,
      absence: 'rejected',
      detail: 'partly-rejected',
    } as const;
    const seen = clock.now();
    hear(outcome('phones', seen, { state: 'partly-rejected', rejected: 1, readings: [...phones(SITE), refused] }));
    expect(unit(SITE).metrics['calls.waiting']).toMatchObject({ value: null, absence: 'rejected' });
    clock.forward(MINUTE);
    hear(
      outcome('phones', clock.now(), { again: true, observedAt: seen, readings: phones(SITE, { 'calls.waiting': 6 }) }),
    );
    expect(unit(SITE).metrics['calls.waiting']).toMatchObject({ value: 6, observedAt: toInstant(seen) });
    expect(board.feeds()[0]).toMatchObject({ state: 'partly-rejected', rejectedToday: 1 });
    hear(
      outcome('phones', clock.now(), {
        again: true,
        observedAt: clock.now() - 30_000,
        readings: phones(SITE, { 'calls.waiting': 7 }),
      }),
    );
    expect(unit(SITE).metrics['calls.waiting']).toMatchObject({ value: 7 });
    expect(board.feeds()[0]?.observedAt).toBe(toInstant(clock.now() - 30_000));
  });

  it('completes yesterday, never today', () => {
    const { hear, clock, told, unit } = setUp('2026-11-23T18:00:00Z');
    const inbound = (raw: number, observedAt: number, again: boolean) =>
      hear(
        outcome('phones', clock.now(), {
          observedAt,
          readings: phones(SITE, { 'calls.inbound': raw }),
          ...(again ? { again } : {}),
        }),
      );
    inbound(200, clock.now(), false);
    clock.set('2026-11-24T09:00:00Z');
    inbound(14, clock.now(), false);
    inbound(207, MONDAY + 20 * 60 * MINUTE, true);
    inbound(11, clock.now() - MINUTE, true);
    expect(told(SITE, 'calls.inbound').map((a) => a.value)).toEqual([200, 14, 207]);
    expect(unit(SITE).metrics['calls.inbound']?.value).toBe(14);
  });
});

it('a counter that is not repeated after midnight stands at its first value of the day', () => {
  const { hear, clock, unit, told } = setUp('2026-07-05T22:59:50Z');
  hear(outcome('phones', clock.now(), { readings: phones(SITE, { 'calls.inbound': 0, 'calls.answered': 3 }) }));
  clock.set('2026-07-05T23:00:05Z');
  hear(outcome('phones', clock.now(), { readings: [reading(SITE, 'calls.waiting', 0)] }));
  expect(unit(SITE).metrics['calls.inbound']).toMatchObject({ value: 0 });
  // Three calls again within 15 seconds of midnight: the supplier has yet to reset.
  expect(unit(SITE).metrics['calls.answered']).toMatchObject({ value: 0 });
  expect(told(SITE, 'calls.inbound').at(-1)).toMatchObject({ value: 0, observedAt: clock.now() });
});
