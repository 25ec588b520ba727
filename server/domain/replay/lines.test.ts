import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import { createMemoryBoard } from '../../../test/support/memory-board.ts';
import { smallDefinition } from '../../../test/support/definition.ts';
import type { Commit } from '../ports.ts';
import { createSayer, fillSheets, saysTheSame, valuesOf } from './cells.ts';
import { readBoard, readHead, sayBoard, takeCommit } from './lines.ts';
import { copySheets, emptySheets, renewTexts, type Sheets } from './sheets.ts';
import { createTaker } from './take.ts';

const board = createMemoryBoard(smallDefinition());
const begin = () => fillSheets(emptySheets(), board.units(), board.feeds());
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function take(sheets: Sheets, line: string): void {
  const taker = createTaker(sheets);
  taker.words(line, readHead(line).rest);
  taker.finish();
}
/** What the rows say, whatever their order. */
const said = (sheets: Sheets) => plain(valuesOf(sheets));

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('Ynys M\u00f4n', '\t', '\n', '8\u201310', '"', '\ud83d\ude00'),
);
const metric = fc.record({ value: fc.option(fc.integer()), absence: fc.constant(null), observedAt: fc.constant(null) });
const unitPatch = fc.record(
  {
    id: fc.constantFrom(...board.units().map(({ id }) => id), 'new one', 'n\u00e9w'),
    score: fc.option(fc.integer()),
    sentence: text,
    trail: fc.array(fc.option(fc.integer())),
    metrics: fc.dictionary(fc.constantFrom('calls.waiting', 'slots.free', 'made up'), metric),
    indicators: fc.array(fc.record({ indicator: text, value: fc.integer() }), { maxLength: 4 }),
  },
  { requiredKeys: ['id', 'metrics'] },
);
const feedPatch = fc.record({ id: fc.constant('telephony-test'), fault: text, latencyMs: fc.option(fc.integer()) });
const change = fc.record({
  units: fc.array(unitPatch, { maxLength: 4 }),
  feeds: fc.array(feedPatch, { maxLength: 2 }),
  removed: fc.subarray(['new one', 'P1'], { maxLength: 1 }),
});

type Board = { readonly units: Map<string, Partial<Unit>>; readonly feeds: Map<string, Partial<FeedStatus>> };

/** The rule of the protocol, on plain objects: fields replace, metrics merge. */
function merge({ units, feeds }: Board, commit: Commit): void {
  for (const patch of commit.units) {
    const before = units.get(patch.id);
    units.set(patch.id, { ...before, ...patch, metrics: { ...before?.metrics, ...patch.metrics } });
  }
  for (const patch of commit.feeds) feeds.set(patch.id, { ...feeds.get(patch.id), ...patch });
  for (const id of commit.removed) units.delete(id);
}

it('lines lead from any board to the one after any commits, and boards come back from their own', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(8), (changes, between) => {
      const written = begin();
      const read = begin();
      const merged: Board = {
        units: new Map(board.units().map((unit) => [unit.id, unit])),
        feeds: new Map(board.feeds().map((feed) => [feed.id, feed])),
      };
      let again: Sheets | null = null;
      changes.forEach((each, i) => {
        const nothing = { applied: [], levels: [], inputs: [] };
        const commit = { ...nothing, ...each, seq: i + 1, at: i, epoch: 'e' } as unknown as Commit;
        if (i === between) again = readBoard(sayBoard(written).join('\n').split('\n'));
        const line = takeCommit(written, commit);

        expect(line).not.toMatch(/[^\0-\x7f]|\n/);
        take(read, line);
        if (again !== null) take(again, line);
        merge(merged, commit);
      });
      const expected = plain({ units: [...merged.units.values()], feeds: [...merged.feeds.values()] });
      // A unit without indicators has none.
      const whole = (value: unknown) => {
        const { units, feeds } = value as { units: Partial<Unit>[]; feeds: unknown };
        return { units: units.map((unit) => ({ indicators: [], ...unit })), feeds };
      };
      expect(said(written)).toEqual(whole(expected));
      expect(said(read)).toEqual(said(written));
      if (again !== null) expect(said(again)).toEqual(said(written));
      for (const sheet of [read.units, read.feeds]) renewTexts(sheet);
      expect(said(read)).toEqual(said(written));
    }),
    { numRuns: 60, seed: 9 },
  );
});

const commit = (units: Commit['units'], seq = 1) =>
  ({ seq, at: 0, epoch: 'e', units, feeds: [], removed: [], applied: [], levels: [], inputs: [] }) satisfies Commit;

it('a copy goes its own way', () => {
  const one = begin();
  const other = copySheets(one);
  takeCommit(one, commit([{ id: 'P1', score: 5 }]));
  takeCommit(other, commit([{ id: 'P1', score: 7 }]));
  const scores = [one, other].map((sheets) => valuesOf(sheets).units.find(({ id }) => id === 'P1')?.score);
  expect(scores).toEqual([5, 7]);
});

it('says only what has changed where nothing else has, and is short', () => {
  const sheets = begin();
  takeCommit(sheets, commit([{ id: 'P1', sentence: 'Callers wait 14 min against a usual 5.' }]));
  const line = takeCommit(
    sheets,
    commit([{ id: 'P1', sentence: 'Callers wait 17 min against a usual 5.', level: null }], 2),
  );
  expect(line).toMatch(/^2\t0\tu\d+\t\d+ 0 0 "Callers wait 17 min against a usual 5."$/);
  expect(takeCommit(sheets, commit([{ id: 'P1', level: null }], 3))).toBe('3\t0');
});

it('knows a unit that says the same in another order, and one that does not', () => {
  const [unit] = board.units();
  if (unit === undefined) throw new Error('no unit');
  const sheets = fillSheets(emptySheets(), [{ ...unit, reporting: { of: 1, sites: 0 } }], []);
  expect(saysTheSame(sheets.units, 0, { ...unit, reporting: { sites: 0, of: 1 } })).toBe(true);
  expect(saysTheSame(sheets.units, 0, { ...unit, reporting: { sites: 1, of: 0 } })).toBe(false);
  const { brief, ...shorter } = unit;
  expect([brief, saysTheSame(sheets.units, 0, shorter)]).toEqual(['', false]);
});

it('a patch says the id, the fields that were touched, and nothing that a view leaves out', () => {
  const sheets = begin();
  takeCommit(sheets, commit([{ id: 'P1', score: 5, indicators: [{ indicator: 'x' }, { indicator: 'y' }] as never }]));
  const number = sheets.units.numbers.get('P1') ?? -1;
  const places = new Set([sheets.units.places.get('fscore') ?? -1, sheets.units.places.get('i1') ?? -1]);
  const patch = (shows?: (field: string) => boolean) =>
    JSON.parse(createSayer(sheets.units, 'unit', shows).patch(number, places)) as unknown;
  expect(patch()).toEqual({ id: 'P1', score: 5, indicators: [{ indicator: 'x' }, { indicator: 'y' }] });
  expect(patch((field) => field !== 'indicators')).toEqual({ id: 'P1', score: 5 });
  expect(createSayer(sheets.units, 'unit', () => false).patch(number, places)).toBe('');
});

it.each([
  ['a cell of nothing', '1\t0\t3 0 0 x'],
  ['a row that is not there', '1\t0\tu999\t3=5'],
  ['a column that is not there', '1\t0\tu0\t9999=5'],
  ['more than a cell has', '1\t0\tu0\t1 500 500 x'],
  ['no words at all', '[5,1000,{"P1":["score",[3]]},{}]'],
  ['words that mean nothing', '1\t0\tx9'],
])('refuses a change of %s', (_name, line) => {
  expect(() => take(begin(), line)).toThrow();
});

it('refuses a board that another version wrote', () => {
  expect(() => readBoard(['{"unit":{"id":"P1"}}'])).toThrow('another version');
});
