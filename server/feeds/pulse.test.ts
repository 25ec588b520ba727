import { describe, expect, it } from 'vitest';
import { createPulse } from './pulse.ts';

const set = () => {
  const pulse = createPulse(() => 0);
  pulse.begin(0);
  return pulse;
};
const status = (pulse: ReturnType<typeof set>, real: number, ticking = true, waited = 0) =>
  pulse.conditions(real, ticking, waited)[0];

describe('the pulse of the poller', () => {
  it('is well while it ticks', () => {
    const pulse = set();
    for (let at = 100; at <= 2000; at += 100) pulse.beat(at);
    expect(status(pulse, 2050)?.status).toBe('ok');
  });

  it('says that polling has stopped when it is, and when the tick is seconds late', () => {
    const pulse = set();
    expect(status(pulse, 0, false)).toMatchObject({
      status: 'down',
      reason: expect.stringContaining('poller-stopped') as string,
    });
    expect(status(pulse, 8000)).toMatchObject({
      status: 'down',
      reason: 'poller-stopped: no feed was polled for 8 seconds',
    });
  });

  it('speaks of a late tick for a minute after it', () => {
    const pulse = set();
    pulse.beat(9000);
    expect(status(pulse, 9100)).toMatchObject({ status: 'degraded', reason: 'no feed was polled for 9 seconds' });
    for (let at = 9100; at <= 70_000; at += 100) pulse.beat(at);
    expect(status(pulse, 70_050)?.status).toBe('ok');
  });

  it('says when there is more to poll than can be polled', () => {
    const pulse = set();
    pulse.beat(100);
    expect(status(pulse, 150, true, 25_000)).toMatchObject({
      status: 'degraded',
      reason: 'polls are 25 seconds behind their schedule',
    });
  });
});
