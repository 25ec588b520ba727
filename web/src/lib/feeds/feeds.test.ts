import type { Unit } from '$shared/model/unit';
import { describe, expect, it } from 'vitest';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import { placeOfAge } from './age-scale.ts';
import { feedsWord, groupOf, orderCauses } from './causes.ts';
import { failureWords } from './commands.svelte.ts';
import { coverageColumns, coverageRows } from './coverage.ts';
import { feedLine, holdsWords, searchText } from './feed-line.ts';
import { causeOf, coverageOf, feedOf, groupOfRecords, summaryOf } from './fixture.ts';
import { bareExample, groupSource, shortField } from './quarantine.ts';

const NOW = Date.parse('2026-11-23T09:42:00Z');
const NONE: ReadonlyMap<string, Unit> = new Map();

describe('causes', () => {
  const [a, b, c] = [causeOf('A'), causeOf('B'), causeOf('C')];
  it('keep their places while somebody reads: new ones come last, what is over goes', () => {
    expect(orderCauses(['key-B', 'key-A', 'key-X'], [c, a, b], false)).toEqual([b, a, c]);
  });
  it('take the order of the server as soon as nobody does', () => {
    expect(orderCauses(['key-B', 'key-A'], [a, b, c], true)).toEqual([a, b, c]);
  });
  it('lead to the records that belong to them', () => {
    const groups = [
      groupOfRecords('few', { count: 2, cause: 'A' }),
      groupOfRecords('most', { count: 5, feeds: ['feed-A'] }),
    ];
    const summary = summaryOf({ quarantine: { today: 7, note: '', groups } });
    expect(groupOf(summary, a)).toBe('most');
    expect(groupOf(summary, causeOf('Z', { feeds: ['other'] }))).toBeNull();
  });
});

describe('the title of the page', () => {
  it.each([
    [null, ''],
    [summaryOf({ counts: { of: 9, live: 2, trouble: 7, causes: 1 } }), '7 in trouble'],
    [summaryOf(), 'All well'],
    [summaryOf({ stopped: { since: null, text: 'x' } }), 'Not asking'],
  ])('says how many are in trouble', (summary, word) => {
    expect(feedsWord(summary)).toBe(word);
  });
});

describe('one feed in a row', () => {
  const line = (given = {}, units = NONE) =>
    feedLine(feedOf('f:P1', given), units, new Map([['alder-clinical', 'Alder Clinical']]), NOW);

  it('says its site, source, state, age, how it answers and when it is asked next', () => {
    expect(line({}, unitsOf(unitOf('P1', { name: 'Mill Lane' })))).toMatchObject({
      name: 'Mill Lane',
      source: 'Practice slots, Alder Clinical',
      state: 'on time',
      well: true,
      ageMs: 20_000,
      latency: '42 ms',
      volume: '12 records',
      next: 'next in 40 s',
    });
  });
  it('is late without a fault, and never well with one', () => {
    expect(line({ observedAt: '2026-11-23T09:30:00Z' })).toMatchObject({ state: 'late', well: false });
    expect(line({ state: 'tls-expired' })).toMatchObject({ state: 'certificate has expired', well: false });
    expect(line({ observedAt: null, state: 'never-polled', volume: null, latencyMs: null })).toMatchObject({
      ageMs: null,
      well: false,
      volume: '',
      latency: '',
    });
  });
  it('says volume against what is usual, and failures before the next attempt', () => {
    expect(line({ volume: 1, usualVolume: 152, failures: 3 })).toMatchObject({
      volume: '1 record, usually 152',
      next: '3 failed in a row, next in 40 s',
    });
    expect(line({ volume: 0 }).volume).toBe('0 records');
  });
  it('says why it is paused and until when, and that it is not asked meanwhile', () => {
    const paused = { by: 'operator', reason: 'server moves', at: '', until: '2026-11-23T10:00:00Z' };
    expect(line({ state: 'paused', paused })).toMatchObject({
      paused: true,
      fault: '“server moves”, to 10am',
      next: 'not asked while paused',
    });
  });
  it('is found by site, supplier, kind and state, whatever the order of the words', () => {
    const units = unitsOf(unitOf('P1', { name: 'Mill Lane' }), unitOf('P2', { name: 'Old Road' }));
    const feed = feedOf('f', { sites: ['P1', 'P2'], state: 'timeout' });
    const text = searchText(feed, feedLine(feed, units, new Map(), NOW), units);
    for (const find of ['old road', 'no answer', 'clinical mill', 'P2', 'slots', ''])
      expect(holdsWords(text, find)).toBe(true);
    expect(holdsWords(text, 'mill birch')).toBe(false);
  });
});

describe('the scale of ages', () => {
  it('rises from a second to a week and never leaves itself', () => {
    const places = [0, 1000, 60_000, 3_600_000, 86_400_000, 604_800_000, 1e12].map(placeOfAge);
    expect([...places].sort((x, y) => x - y)).toEqual(places);
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(1);
    expect(placeOfAge(60_000) - placeOfAge(1000)).toBeCloseTo(placeOfAge(3_600_000) - placeOfAge(60_000));
  });
});

describe('coverage', () => {
  const units = unitsOf(unitOf('b', { parent: 's' }), unitOf('n', { parent: 'b' }), unitOf('m', { parent: 'n' }));
  const rows = [coverageOf('b', 0.5), coverageOf('n', 0.2), coverageOf('m', 0.1)];
  it('shows what lies beneath a place only once it is opened, however deep', () => {
    const shown = (...open: string[]) =>
      coverageRows(rows, units, new Set(open)).map(({ row, depth }) => [row.unit, depth]);
    expect(shown()).toEqual([['b', 0]]);
    expect(shown('b')).toEqual([
      ['b', 0],
      ['n', 1],
    ]);
    expect(shown('b', 'n')).toEqual([
      ['b', 0],
      ['n', 1],
      ['m', 2],
    ]);
    expect(coverageRows(rows, units, new Set()).map((r) => r.parted)).toEqual([true]);
  });
  it('has a column for each kind that anybody sends, the deciding ones first where room is short', () => {
    const families = {
      appointments: { live: 1, trouble: 0 },
      online: { live: 0, trouble: 1 },
      telephony: { live: 1, trouble: 0 },
      urgent: { live: 0, trouble: 0 },
    };
    const all = [coverageOf('a', 1, { families })];
    expect(coverageColumns(all, 5)).toEqual(['telephony', 'appointments', 'online']);
    expect(coverageColumns(all, 2)).toEqual(['telephony', 'online']);
  });
});

describe('quarantine', () => {
  it.each([
    ['/queues/*/longestWaitSeconds', 'longestWaitSeconds'],
    ['/entry/*/resource/start', 'resource.start'],
    ['/data/0/a~1b', 'data.a/b'],
    ['', ''],
  ])('names the field of %s', (pointer, name) => {
    expect(shortField(pointer)).toBe(name);
  });
  it.each([
    ['"#x##"', '#x##'],
    ['-4', '-4'],
    ['{"a":"b"}', '{"a":"b"}'],
  ])('shows the refused value %s as %s', (example, shown) => {
    expect(bareExample(example)).toBe(shown);
  });
  it('says whose, from how many feeds, since when and which cause', () => {
    expect(groupSource(groupOfRecords('g', { cause: 'D' }))).toBe('Calder Voice, 1 feed, since 8:02am · cause D');
    expect(groupSource(groupOfRecords('g', { count: 1 }))).toBe('Calder Voice, 1 feed, once at 8:02am');
  });
});

describe('a command that was not done', () => {
  it('says so in the words of the server, and admits not to know where there was no answer', () => {
    expect(failureWords({ ok: false, status: 404, code: 'UNKNOWN_FEED', detail: 'No such feed: x.' })).toBe(
      'Not done: No such feed: x.',
    );
    expect(failureWords({ ok: false, status: 500, code: 'UNEXPECTED', detail: '' })).toBe(
      'Not done: the server said 500.',
    );
    expect(failureWords({ ok: false, status: 0, code: 'TIMEOUT', detail: '' })).toMatch(/may or may not be done/);
  });
});
