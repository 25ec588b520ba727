import { describe, expect, it } from 'vitest';
import type { FeedDef } from '#shared/model/definition.ts';
import { CANARY_TEXT, feedOf, NOW, overTheWire, siteOf, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import type { SyncAdapter } from '../adapters/adapter.ts';
import { telephonyQueues } from '../adapters/telephony-queues.ts';
import type { Refused } from '../quarantine.ts';
import { documentOf, refusalsOf } from './entry.ts';

const sites = ['P81001', 'P81002', 'P81003'].map((id) => siteOf(id));

function refusedOf(feed: FeedDef, payload: unknown, more: Partial<Refused> = {}): Refused {
  const rejections = more.rejections ?? [];
  const redaction = { keeps: {}, links: [] };
  return {
    instance: { id: feed.id, feed, sites },
    at: NOW,
    askedAt: NOW,
    payload,
    redaction,
    count: rejections.length,
    ...more,
    rejections,
  };
}

/** What an adapter refuses of a payload, and what it says to the copy that is kept of that. */
function readTwice<Memory>(adapter: SyncAdapter<Memory>, feed: FeedDef, payload: unknown) {
  const context = { instance: { id: feed.id, feed, sites }, askedAt: NOW, now: NOW, page: 0 };
  const read = (what: unknown) => {
    const result = adapter.read(what, context, adapter.memory());
    if (!result.ok) throw new Error(result.fault);
    return result;
  };
  const first = read(overTheWire(payload));
  const { redaction } = adapter;
  const { kept } = documentOf(refusedOf(feed, payload, { redaction, rejections: first.rejected }));
  return { first, again: read(kept.document), document: kept.document };
}

describe('a copy that is read again', () => {
  it('does not take a record that came twice for the first one', () => {
    const feed = feedOf('telephony-queues');
    const queues = [
      { odsCode: 'P81002', waiting: 1 },
      { odsCode: 'p81001 ', waiting: 5, note: CANARY_TEXT },
      { odsCode: 'P81001', waiting: 9 },
    ];
    const { again, document } = readTwice(telephonyQueues(feed, TOOLS), feed, { queues });
    expect(document).toEqual({ queues: [{ odsCode: 'p81001 ' }, { odsCode: 'P81001', waiting: 9 }] });
    expect(again).toMatchObject({ rejectedCount: 1, duplicates: 1 });
    expect(again.readings.filter(({ value }) => value !== null)).toEqual([]);
  });

  it('splits a shared account as it was split: not over a site that has figures of its own', () => {
    const shared = [{ account: 'ACC77', sites: sites.map(({ id }) => id), split: 'list-size' as const }];
    const feed = feedOf('telephony-queues', { shared });
    const queues = [
      { odsCode: 'ACC77', waiting: 8, callbacksWaiting: -1 },
      { odsCode: 'P81001', waiting: 2 },
    ];
    const { first, again } = readTwice(telephonyQueues(feed, TOOLS), feed, { queues });
    const shares = (read: typeof first) => read.readings.filter(({ estimated, value }) => estimated && value !== null);
    expect(shares(first).map(({ site, value }) => [site, value])).toEqual([
      ['P81002', 4],
      ['P81003', 4],
    ]);
    expect(shares(again)).toEqual(shares(first));
    expect(again.readings.filter(({ site, value }) => site === 'P81001' && value !== null)).toEqual([]);
  });

  it('holds a refused row however far down its table it stands', () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `P81001,${i}`);
    const payload = ['odsCode,waiting', ...rows].join('\r\n');
    const place = '/rows/8765';
    const redaction = { keeps: {}, links: [], fields: new Set(['odsCode', 'waiting']) };
    const refused = refusedOf(feedOf('mapped-csv'), payload, { redaction, rejections: [{ place, reason: 'x' }] });
    const expected = 'odsCode,waiting\nx#####,8765';
    expect(documentOf(refused).kept.document).toBe(expected);
    expect(refusalsOf(refused, refused.rejections, '')).toMatchObject([{ place, record: expected }]);
  });
});

it('a record is copied once, however many of its fields are refused', () => {
  let walks = 0;
  const record = {
    odsCode: 'P81001',
    get much() {
      walks++;
      return [];
    },
  };
  const rejections = Array.from({ length: 40 }, (_, i) => ({ place: `/queues/0/f${i}`, reason: 'x' }));
  const refused = refusedOf(feedOf('telephony-queues'), { queues: [record] }, { rejections });
  expect(refusalsOf(refused, rejections, '')).toHaveLength(40);
  expect(walks).toBe(1);
});
