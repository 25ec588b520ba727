import { describe, expect, test } from 'vitest';
import type { PollOutcome } from '../domain/ports.ts';
import { createControl, type ControlDeps } from './control.ts';
import type { Entry } from './entry.ts';

/** A control of one feed, with what it has had asked. */
function controlOf(entry: Partial<Entry>) {
  const asked: boolean[] = [];
  const feed = { feed: 'hub', pause: null, running: null, ...entry } as Entry;
  const control = createControl({
    entries: new Map([['hub', feed]]),
    pauses: { all: () => new Map() },
    answers: { of: () => null },
    askFirst: ({ running }: Entry) => asked.push(running !== null),
  } as unknown as ControlDeps);
  return { control, feed, asked };
}

describe('a poll that must begin from now on', () => {
  test('is asked for at once, and after one that is under way', async () => {
    const idle = controlOf({});
    idle.control.pollAfresh('hub');
    expect(idle.asked).toEqual([false]);
    const busy = controlOf({});
    const polled = Promise.withResolvers<PollOutcome>();
    busy.feed.running = polled.promise.finally(() => (busy.feed.running = null));
    const { running } = busy.feed;
    busy.control.pollAfresh('hub');
    expect(busy.asked).toEqual([]);
    polled.resolve({} as PollOutcome);
    await running;
    expect(busy.asked).toEqual([false]);
  });

  test('is not asked of a paused feed', () => {
    const pause = { by: 'lead', reason: 'works', at: 0, until: null };
    const { control, asked } = controlOf({ pause });
    control.pollAfresh('hub');
    expect(asked).toEqual([]);
  });
});
