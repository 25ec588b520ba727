import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { FeedDef } from '#shared/model/definition.ts';
import { dayStart, HOUR } from '#shared/model/time.ts';
import { CANARY, NOW, siteOf, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import { documentedFeed } from '../../../test/support/feed-worlds.ts';
import { redactCsv } from '../redact-csv.ts';
import { redact } from '../redact.ts';
import { createMappingRunner } from '../mapping/worker-runner.ts';
import type { ReadContext } from './adapter.ts';
import { adapterOf } from './registry.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/feeds/${name}`, import.meta.url), 'utf8');

const queueOf = (n: number) => ({ queue: `0a1b2c3d-0000-4000-8000-00000000000${n}` });
const sites = [siteOf('P81001', 'practice', queueOf(1)), siteOf('P81002', 'practice', queueOf(2)), siteOf('P81003')];
const mapping = createMappingRunner();
afterAll(() => mapping.close());

async function read(feed: FeedDef, payload: unknown) {
  const adapter = adapterOf(feed, { ...TOOLS, mapping });
  const context: ReadContext = { instance: { id: feed.id, feed, sites }, askedAt: NOW, now: NOW, page: 0 };
  const result = await adapter.read(payload, context, adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return { ...result, redaction: adapter.redaction };
}
const table = ({ readings }: Awaited<ReturnType<typeof read>>, site: string) =>
  Object.fromEntries(readings.filter((r) => r.site === site).map((r) => [r.metric, r.value ?? r.detail]));

describe('the examples of the documentation', () => {
  it('reads Amazon Connect: nulls not reported, a queue of nobody left out, a site without a queue missing', async () => {
    const result = await read(
      documentedFeed('Amazon Connect: current metrics'),
      JSON.parse(fixture('amazon-connect-current-metrics.json')),
    );
    expect(result).toMatchObject({ rejectedCount: 0, observedAt: NOW - 9_875 });
    expect(table(result, 'P81001')).toEqual({
      'calls.waiting': 6,
      'calls.longest-wait': 184,
      'calls.handlers-on-call': 4,
      'calls.handlers-free': 1,
    });
    expect(table(result, 'P81002')).toEqual({
      'calls.waiting': 0,
      'calls.longest-wait': 'missing-field',
      'calls.handlers-on-call': 0,
      'calls.handlers-free': 'missing-field',
    });
    expect(new Set(Object.values(table(result, 'P81003')))).toEqual(new Set(['missing-site']));
  });

  it('reads Genesys Cloud: the longest wait from the first call that waits, and nobody who calls', async () => {
    const result = await read(
      documentedFeed('Genesys Cloud: queue observations'),
      JSON.parse(fixture('genesys-queue-observations.json')),
    );
    expect(result).toMatchObject({ rejectedCount: 0, observedAt: null });
    expect(table(result, 'P81001')).toEqual({
      'calls.waiting': 2,
      'calls.longest-wait': 228,
      'calls.handlers-on-call': 3,
      'calls.handlers-free': 1,
    });
    expect(table(result, 'P81002')).toMatchObject({ 'calls.waiting': 0, 'calls.longest-wait': 0 });
    expect(JSON.stringify(result)).not.toContain(CANARY.name);
  });

  it('reads a wallboard: byte order mark, semicolons, a remark over two lines, a blank that is no zero', async () => {
    const result = await read(documentedFeed("A wallboard's CSV export"), fixture('wallboard.csv'));
    expect(result).toMatchObject({ rejectedCount: 0, observedAt: NOW - 10_000 });
    expect(table(result, 'P81001')).toEqual({ 'calls.waiting': 6, 'calls.longest-wait': 184, 'callbacks.waiting': 2 });
    expect(table(result, 'P81002')).toEqual({
      'calls.waiting': 0,
      'calls.longest-wait': 0,
      'callbacks.waiting': 'missing-field',
    });
    expect(JSON.stringify(result)).not.toContain(CANARY.name);
  });

  it("reads yesterday's totals as those of their day, and nothing of today", async () => {
    const result = await read(documentedFeed("Yesterday's totals"), fixture('calls-yesterday.csv'));
    const yesterday = dayStart(dayStart(NOW) - HOUR);
    const before = dayStart(yesterday - HOUR);
    expect(result.rejectedCount).toBe(0);
    expect(result.readings.filter((r) => r.site === 'P81001' && r.day !== undefined)).toEqual([
      { site: 'P81001', metric: 'calls.inbound', value: 412, day: yesterday },
      { site: 'P81001', metric: 'calls.answered', value: 301, day: yesterday },
      { site: 'P81001', metric: 'calls.missed', value: 47, day: yesterday },
      { site: 'P81001', metric: 'calls.inbound', value: 120, day: before },
      { site: 'P81001', metric: 'calls.answered', value: 96, day: before },
      { site: 'P81001', metric: 'calls.missed', value: 4, day: before },
    ]);
    expect(new Set(result.readings.filter((r) => r.day === undefined).map((r) => r.value))).toEqual(new Set([null]));
  });

  it.each([
    ['Amazon Connect: current metrics', 'amazon-connect-current-metrics.json'],
    ['Genesys Cloud: queue observations', 'genesys-queue-observations.json'],
    ["A wallboard's CSV export", 'wallboard.csv'],
  ])('%s: the redacted copy gives the same again, and nobody is in it', async (heading, name) => {
    const feed = documentedFeed(heading);
    const csv = feed.adapter === 'mapped-csv';
    const payload: unknown = csv ? fixture(name) : JSON.parse(fixture(name));
    const first = await read(feed, payload);
    const copy = csv ? redactCsv(String(payload), first.redaction) : redact(payload, first.redaction);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(copy)).not.toContain(word);
    expect((await read(feed, copy)).readings).toEqual(first.readings);
  });
});
