import { describe, expect, it } from 'vitest';
import type { MetricName } from '#shared/model/metrics.ts';
import { fromInstant, HOUR, type EpochMs } from '#shared/model/time.ts';
import type { SiteCells } from '../domain/normal/metric-day.ts';
import type { BoardView } from '../domain/ports.ts';
import { createSeriesUsual } from './series-usual.ts';
import { buckets, type SeriesNormal } from './usual.ts';

const DAY = 24 * HOUR;
const TO = fromInstant('2026-02-09T00:00:00Z');
const board = { unit: () => ({ kind: 'site' }) } as unknown as BoardView;

const published: SeriesNormal = {
  label: 'expected from published months',
  metrics: new Set<MetricName>(['calls.inbound']),
  usual: () => null,
  usualSeries: (sites, metric, from, to, step) =>
    sites.length > 0 && metric === 'calls.inbound' ? buckets(from, to, step).map((at) => [at, 7]) : [],
};
const normal: SeriesNormal = { ...published, usual: () => 3, published };

/** Ten calls a quarter hour on every day, and how many days were asked for. */
function learning() {
  const usual = Float32Array.from({ length: 96 }, (_, q) => 10 * (q + 1));
  const cells = { days: 8, usual, low: usual, high: usual };
  const asked: EpochMs[] = [];
  const learned = async (day: EpochMs): Promise<ReadonlyMap<string, SiteCells>> => {
    asked.push(day);
    return new Map([['P1', { source: 'own' as const, kind: 1 as const, alike: '', cells }]]);
  };
  return { asked, told: createSeriesUsual(board, normal, learned) };
}
const span = (days: number, metric: MetricName = 'calls.inbound') => ({
  unit: 'P1',
  metric,
  from: TO - days * DAY,
  to: TO,
});

describe('the usual line of a chart', () => {
  it('of up to eight days is what was learned', async () => {
    const { asked, told } = learning();
    const { usual, usualLabel } = await told(span(8), TO, DAY);
    expect(usual.map(([, value]) => value)).toEqual(Array(8).fill(960));
    expect(usualLabel).toBe('usual of 8 Mondays');
    expect(new Set(asked).size).toBe(8);
  });

  it('of a longer span is what published months expect, says so, and asks for no learned day', async () => {
    const { asked, told } = learning();
    const { usual, usualLabel } = await told(span(390), TO, DAY);
    expect(new Set(usual.map(([, value]) => value))).toEqual(new Set([7]));
    expect(usual.length).toBeGreaterThan(380);
    expect(usualLabel).toBe('expected from published months');
    expect(asked).toEqual([]);
  });

  it('of a longer span is empty for what is not published, today’s own normal or not', async () => {
    const { told } = learning();
    expect((await told(span(9, 'calls.waiting'), TO, DAY)).usual).toEqual([]);
  });
});
