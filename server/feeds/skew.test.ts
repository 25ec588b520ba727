import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import { createSkew, sayOff } from './skew.ts';

const NOW = Date.parse('2026-09-14T08:30:00Z');
const setUp = (clock = { speed: 1, simulated: false }) => {
  const time = { real: 0 };
  const skew = createSkew(clock, () => time.real);
  const hear = (supplier: string, offMs: number) => skew.hear(supplier, NOW + offMs, NOW, 20);
  return { skew, hear, time };
};

describe('clocks of suppliers', () => {
  it('say nothing of ours while none is heard, and confirm it while they agree with it', () => {
    const { skew, hear } = setUp();
    expect(skew.offset()).toBeNull();
    expect(skew.conditions()).toEqual([]);
    for (const supplier of ['alder', 'birch']) hear(supplier, 3000);
    expect(skew.offset()).toEqual({ offMs: 3000, suppliers: 2 });
    expect(skew.conditions()).toEqual([{ part: 'clock', status: 'ok', reason: '' }]);
  });

  it('are measured by the median, so that one answer does not move it', () => {
    const { skew, hear } = setUp();
    for (const off of [0, 1000, 2000, 9 * HOUR, 1000]) hear('alder', off);
    expect(skew.offset()?.offMs).toBe(1000);
  });

  it('forget the oldest of more than twenty answers', () => {
    const { skew, hear } = setUp();
    for (let i = 0; i < 20; i++) hear('alder', 0);
    for (let i = 0; i < 20; i++) hear('alder', 5 * MINUTE);
    expect(skew.offset()?.offMs).toBe(5 * MINUTE);
  });

  it('make ours the wrong one when all agree on another time, and right again when one is in step', () => {
    const { skew, hear } = setUp();
    hear('alder', 10 * MINUTE);
    expect(skew.ours()).toBe(false);
    hear('birch', 10 * MINUTE + 900);
    expect(skew.ours()).toBe(true);
    expect(skew.conditions()).toEqual([
      {
        part: 'clock',
        status: 'degraded',
        reason: 'our clock is 10 minutes behind: 2 suppliers agree on another time',
      },
    ]);
    hear('birch', 0);
    expect(skew.ours()).toBe(false);
  });

  it('are wrong themselves when each tells another time', () => {
    const { skew, hear } = setUp();
    hear('alder', 10 * MINUTE);
    hear('birch', -30 * MINUTE);
    expect(skew.ours()).toBe(false);
  });

  it('count no more once a supplier has been silent for an hour', () => {
    const { skew, hear, time } = setUp();
    hear('alder', 0);
    time.real = 61 * MINUTE;
    hear('birch', 10 * MINUTE);
    hear('cedar', 10 * MINUTE);
    expect(skew.ours()).toBe(true);
    expect(skew.offset()?.suppliers).toBe(2);
  });

  it('may be further off where time runs faster, by what an answer takes on the way', () => {
    expect(setUp().skew.tolerance(500)).toBe(2 * MINUTE + 1500);
    expect(setUp({ speed: 60, simulated: true }).skew.tolerance(500)).toBe(2 * MINUTE + 90_000);
  });

  it('of the real world are not compared with the time of a demonstration', () => {
    const { skew } = setUp({ speed: 10, simulated: true });
    expect(skew.hear('alder', Date.now(), NOW, 20)).toBeNull();
    expect(skew.offset()).toBeNull();
  });

  it.each([
    [10 * MINUTE, '10 minutes ahead'],
    [-MINUTE, '1 minute behind'],
    [-3 * HOUR, '3 hours behind'],
    [49 * HOUR, '2 days ahead'],
  ])('%i ms off is said as %s', (off, said) => {
    expect(sayOff(off)).toBe(said);
  });
});
