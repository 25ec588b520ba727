import { expect, it } from 'vitest';
import { feedOf, NOW, siteOf } from '../../test/fixtures/feeds/samples.ts';
import { readAgain } from './again.ts';
import type { Entry } from './entry.ts';
import { NO_QUARANTINE } from './quarantine.ts';

const nothing = (): void => undefined;

it('what the end of the server broke off is not counted as refused again', async () => {
  const stopping = new AbortController();
  const settled: string[] = [];
  const feed = feedOf('mapped-json');
  const adapter = {
    name: feed.adapter,
    memory: () => null,
    read() {
      stopping.abort();
      return { ok: false, state: 'mapping-failed', fault: 'no mappings are worked out any more' };
    },
  };
  const entry = { adapter, instance: { id: feed.id, feed, sites: [siteOf('P81001')] } } as unknown as Entry;
  const stored = { feed: feed.id, at: NOW, askedAt: NOW, document: {}, records: 1 };
  const result = await readAgain(
    {
      clock: { now: () => NOW },
      quarantine: {
        ...NO_QUARANTINE,
        stored: () => [
          { ...stored, id: 'first' },
          { ...stored, id: 'second' },
        ],
        settle: (id) => void settled.push(id),
      },
      entries: new Map([[feed.id, entry]]),
      onOutcome: nothing,
      logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
      signal: stopping.signal,
    },
    'group',
  );
  expect(settled).toEqual([]);
  expect(result).toEqual({ records: 0, taken: 0, refused: 0 });
});
