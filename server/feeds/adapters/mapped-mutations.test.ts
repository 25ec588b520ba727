import { afterAll, describe, expect, it } from 'vitest';
import { NOW, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import { contextOf, heap, judge } from '../../../test/support/feed-judge.ts';
import { FEED_WORLDS } from '../../../test/support/feed-worlds.ts';
import { createMutator, createRandom, mutateText } from '../../../test/support/mutator.ts';
import { createEvaluator } from '../mapping/evaluate.ts';
import type { MappingRunner } from '../mapping/runner.ts';
import { mappingFault } from '../mapping/words.ts';
import { createMappingRunner } from '../mapping/worker-runner.ts';
import { adapterOf } from './registry.ts';

const RESULTS = 20_000;
const GROWTH = 12_000_000;

/** The engine in this process: thousands of questions to another process would be minutes of waiting. */
function createRunnerHere(): MappingRunner {
  const evaluate = createEvaluator();
  return {
    async run(expression, input, bindings, format = 'json') {
      const answer = await evaluate({ expression, input, bindings, format, limitMs: 1000 });
      if (answer.kind === 'unreadable') return { ok: false, why: answer.why, unreadable: true };
      if (answer.kind === 'fault') return { ok: false, why: mappingFault(answer.code, answer.position, expression) };
      const { json, refused, refusedCount } = answer;
      return { ok: true, value: json === null ? undefined : (JSON.parse(json) as unknown), refused, refusedCount };
    },
    close: () => Promise.resolve(),
  };
}

describe('mapped feeds under mutation', () => {
  const apart = createMappingRunner();
  afterAll(() => apart.close());
  const here = createRunnerHere();

  async function stand(name: 'mapped-json' | 'mapped-csv', mapping: MappingRunner, runs: number, seed: number) {
    const world = FEED_WORLDS[name];
    const adapter = adapterOf(world.feed, { ...TOOLS, mapping });
    const context = contextOf(world, NOW);
    const root = { document: structuredClone(world.payload) };
    const { mutate } = createMutator(root, seed);
    const random = createRandom(seed);
    let taken = 0;
    let before = 0;
    for (let run = 0; run < runs; run++) {
      if (run === runs / 10) before = heap();
      const text = typeof world.payload === 'string' ? mutateText(world.payload, random) : null;
      const change =
        text === null ? mutate() : { numbers: [], canary: true, told: 'a text changed', undo: () => undefined };
      const payload: unknown = text ?? root.document;
      const result = await adapter.read(payload, context, adapter.memory());
      judge(world, adapter, result, context, { ...change, told: `run ${run}: ${change.told}`, payload });
      if (result.ok) taken++;
      change.undo();
    }
    expect(taken).toBeGreaterThan(runs / 5);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(heap() - before).toBeLessThan(GROWTH);
  }

  it.each(['mapped-json', 'mapped-csv'] as const)('%s stands 5,000 of them', { timeout: 180_000 }, (name) =>
    stand(name, here, 5000, 20260916),
  );

  it.each(['mapped-json', 'mapped-csv'] as const)('%s stands 500 more in its process', { timeout: 120_000 }, (name) =>
    stand(name, apart, 500, 20260917),
  );

  it('20,000 results that no mapping should come to are judged like any', { timeout: 180_000 }, async () => {
    const world = FEED_WORLDS['mapped-json'];
    const at = (site: string, value: number, more: object = {}) => ({ site, metric: 'calls.waiting', value, ...more });
    const root = {
      value: {
        observedAt: '2026-09-14T08:29:50Z',
        observations: [
          at('P81001', 7),
          at('P81002', 4),
          { ...at('P81002', 12), metric: 'calls.longest-wait', of: 'today' },
        ] as unknown,
      },
    };
    const feed = { ...world.feed, mapping: '$' };
    const run = () => Promise.resolve({ ok: true as const, value: root.value as unknown });
    const adapter = adapterOf(feed, { ...TOOLS, mapping: { run, close: () => Promise.resolve() } });
    const context = contextOf({ ...world, feed }, NOW);
    const { mutate } = createMutator(root, 20260918);
    for (let i = 0; i < RESULTS; i++) {
      const { canary, numbers, told, undo } = mutate();
      const result = await adapter.read({}, context, adapter.memory());
      judge(world, adapter, result, context, { told: `run ${i}: ${told}`, payload: root.value, numbers, canary });
      undo();
    }
  });
});
