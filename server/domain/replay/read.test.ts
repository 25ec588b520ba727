import { expect, it } from 'vitest';
import { emptySheets } from './sheets.ts';
import { linesOf, readBoardRow, RecordingBroken, takeRows } from './read.ts';
import type { RecordedRow } from './recorded.ts';

const row = (text: string, kind: RecordedRow['kind'] = 'changes'): RecordedRow => {
  const place = { stretch: 1, fromSeq: 5, toSeq: 6, from: 1000, to: 2000, rules: '1/hash' };
  return { kind, ...place, text: new TextEncoder().encode(text) };
};
const take = (text: string, after = 4) =>
  takeRows(emptySheets(), { seq: after, at: 0 }, [row(text)], Infinity, () => undefined);

it('gives the revisions after one, oldest first', () => {
  const text = '5\t1000\n6\t2000\tf+"telephony"\t0="telephony"';
  expect([...linesOf(row(text), 4)].map(({ seq, at }) => [seq, at])).toEqual([
    [5, 1000],
    [6, 2000],
  ]);
  expect([...linesOf(row(text), 5)].map(({ seq }) => seq)).toEqual([6]);
});

it.each([
  ['is no line', '{'],
  ['was written by an earlier version', '[5,1000,{"P1":["score",[3]]},{}]'],
  ['belongs to another board', '5\t1000\tu7\t0=5'],
  ['comes after one that is missing', '6\t2000'],
])('says that a change that %s cannot be followed', async (_name, text) => {
  await expect(take(text)).rejects.toThrow(RecordingBroken);
});

it('says that a whole board of an earlier version cannot be read', () => {
  expect(() => readBoardRow(row('{"unit":{"id":"P1"}}', 'board'))).toThrow(RecordingBroken);
});
