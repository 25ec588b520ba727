import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FeedState } from '#shared/model/absence.ts';
import type { PollOutcome } from '../domain/ports.ts';
import { createBreaker, OPENS_AFTER, type Breaker } from './breaker.ts';

const outcome = (state: FeedState): PollOutcome => ({
  feed: 'phones',
  at: 0,
  state,
  fault: '',
  observedAt: null,
  readings: [],
  slots: [],
  unchanged: false,
  rejected: 0,
  latencyMs: 0,
  bytes: 0,
});
const create = (failed = 0) => createBreaker(failed, () => 0.999);
const poll = (breaker: Breaker, state: FeedState) => breaker.run(() => Promise.resolve({ outcome: outcome(state) }));

describe('a breaker', () => {
  it('opens after five failed polls in a row, longer after each failed probe, five minutes at most', async () => {
    const breaker = create();
    for (let i = 1; i < OPENS_AFTER; i++) {
      await poll(breaker, 'timeout');
      expect(breaker.openForMs()).toBeNull();
    }
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      await poll(breaker, 'reset');
      waits.push(Math.round((breaker.openForMs() ?? 0) / 1000));
    }
    expect(waits).toEqual([30, 60, 120, 240, 300, 300, 300]);
  });

  it('counts those that failed before there was one', async () => {
    const breaker = create(OPENS_AFTER - 1);
    await poll(breaker, 'server-error');
    expect(breaker.openForMs()).not.toBeNull();
  });

  it('closes when the probe goes well, and begins anew', async () => {
    const breaker = create(4);
    await poll(breaker, 'timeout');
    await poll(breaker, 'clock-off');
    expect(breaker.openForMs()).toBeNull();
    await poll(breaker, 'timeout');
    expect(breaker.openForMs()).not.toBeNull();
    expect(breaker.openForMs()).toBeLessThan(30_001);
  });

  it('lets the probe through although the machine’s clock was set back while it was open', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 9, 25, 1) });
    onTestFinished(() => void vi.useRealTimers());
    const breaker = create(4);
    await poll(breaker, 'timeout');
    vi.setSystemTime(Date.UTC(2026, 9, 25));
    expect((await poll(breaker, 'ok')).outcome.state).toBe('ok');
    expect(breaker.openForMs()).toBeNull();
  });

  it.each(['unauthorised', 'forbidden', 'not-found', 'not-onboarded', 'throttled', 'mapping-failed'] as const)(
    'never opens for a feed that answers %s',
    async (state) => {
      const breaker = create();
      for (let i = 0; i < 20; i++) await poll(breaker, state);
      expect(breaker.openForMs()).toBeNull();
    },
  );
});
