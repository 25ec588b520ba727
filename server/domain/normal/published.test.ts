import { describe, expect, it } from 'vitest';
import { BANDS } from '#shared/model/definition.ts';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import { testMonth, testNational } from '../../board/fixture.ts';
import { cumulative, totalAt } from './curve.ts';
import { dayType } from './day-type.ts';
import { createPublishedNormal } from './published.ts';

// 100 calls a day in England, October to November 2026; the practice has a hundredth of them.
const national = testNational('2026-10-01', 61);
const normal = createPublishedNormal(
  { published: [testMonth('A', '2026-10', 31), testMonth('B', '2026-10', 62)] },
  national,
);
const monday = (time: string) => fromInstant(`2026-11-23T${time}:00Z`);

describe('the curve of a day', () => {
  it('keeps the total of every published band', () => {
    const bands = [1, 59, 318, 206, 152, 158, 95, 6, 5];
    const curve = cumulative(bands);
    BANDS.forEach((band, i) => {
      expect(totalAt(curve, band.to) - totalAt(curve, band.from)).toBeCloseTo(bands[i] ?? 0, 6);
    });
  });

  it('passes from band to band without a jump, and is busiest when the phones open', () => {
    const curve = cumulative([1, 59, 318, 206, 152, 158, 95, 6, 5]);
    const rate = (minute: number) => totalAt(curve, minute + 1) - totalAt(curve, minute);
    expect(rate(600)).toBeCloseTo(rate(599), 1);
    expect(rate(480)).toBeGreaterThan(rate(599));
    expect(rate(480)).toBeGreaterThan(rate(479));
  });

  it('never runs backwards, whatever the bands', () => {
    const curve = cumulative([0, 0, 1000, 1, 1000, 1, 1000, 1, 0]);
    for (let m = 0; m < 1440; m += 1) expect(totalAt(curve, m + 1)).toBeGreaterThanOrEqual(totalAt(curve, m));
  });
});

describe('the kind of a day', () => {
  it('gives the first working day after a bank holiday the shape of a Monday', () => {
    expect(dayType('2026-05-25')).toBe(0);
    expect(dayType('2026-05-26')).toBe(1);
    expect(dayType('2026-05-27')).toBe(3);
    expect(dayType('2026-11-24')).toBe(2);
  });
});

describe('the own normal from published months', () => {
  it('is the practice’s part of the national day', () => {
    expect(normal.usual('A', 'calls.inbound', monday('23:59'))).toBeCloseTo(1, 2);
    expect(normal.usual('A', 'calls.inbound', monday('10:00'))).toBeCloseTo(0.36, 6);
    expect(normal.usual('A', 'calls.answered', monday('10:00'))).toBeCloseTo(0.36 * 0.6, 6);
    expect(normal.usual('B', 'calls.inbound', monday('10:00'))).toBeCloseTo(0.72, 6);
  });

  it('counts windows back over the hour, also across midnight', () => {
    const whole = normal.usual('A', 'calls.inbound', monday('10:00')) ?? 0;
    const before = normal.usual('A', 'calls.inbound', monday('09:00')) ?? 0;
    expect(normal.usual('A', 'calls.inbound-60m', monday('10:00'))).toBeCloseTo(whole - before, 9);
    expect(normal.usual('A', 'calls.inbound-60m', monday('00:30'))).toBeGreaterThan(0);
  });

  it('says the usual shares and waits', () => {
    expect(normal.usual('A', 'calls.answered-share', monday('09:00'))).toBeCloseTo(0.6, 6);
    expect(normal.usual('A', 'calls.missed-share', monday('09:00'))).toBeCloseTo(0.1, 6);
    // 40 % at 30 s, 20 % each at 90, 210 and 540 s; the queue is the same all day.
    expect(normal.usual('A', 'calls.longest-wait', monday('09:00'))).toBeCloseTo(180, 6);
  });

  it('expects the longest of many waits to be longer than one wait', () => {
    const published = [
      { ...testMonth('A', '2026-10', 31), site: 'small' },
      { ...testMonth('A', '2026-10', 3_100_000), site: 'large' },
    ];
    const busy = createPublishedNormal({ published }, national);
    const longest = (site: string) => busy.usual(site, 'calls.longest-wait', monday('09:00')) ?? 0;
    expect(longest('small')).toBeCloseTo(180, 6);
    expect(longest('large')).toBeGreaterThan(2 * longest('small'));
  });

  it('knows nothing of a practice without months, of other metrics, nor of how calls end on a bank holiday', () => {
    expect(normal.usual('C', 'calls.inbound', monday('09:00'))).toBeNull();
    expect(normal.usual('A', 'slots.free', monday('09:00'))).toBeNull();
    const holiday = fromInstant('2026-12-25T10:00:00Z');
    expect(normal.usual('A', 'calls.answered-share', holiday)).toBeNull();
    expect(normal.usual('A', 'calls.longest-wait', holiday)).toBeNull();
    expect(normal.usual('A', 'calls.inbound', holiday)).toBeNull();
  });

  it('adds up over practices for group charts, leaving out those that have no normal', () => {
    const from = monday('00:00');
    const series = normal.usualSeries(['A', 'B', 'C'], 'calls.inbound', from, from + 24 * HOUR, HOUR);
    expect(series).toHaveLength(24);
    expect(series.reduce((sum, [, value]) => sum + (value ?? 0), 0)).toBeCloseTo(3, 6);
    expect(normal.usualSeries(['C'], 'calls.inbound', from, from + HOUR, HOUR)).toEqual([]);
  });

  it('counts a day of 25 hours as one day', () => {
    const sunday = fromInstant('2026-10-25T23:59:00Z');
    expect(normal.usual('A', 'calls.inbound', sunday)).toBeCloseTo(1, 2);
  });
});
