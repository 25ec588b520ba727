import { describe, expect, it } from 'vitest';
import type { AdapterName } from '#shared/model/definition.ts';
import { NOW, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import { contextOf, heap, judge } from '../../../test/support/feed-judge.ts';
import { FEED_WORLDS } from '../../../test/support/feed-worlds.ts';
import { createMutator } from '../../../test/support/mutator.ts';
import type { SyncAdapter } from './adapter.ts';
import { adapterOf } from './registry.ts';

const RUNS = 20_000;
/** A poll's memory is handed on this often before it begins anew. */
const CHAIN = 25;
const GROWTH = 12_000_000;

describe.each(Object.keys(FEED_WORLDS).filter((name) => !name.startsWith('mapped')) as AdapterName[])(
  '%s under mutation',
  (name) => {
    const world = FEED_WORLDS[name];
    const adapter = adapterOf(world.feed, TOOLS) as SyncAdapter<unknown>;

    it('stands 20,000 of them: says no more than is there, of nobody, and keeps nothing', { timeout: 180_000 }, () => {
      const root = { document: structuredClone(world.payload) };
      const { mutate } = createMutator(root, 20260914);
      let memory: unknown = null;
      let taken = 0;
      let before = 0;
      for (let run = 0; run < RUNS; run++) {
        if (run === RUNS / 10) before = heap();
        const context = contextOf(world, NOW + (run % CHAIN) * 15_000);
        const { canary, numbers, told, undo } = mutate();
        const payload = root.document as unknown;
        if (run % CHAIN === 0) memory = null;
        const chained = memory !== null;
        const result = adapter.read(payload, context, memory ?? adapter.memory());
        const seen = { told: `run ${run}: ${told}`, payload, numbers, canary, chained };
        memory = judge(world, adapter, result, context, seen);
        if (result.ok) taken++;
        undo();
      }
      expect(root.document).toEqual(world.payload);
      // Most mutations leave a document that can still be read in part: a harness that only makes rubbish proves nothing.
      expect(taken).toBeGreaterThan(RUNS / 2);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(heap() - before).toBeLessThan(GROWTH);
    });
  },
);
