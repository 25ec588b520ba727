import { expect, it } from 'vitest';
import { changesOf, RecordingBroken } from './read.ts';
import type { RecordedRow } from './recorded.ts';

const row = (text: string): RecordedRow => {
  const place = { stretch: 1, fromSeq: 5, toSeq: 6, from: 1000, to: 2000, rules: '1/hash' };
  return { kind: 'changes', ...place, text };
};

it('gives the changes after a revision, oldest first', () => {
  const text = '[5,1000,{"P1":["score",[3]]},{}]\n[6,2000,{},{"telephony":[{"id":"telephony"}]},["P2"]]';
  expect([...changesOf(row(text), 4)].map(({ seq }) => seq)).toEqual([5, 6]);
  expect([...changesOf(row(text), 5)]).toEqual([
    { seq: 6, at: 2000, units: {}, feeds: { telephony: [{ id: 'telephony' }] }, removed: ['P2'] },
  ]);
});

it.each(['{', '[5,1000,{"P1":{"score":[3]}},{}]', '[5,1000,{},{"telephony":0}]', 'null'])(
  'says that %s cannot be followed, and takes nothing of it',
  (text) => {
    expect(() => [...changesOf(row(text), 4)]).toThrow(RecordingBroken);
  },
);
