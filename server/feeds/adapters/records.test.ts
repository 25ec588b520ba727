import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  feedOf,
  overTheWire,
  queue,
  siteOf,
  telephony,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import type { RecordMemory } from './records.ts';
import { telephonyQueues } from './telephony-queues.ts';

describe('what is remembered of the last document', () => {
  const many = Array.from({ length: 6 }, (_, i) => siteOf(`P8100${i}`));
  const shared = [{ account: 'ACC-7', sites: ['P81004', 'P81005'], split: 'equal' as const }];
  const remembering = telephonyQueues(feedOf('telephony-queues', { shared }), TOOLS);
  const inDocument = contextOf('telephony-queues', many);
  const take = (payload: unknown, memory: RecordMemory | null) => {
    const result = remembering.read(payload, inDocument, memory);
    if (!result.ok) throw new Error(result.fault);
    return result;
  };
  const codes = ['P81000', 'P81001', 'P81002', 'P81003', 'ACC-7', 'X99999', 'P81004'];
  const names = Object.keys(queue('x')).filter((name) => name !== 'odsCode' && name !== 'sinceMidnight');
  const counters = Object.keys(queue('x').sinceMidnight);

  it('hands out the same readings, and the same list, for what has not changed', () => {
    const first = take(telephony(...codes.map((code) => queue(code))), null);
    const second = take(overTheWire(telephony(...codes.map((code) => queue(code)))), first.memory);
    expect(second.readings).toBe(first.readings);
    expect(second.rejected).toEqual(first.rejected);
    const third = take(
      telephony(...codes.map((code) => queue(code, code === 'P81002' ? { waiting: 8 } : {}))),
      first.memory,
    );
    expect(third.readings.filter((r) => !first.readings.includes(r))).toEqual([
      { site: 'P81002', metric: 'calls.waiting', value: 8 },
    ]);
  });

  it('changes nothing in what it was given: a poll that failed forgets nothing', () => {
    const first = take(telephony(...codes.map((code) => queue(code))), null);
    const before = structuredClone(first.memory);
    take(telephony(...codes.map((code) => queue(code, { waiting: 1, sinceMidnight: null }))), first.memory);
    expect(first.memory).toEqual(before);
  });

  it('notices a change of any one field', () => {
    const first = take(telephony(queue('P81000')), null);
    for (const name of names) {
      const { readings } = take(telephony(queue('P81000', { [name]: 4711 })), first.memory);
      expect(readings.filter((r) => r.value === 4711)).toHaveLength(1);
    }
    for (const name of counters) {
      const sinceMidnight = { ...queue('x').sinceMidnight, [name]: 4711 };
      const { readings } = take(telephony(queue('P81000', { sinceMidnight })), first.memory);
      expect(readings.filter((r) => r.value === 4711)).toHaveLength(1);
    }
  });

  it('never says anything else than a reading without memory would', () => {
    const value = fc.constantFrom<unknown>(0, 1, 7, null, undefined, -1, 1.5, '3', true, []);
    const record = fc
      .tuple(
        fc.constantFrom(...codes),
        fc.constantFrom(...names),
        value,
        fc.constantFrom(...counters),
        value,
        fc.boolean(),
      )
      .map(([code, name, a, counter, b, whole]) =>
        queue(code, { [name]: a, sinceMidnight: whole ? { ...queue('x').sinceMidnight, [counter]: b } : b }),
      );
    const odd = fc.constantFrom<unknown>(null, 'P81000', {}, { odsCode: 7 }, []);
    const list = fc.array(fc.oneof({ weight: 9, arbitrary: record }, { weight: 1, arbitrary: odd }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(list, { minLength: 2, maxLength: 6 }), fc.boolean(), (documents, steady) => {
        let memory: RecordMemory | null = null;
        for (const [i, records] of documents.entries()) {
          // Often the same sites in the same order, as suppliers send them.
          const payload = telephony(
            ...(steady && i > 0 ? codes.map((code) => queue(code, { waiting: i % 2 })) : records),
          );
          const known = take(payload, memory);
          const anew = take(payload, null);
          expect(known.readings).toEqual(anew.readings);
          expect(known.rejectedCount).toBe(anew.rejectedCount);
          expect(known.duplicates).toBe(anew.duplicates);
          memory = known.memory;
        }
      }),
      { seed: 20261124, numRuns: 600 },
    );
  });

  it('holds nothing but codes of the feed, numbers and readings', () => {
    const payload = telephony(queue(CANARY.name), queue('P81000', { waiting: CANARY_TEXT }), CANARY_TEXT);
    const { memory } = take(payload, take(payload, null).memory);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(memory)).not.toContain(word);
  });
});
