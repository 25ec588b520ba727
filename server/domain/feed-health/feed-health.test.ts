import { describe, expect, it } from 'vitest';
import { FEED_STATES, type FeedState } from '#shared/model/absence.ts';
import type { Definition, FeedDef } from '#shared/model/definition.ts';
import { fromInstant, HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import type { FeedStatus, MetricState, Unit, UnitPatch } from '#shared/model/unit.ts';
import type { FeedsSummary } from '#shared/protocol/feeds.ts';
import { smallDefinition, telephonyFeed } from '../../../test/support/definition.ts';
import { createMemoryBoard } from '../../../test/support/memory-board.ts';
import type { Condition, QuarantineGroup } from '../ports.ts';
import { wordsOf } from './cause-words.ts';
import { beginEpisodes, lately, stepEpisodes } from './episodes.ts';
import { createFeedLayout } from './layout.ts';
import { assignLetters, letterAt } from './letters.ts';
import { markOfState } from './marks.ts';
import { feedsSummary } from './summary.ts';
import { sayAge, sayWhen } from './words.ts';

/** Monday 23 November 2026, 9:42am. */
const NOW = fromInstant('2026-11-23T09:42:00Z');
const value = (n: number): MetricState => ({ value: n, absence: null, observedAt: null });
const absent = (detail = 'timeout'): MetricState => ({ value: null, absence: 'unreachable', observedAt: null, detail });

const slots = (id: string, supplier: string, sites: string[]): FeedDef => ({
  ...telephonyFeed(sites, 'http://127.0.0.1:9/{ods}'),
  id,
  adapter: 'bars-slots',
  label: 'Slots',
  supplier,
});

interface World {
  readonly definition?: Definition;
  readonly feeds?: Readonly<Record<string, Partial<FeedStatus>>>;
  readonly units?: readonly UnitPatch[];
  readonly conditions?: readonly Condition[];
  readonly groups?: readonly QuarantineGroup[];
  readonly letters?: ReadonlyMap<string, string>;
}

/** Every feed on time and every practice at level 1, but for what a test changes. */
function world({
  definition = smallDefinition(),
  feeds = {},
  units = [],
  conditions = [],
  groups = [],
  letters = new Map(),
}: World) {
  const board = createMemoryBoard(definition);
  const layout = createFeedLayout(definition);
  const well = { state: 'ok', observedAt: toInstant(NOW - 5000), polledAt: toInstant(NOW - 5000) };
  const ids = layout.pairs.flatMap((pair) => pair.feeds);
  const statuses = [...new Set(ids)].map((id): FeedStatus => {
    const [feed = id] = id.split(':');
    const base = board.feeds().find((each) => each.id === feed);
    if (!base) throw new Error(id);
    const sites = layout.pairs.filter((pair) => pair.feeds.includes(id)).map(({ site }) => site.id);
    return { ...base, id, sites, ...well, ...feeds[id] };
  });
  const open = board.units().map((unit): Unit => ({ ...unit, level: 1, metrics: { 'calls.waiting': value(1) } }));
  const changed = new Map(open.map((unit) => [unit.id, unit]));
  for (const patch of units) {
    const unit = changed.get(patch.id);
    if (unit) changed.set(patch.id, { ...unit, ...patch });
  }
  const episodes = beginEpisodes(layout, statuses, NOW);
  const told = feedsSummary(layout, {
    at: NOW,
    feeds: statuses,
    unit: (id) => changed.get(id),
    conditions,
    quarantine: { today: 0, note: '', groups },
    episodes,
    letters,
    clock: { offMs: null, text: '' },
  });
  return { ...told.summary, letters: told.letters };
}

const silent = {
  state: 'timeout',
  since: toInstant(NOW - 13 * MINUTE),
  observedAt: toInstant(NOW - 13 * MINUTE - 15_000),
};
const unknown = (id: string): UnitPatch => ({ id, level: null, metrics: { 'calls.waiting': absent() } });
const block = (summary: FeedsSummary, family: string, supplier: string) =>
  summary.field.find((each) => each.family === family)?.blocks.find((each) => each.supplier === supplier);

describe('all well', () => {
  it('is one mark a site and kind of data, and says so', () => {
    const summary = world({});
    expect(summary.counts).toEqual({ of: 4, live: 4, trouble: 0, causes: 0 });
    expect(summary.sentence).toBe(
      'All **4** are on time, and nothing hides pressure: the levels of **100% of patients** stand.',
    );
    expect(block(summary, 'telephony', 'test-telecom')).toMatchObject({
      supplierName: 'Test Telecom',
      states: 'oooo',
      fresh: '4444',
      causes: [],
    });
    // Practices, a hub and a service report more than telephony; nobody brings it.
    expect(block(summary, 'slots', '')).toMatchObject({ supplierName: 'no feed', states: 'nnnnn' });
    expect(block(summary, 'urgent', '')).toMatchObject({ states: 'n' });
    expect(summary.stopped).toBeNull();
    expect(summary.coverage).toBe(1);
  });

  it('says when nothing is connected, and when nothing was asked yet', () => {
    expect(world({ definition: smallDefinition({ feeds: [] }) }).sentence).toBe('No feed is connected yet.');
    const unasked = { 'telephony-test': { state: 'never-polled', observedAt: null } };
    expect(world({ feeds: unasked })).toMatchObject({
      sentence: 'No feed has been asked yet.',
      counts: { live: 0, trouble: 0 },
    });
  });

  it('is an empty screen for a system without units of its own', () => {
    const definition = smallDefinition({ feeds: [] });
    const bare = { ...definition, units: definition.units.filter(({ kind }) => kind === 'system') };
    expect(world({ definition: bare })).toMatchObject({ field: [], causes: [], coverageBy: [], coverage: null });
  });

  it('fades from just seen to the end of its time, and is late beyond it', () => {
    const ages = [0, 40, 80, 120, 179, 181].map((seconds) => {
      const feeds = { 'telephony-test': { observedAt: toInstant(NOW - seconds * 1000) } };
      const { states, fresh } = block(world({ feeds }), 'telephony', 'test-telecom') ?? {};
      return `${states?.[0]}${fresh?.[0]}`;
    });
    expect(ages).toEqual(['o4', 'o3', 'o2', 'o1', 'o0', 'l0']);
  });
});

describe('a supplier that does not answer', () => {
  const summary = world({ feeds: { 'telephony-test': silent }, units: ['P1', 'P2', 'P3', 'P4'].map(unknown) });

  it('is one cause for all its sites, with where, since when and what it hides', () => {
    expect(summary.causes).toMatchObject([
      {
        letter: 'A',
        key: 'test-telecom/telephony/timeout',
        title: 'The supplier does not answer',
        where: 'Telephony, Test Telecom: all 4 in place place, 9:29am',
        since: toInstant(NOW - 13 * MINUTE),
        todo: 'Call Test Telecom.',
        more: 'Not asked again by itself.',
        owner: 'supplier',
        expectedMs: 30_000,
        ageMs: 13 * MINUTE + 15_000,
        hides: '4 practices unknown',
        hidesMore: '32,006 patients',
        patients: 32_006,
        feeds: ['telephony-test'],
        sites: ['P1', 'P2', 'P3', 'P4'],
        action: 'poll',
      },
    ]);
    expect(summary.counts).toEqual({ of: 4, live: 0, trouble: 4, causes: 1 });
    expect(block(summary, 'telephony', 'test-telecom')).toMatchObject({
      states: 'uuuu',
      causes: [{ letter: 'A', from: 0, count: 4 }],
    });
  });

  it('is said in one sentence: the gap, who is unknown and not calm, who must act', () => {
    expect(summary.sentence).toBe(
      'One gap hides pressure: **place place telephony** has not answered since **9:29am**, so 4 practices with 32,006 patients are **unknown**, not calm. The levels of **0% of patients** stand. One cause waits for others.',
    );
  });

  it('names whom to call and when it is asked again', () => {
    const definition = {
      ...smallDefinition(),
      suppliers: [
        {
          id: 'test-telecom',
          name: 'Calder Voice',
          perMinute: null,
          perSecond: null,
          contact: '0300 000 0000.',
          fields: {},
        },
      ],
    };
    const feeds = { 'telephony-test': { ...silent, nextPollAt: toInstant(NOW + 4 * MINUTE) } };
    const [cause] = world({ definition, feeds }).causes;
    expect([cause?.todo, cause?.more]).toEqual(['Call Calder Voice: 0300 000 0000.', 'Asked again at 9:46am.']);
  });

  it('hides nothing while the last figures stand, and says how old they are', () => {
    const [cause] = world({ feeds: { 'telephony-test': silent } }).causes;
    expect([cause?.hides, cause?.hidesMore, cause?.patients]).toEqual(['calls up to 13 min old', '4 practices', 0]);
    expect(world({ feeds: { 'telephony-test': silent } }).sentence).toBe(
      'Nothing hides pressure: what is in trouble is late or partly left out; the levels of **100% of patients** stand. One cause waits for others.',
    );
  });
});

describe('a document of many sites', () => {
  const missing: MetricState = { value: null, absence: 'not-reported', observedAt: null, detail: 'missing-site' };

  it('is judged site by site: left out, refused in part, well', () => {
    const summary = world({
      feeds: { 'telephony-test': { state: 'partly-rejected', since: toInstant(NOW - MINUTE) } },
      units: [
        { id: 'P2', metrics: { 'calls.waiting': missing } },
        { id: 'P3', metrics: { 'calls.waiting': { ...missing, absence: 'rejected', detail: 'invalid' } } },
      ],
    });
    expect(block(summary, 'telephony', 'test-telecom')).toMatchObject({
      sites: ['P3', 'P2', 'P1', 'P4'],
      states: 'rroo',
    });
    expect(summary.causes.map(({ title, sites }) => [title, sites])).toEqual([
      ['Some records are refused', ['P3']],
      ['Left out of the supplier’s answers', ['P2']],
    ]);
    expect(summary.counts).toMatchObject({ of: 4, live: 2, trouble: 2 });
  });

  it('may leave out a site that is closed', () => {
    const summary = world({ units: [{ id: 'P2', open: false, metrics: { 'calls.waiting': missing } }] });
    expect(block(summary, 'telephony', 'test-telecom')?.states).toBe('cooo');
    expect(summary.counts).toMatchObject({ live: 4, trouble: 0 });
  });
});

describe('several feeds of the same data', () => {
  const definition = smallDefinition({ feeds: [slots('bars', 'alder', ['P1', 'P2']), slots('gpc', 'spine', ['P1'])] });

  it('are one mark, the best of them, while the cause is still told', () => {
    const summary = world({ definition, feeds: { 'bars:P1': { ...silent, state: 'unauthorised' } } });
    expect(block(summary, 'slots', 'alder')).toMatchObject({
      sites: ['P1', 'P2'],
      feeds: ['gpc:P1', 'bars:P2'],
      states: 'oo',
    });
    expect(summary.causes).toMatchObject([
      {
        title: 'Our sign-in was refused (401)',
        todo: '**Ours:** renew our key or password.',
        owner: 'ours',
        hides: 'covered by another feed',
      },
    ]);
    expect(summary.counts).toMatchObject({ trouble: 0, causes: 1 });
  });
});

describe('a hub', () => {
  it('whose system is down is told by name, with the patients around it', () => {
    const definition = smallDefinition({ feeds: [slots('hubs', 'cedar', ['HUB1'])] });
    const summary = world({
      definition,
      feeds: { 'hubs:HUB1': { ...silent, state: 'unavailable' } },
      units: [{ id: 'HUB1', level: null, metrics: { 'slots.free': absent() } }],
    });
    expect(summary.causes).toMatchObject([
      {
        title: 'The hub’s system is down (503)',
        where: 'Hub slots, site HUB1, 9:29am',
        todo: 'Call site HUB1.',
        owner: 'site',
        hides: '1 hub not counted',
        hidesMore: '16,000 patients',
      },
    ]);
  });
});

describe('what we do ourselves', () => {
  it('is said of a pause: why, and until when', () => {
    const paused = {
      by: 'local-operator',
      reason: 'supplier moves house',
      at: toInstant(NOW - HOUR),
      until: toInstant(NOW + HOUR),
    };
    const [cause] = world({ feeds: { 'telephony-test': { paused } } }).causes;
    expect(cause).toMatchObject({
      title: 'Paused by us',
      owner: 'ours',
      action: 'resume',
      more: '“supplier moves house”, by local-operator, 8:42am, until 10:42am.',
      where: 'Telephony, Test Telecom: all 4 in place place, 8:42am',
    });
  });

  const pausedNow = {
    state: 'paused',
    paused: { by: 'local-operator', reason: 'supplier moves house', at: toInstant(NOW - MINUTE), until: null },
  };

  it('hides pressure from its first moment, and says who does it and why', () => {
    const summary = world({ feeds: { 'telephony-test': pausedNow } });
    expect(summary.causes).toMatchObject([{ hides: '4 practices not asked', hidesMore: '32,006 patients' }]);
    expect(summary.sentence).toBe(
      'One gap hides pressure: **place place telephony** has been paused by us since **9:41am** by local-operator: “supplier moves house”, so the figures of 4 practices with 32,006 patients **stand still** and turn unknown once they are too old. The levels of **100% of patients** stand. One is ours.',
    );
  });

  it('is unknown, not calm, once the last figures are too old', () => {
    const units = ['P1', 'P2', 'P3'].map(unknown);
    expect(world({ feeds: { 'telephony-test': pausedNow }, units }).sentence).toContain(
      'so 3 practices with 24,003 patients are **unknown**, not calm, and one more turns unknown once the last figures are too old.',
    );
  });

  it('counts a site once, however many paused feeds of one supplier bring the same', () => {
    const definition = smallDefinition({ feeds: [slots('a', 'alder', ['P1']), slots('b', 'alder', ['P1'])] });
    const [cause] = world({ definition, feeds: { 'a:P1': pausedNow, 'b:P1': pausedNow } }).causes;
    expect(cause).toMatchObject({ sites: ['P1'], hides: '1 practice not asked', hidesMore: '8,000 patients' });
  });

  it('is named behind a gap that hides more, but hides nothing where another feed brings the same', () => {
    const definition = smallDefinition({
      feeds: [
        telephonyFeed(['P1', 'P2', 'P3']),
        slots('bars', 'alder', ['P1']),
        { ...slots('gpc', 'spine', ['P2']), label: 'Other slots' },
        slots('more', 'alder', ['P2']),
      ],
    });
    const units = ['P1', 'P2', 'P3'].map(unknown);
    const feeds = { 'telephony-test': silent, 'bars:P1': pausedNow };
    expect(world({ definition, feeds, units }).sentence).toMatch(
      /^Two gaps hide pressure: most of it: .*not calm\. \*\*Place place slot feed\*\* has been paused by us since \*\*9:41am\*\* by local-operator: “supplier moves house”, so/,
    );
    const covered = world({ definition, feeds: { 'gpc:P2': pausedNow } });
    expect(covered.sentence).toMatch(/^Nothing hides pressure/);
  });

  it('blames no supplier when our own poller has stopped', () => {
    const summary = world({
      feeds: { 'telephony-test': silent },
      conditions: [{ part: 'poller', status: 'down', reason: 'poller-stopped' }],
    });
    expect(summary.causes).toEqual([]);
    expect(block(summary, 'telephony', 'test-telecom')?.states).toBe('qqqq');
    expect(summary.stopped).toMatchObject({ since: toInstant(NOW - 5000) });
    expect(summary.sentence).toBe(
      'We stopped asking at **9:41am**: this server polls no feed, and no supplier is at fault.',
    );
  });
});

describe('every state of a feed', () => {
  it.each(FEED_STATES.map((state) => [state]))(
    '%s is a mark, and where it is trouble a cause in plain words',
    (state: FeedState) => {
      const fault = 'a fault in words';
      const summary = world({
        feeds: { 'telephony-test': { ...silent, state, fault, observedAt: toInstant(NOW - 1000) } },
      });
      const mark = markOfState(state);
      const expected = state === 'partly-rejected' ? 'o' : mark;
      expect(block(summary, 'telephony', 'test-telecom')?.states).toBe(expected.repeat(4));
      const isTrouble = 'ultrp'.includes(expected);
      expect(summary.causes.length).toBe(isTrouble ? 1 : 0);
      expect(summary.causes[0]?.title ?? '').not.toMatch(/[{}]|undefined/);
      if (isTrouble) {
        expect(wordsOf(state)).not.toBeNull();
        for (const text of [summary.causes[0]?.todo, summary.causes[0]?.more, summary.sentence])
          expect(text).toMatch(/^\S.*\.$/);
      }
    },
  );
});

describe('three hundred causes', () => {
  const sites = Array.from({ length: 300 }, (_, i) => `P${i + 1}`);
  const definition = smallDefinition({
    practices: 150,
    feeds: sites.map((site, i) => ({ ...telephonyFeed([site]), id: `f${i}`, supplier: `s${i}` })),
  });
  const feeds = Object.fromEntries(sites.map((_, i) => [`f${i}`, silent]));

  it('each have their own letter, what hides most first', () => {
    const summary = world({ definition, feeds, units: [unknown('P7'), unknown('P9')] });
    expect(summary.causes.length).toBe(300);
    expect(new Set(summary.causes.map(({ letter }) => letter)).size).toBe(300);
    expect(summary.causes.slice(0, 2).map(({ sites: of }) => of)).toEqual([['P9'], ['P7']]);
    expect(summary.sentence).toMatch(/^Two gaps hide pressure: most of it: \*\*place place telephony\*\*/);
  });

  it('keep their letters while they last', () => {
    const before = world({ definition, feeds });
    const after = world({ definition, feeds, letters: before.letters, units: [unknown('P7')] });
    const letterOf = (summary: FeedsSummary, key: string) => summary.causes.find((cause) => cause.key === key)?.letter;
    expect(after.causes[0]?.key).toBe('s6/telephony/timeout');
    for (const { key, letter } of before.causes) expect(letterOf(after, key)).toBe(letter);
  });
});

describe('letters', () => {
  it('are taken in order, kept, and free again', () => {
    expect([0, 25, 26, 27, 701, 702].map(letterAt)).toEqual(['A', 'Z', 'AA', 'AB', 'ZZ', 'AAA']);
    const first = assignLetters(new Map(), ['x', 'y']);
    const second = assignLetters(first, ['z', 'y']);
    expect([...second]).toEqual([
      ['y', 'B'],
      ['z', 'A'],
    ]);
  });
});

describe('coverage', () => {
  it('is in patients, worst first, places before their neighbourhoods', () => {
    const summary = world({
      feeds: { 'telephony-test': {} },
      units: [unknown('P3'), { id: 'P1', level: null, open: false, metrics: {} }],
    });
    expect(summary.coverageBy.map(({ unit, level }) => [unit, level])).toEqual([
      ['place', 0.75],
      ['N2', 0.5],
      ['N1', 1],
    ]);
    expect(summary.coverageBy[0]).toMatchObject({
      patients: 32_006,
      families: { telephony: { live: 1, trouble: 0 }, slots: { live: 0, trouble: 0 } },
    });
  });
});

describe('refused records', () => {
  it('carry the letter of the cause that their feeds share', () => {
    const group: QuarantineGroup = {
      key: 'k',
      supplier: 'test-telecom',
      adapter: 'telephony-queues',
      field: '/queues/*/waiting',
      reason: 'x',
      example: '-1',
      count: 3,
      kept: 3,
      feeds: ['telephony-test'],
      firstAt: NOW,
      lastAt: NOW,
      history: [3],
    };
    const feeds = { 'telephony-test': { state: 'invalid', since: toInstant(NOW) } };
    expect(world({ feeds, groups: [group] }).quarantine.groups).toMatchObject([
      { supplierName: 'Test Telecom', label: 'Telephony queue', cause: 'A' },
    ]);
    expect(world({ groups: [group] }).quarantine.groups).toMatchObject([{ cause: null }]);
  });
});

describe('what began and mended', () => {
  const layout = createFeedLayout(smallDefinition({ feeds: [slots('bars', 'alder', ['P1', 'P2'])] }));
  const status = (id: string, state: FeedState): FeedStatus => ({
    ...(createMemoryBoard(smallDefinition()).feeds()[0] as FeedStatus),
    id,
    supplier: 'alder',
    sites: [id.split(':')[1] ?? ''],
    state,
  });
  const run = (steps: readonly (readonly [minute: number, id: string, state: FeedState])[]) => {
    let episodes = beginEpisodes(layout, [status('bars:P1', 'ok'), status('bars:P2', 'ok')], 0);
    for (const [minute, id, state] of steps)
      episodes = stepEpisodes(layout, episodes, [{ feed: status(id, state), at: minute * MINUTE }]);
    return episodes;
  };

  it('is told by supplier: from the first feed that fails to the last that is well again', () => {
    const episodes = run([
      [1, 'bars:P1', 'timeout'],
      [2, 'bars:P2', 'timeout'],
      [5, 'bars:P1', 'ok'],
      [9, 'bars:P2', 'ok'],
    ]);
    expect(lately(episodes, 10 * MINUTE)).toEqual({
      began: 1,
      mended: 1,
      last: [{ title: 'The supplier does not answer', where: 'Slots, Alder: 2 sites', since: MINUTE, at: 9 * MINUTE }],
    });
  });

  it('goes on when one trouble turns into another', () => {
    const episodes = run([
      [1, 'bars:P1', 'timeout'],
      [4, 'bars:P1', 'refused'],
      [9, 'bars:P1', 'ok'],
    ]);
    expect(lately(episodes, 10 * MINUTE)).toMatchObject({
      began: 1,
      mended: 1,
      last: [{ since: MINUTE, at: 9 * MINUTE }],
    });
  });

  it('is not told of a poll that failed once', () => {
    const episodes = run([
      [1, 'bars:P1', 'timeout'],
      [1.5, 'bars:P1', 'ok'],
    ]);
    expect(lately(episodes, 10 * MINUTE)).toEqual({ began: 0, mended: 0, last: [] });
  });

  it('is forgotten after an hour, but for the last three', () => {
    const episodes = run([
      [1, 'bars:P1', 'timeout'],
      [5, 'bars:P1', 'ok'],
    ]);
    expect(lately(episodes, 70 * MINUTE)).toMatchObject({ began: 0, mended: 0, last: [{ at: 5 * MINUTE }] });
  });
});

describe('times and ages', () => {
  it.each([
    [0, '9:42am'],
    [9 * HOUR + 42 * MINUTE, 'midnight'],
    [16 * HOUR, 'Sunday 5:42pm'],
    [7 * 24 * HOUR, '16 November'],
  ])('%i ms ago is said as %s', (ago, said) => expect(sayWhen(NOW - ago, NOW)).toBe(said));

  it.each([
    [-5, '0 s'],
    [48_000, '48 s'],
    [13 * MINUTE, '13 min'],
    [9 * HOUR + 42 * MINUTE, '9 h 42 min'],
    [31 * HOUR, '1 d 7 h'],
    [48 * HOUR, '2 d'],
  ])('%i ms is %s', (ms, said) => expect(sayAge(ms)).toBe(said));
});
