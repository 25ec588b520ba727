import { describe, expect, it } from 'vitest';
import type { MetricName } from '#shared/model/metrics.ts';
import { fromInstant } from '#shared/model/time.ts';
import { dayLine } from './day-line.ts';
import type { Normal } from './ports.ts';

const SPAN = { from: fromInstant('2026-01-12T08:00:00Z'), to: fromInstant('2026-01-12T18:30:00Z') };
const at = (time: string) => fromInstant(`2026-01-12T${time}:00Z`);
const normal = (usual: Normal['usual'], metrics?: readonly MetricName[]): Normal => ({
  usual,
  label: 'test',
  ...(metrics ? { metrics: new Set(metrics) } : {}),
});
/** 10 calls before opening, 60 of the day's other 80 by midday. */
const calls: Normal['usual'] = (_, metric, when) =>
  metric !== 'calls.inbound' ? null : when <= SPAN.from ? 10 : when < at('12:00') ? 40 : when < SPAN.to - 1 ? 70 : 90;

describe('what is to be expected left of same-day slots', () => {
  it('is what is usually left, where that is known', () => {
    const own = normal((_, metric) => (metric === 'slots.left-share' ? 0.35 : 50));
    expect(dayLine(own, 'a', at('09:00'), SPAN)).toEqual({ left: 0.35, own: true });
  });

  it("is the part of the day's calls still to come, where only calls are known", () => {
    const lines = ['08:00', '10:00', '13:00'].map((time) => dayLine(normal(calls), 'a', at(time), SPAN)?.left);
    expect(lines).toEqual([1, 50 / 80, 20 / 80]);
    expect(dayLine(normal(calls, ['calls.inbound']), 'a', at('10:00'), SPAN)).toEqual({ left: 50 / 80, own: false });
  });

  it.each<[string, Normal]>([
    ['nothing is known', normal(() => null)],
    ['nothing can be known', normal(() => 5, [])],
    ['no calls come all day', normal((_, metric) => (metric === 'calls.inbound' ? 0 : null))],
  ])('is a straight line from opening to closing, where %s', (_, given) => {
    expect(dayLine(given, 'a', SPAN.from, SPAN)).toEqual({ left: 1, own: false });
    expect(dayLine(given, 'a', at('13:15'), SPAN)).toEqual({ left: 0.5, own: false });
  });

  it('is nothing before opening and after closing', () => {
    expect(
      dayLine(
        normal(() => 0.5),
        'a',
        at('07:59'),
        SPAN,
      ),
    ).toBeNull();
    expect(
      dayLine(
        normal(() => 0.5),
        'a',
        SPAN.to,
        SPAN,
      ),
    ).toBeNull();
  });
});
