import { describe, expect, it } from 'vitest';
import { gpFeed, gpSite } from '../../test/fixtures/fhir/gp-connect.ts';
import { feedOf, NOW, TOOLS } from '../../test/fixtures/feeds/samples.ts';
import { gpConnectSlots } from './adapters/gp-connect-slots.ts';
import { createAsks } from './asks.ts';
import { telephonyQueues } from './adapters/telephony-queues.ts';
import type { Adapter } from './adapters/adapter.ts';

function ask(secrets: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  const feed = gpFeed({ headers });
  const adapter = gpConnectSlots(feed, TOOLS) as unknown as Adapter<unknown>;
  const instance = { id: 'ahead:P81001', feed, sites: [gpSite] };
  const asks = createAsks({ secret: (name) => secrets[name], requester: 'QOP' }, instance, adapter);
  return asks.prepare(NOW, adapter.memory());
}

describe('a question of a standard that names secrets in its own header lines', () => {
  const FEEDS_URL = 'https://feeds.test';

  it('goes out with them filled in', () => {
    expect(ask({ FEEDS_URL, SSP_FROM_ASID: '200000000359' })).toMatchObject({
      headers: { 'ssp-from': '200000000359', 'ssp-to': '918999198820' },
    });
  });

  it('does not go out while one is missing, and says which', () => {
    expect(ask({ FEEDS_URL })).toMatchObject({
      state: 'unauthorised',
      fault: expect.stringContaining('SSP_FROM_ASID') as string,
    });
  });

  it('needs none that the feed gives itself', () => {
    expect(ask({ FEEDS_URL }, { 'Ssp-From': '200000000360' })).toMatchObject({
      headers: { 'ssp-from': '200000000360' },
    });
  });
});

describe('a further address', () => {
  const secrets: Readonly<Record<string, string>> = { KEY: 'k-1', OTHER: 'o-2' };
  const further = (url: string, address: string) => {
    const feed = feedOf('telephony-queues', { url });
    const adapter = telephonyQueues(feed, TOOLS) as unknown as Adapter<unknown>;
    const asks = createAsks(
      { secret: (name) => secrets[name], requester: 'QOP' },
      { id: 'x', feed, sites: [] },
      adapter,
    );
    return asks.further(address);
  };

  it('carries the secrets that the feed’s own address names', () => {
    expect(further('https://x.test/Slot?key=${KEY}', '?start=1&key=${KEY}')).toBe('?start=1&key=k-1');
  });

  it('gets no other secret out of us, whoever wrote it', () => {
    expect(further('https://x.test/Slot?key=${KEY}', '?a=${OTHER}&b=${KEY}&c=${NONE}')).toBe(
      '?a=${OTHER}&b=k-1&c=${NONE}',
    );
    expect(further('https://x.test/Slot', '?a=${OTHER}')).toBe('?a=${OTHER}');
  });
});
