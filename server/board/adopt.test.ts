import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/model/time.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { Unit, UnitPatch } from '#shared/model/unit.ts';
import type { LevelChange } from '../domain/ports.ts';
import { createBoard, type Board } from './board.ts';
import type { SavedState } from './checkpoint.ts';
import { handClock, memoryJournal, outcome, phones, slotGroup, testDefinition, testRules } from './fixture.ts';
import { recoveredRules } from './recovered-rules.ts';
import { hashWithRules, rulesHash, rulesId } from './rules-hash.ts';

const MONDAY = '2026-11-23T09:00:00Z';
const definition = testDefinition({ places: 2, neighbourhoods: 1, practices: 2 });
const practices = definition.units.filter((u) => u.siteKind === 'practice').map((u) => u.id);
const normal = { usual: () => null, label: 'none' };
const first = definition.rules;
const indicatorOf = (rules: Rules, id: string) => rules.indicators.filter((rule) => rule.id === id);
const cutoffsOf = (rules: Rules, id: string, cutoffs: [number, number, number]) =>
  rules.indicators.map((rule) => (rule.id === id ? { ...rule, cutoffs } : rule));

/** The same indicators in another order, and waits judged far more strictly. */
const stricter = testRules({
  version: 2,
  reason: 'Waits count sooner',
  indicators: cutoffsOf(first, 'wait', [10, 20, 30]).toReversed(),
});
/** One indicator gone, one that was never there. */
const other = testRules({
  version: 3,
  reason: 'Handlers instead of those who wait',
  indicators: [
    ...first.indicators.filter(({ id }) => id !== 'waiting'),
    ...indicatorOf(first, 'waiting').map((rule) => ({ ...rule, id: 'backlog', metric: 'callbacks.waiting' })),
  ],
});
const sparing = testRules({
  version: 4,
  reason: 'One reading is enough',
  minimumCoverage: 0.95,
  hysteresis: { riseAfter: 1, fallMargin: 0, fallAfterMinutes: 0 },
  escalators: [{ indicator: 'waiting', points: 1, level: 3, reason: 'somebody waits' }],
});
const VERSIONS = [stricter, other, sparing, testRules({ version: 5, reason: 'Back again' })];

function started(rules = first, start = MONDAY) {
  const clock = handClock(start);
  const journal = memoryJournal();
  const make = () => createBoard({ definition: { ...definition, rules }, clock, normal, epoch: 'e', journal });
  const board = make();
  board.tick();
  const hear = (waiting: number, wait: number, ms = 15_000) => {
    clock.forward(ms);
    const figures = { 'calls.waiting': waiting, 'calls.longest-wait': wait };
    board.apply(outcome('phones', clock.now(), { readings: practices.flatMap((id) => phones(id, figures)) }));
    return board.tick();
  };
  const free = (count: number) => {
    for (const site of practices) {
      const groups = [slotGroup(clock.now() + 60 * MINUTE, count, 10)];
      board.apply(outcome(`slots:${site}`, clock.now(), { slots: [{ site, groups }] }));
    }
    return board.tick();
  };
  return { clock, journal, board, hear, free };
}

const unitOf = (board: Board, id = 'p0-0-0'): Unit => {
  const unit = board.unit(id);
  if (!unit) throw new Error(id);
  return unit;
};
const again = (journal: ReturnType<typeof memoryJournal>, rules: Rules, state: unknown = null) => {
  const board = createBoard({
    ...{ definition: { ...definition, rules }, clock: handClock(MONDAY), normal, epoch: 'e' },
    journal: memoryJournal(),
  });
  return { board, whole: board.restore({ state, commits: journal.commits }) };
};

describe('new rules on a running board', () => {
  it('come into force with one commit, which carries them, and everything in it is judged by them', () => {
    const { board, hear, clock, journal } = started();
    hear(2, 60);
    expect(unitOf(board).indicators.find(({ indicator }) => indicator === 'wait')?.points).toBe(0);
    board.adoptRules(stricter);
    expect(board.definition.rules).toBe(first);
    clock.forward(200);
    const commit = board.tick();
    expect(commit?.rules).toEqual(stricter);
    expect(board.definition.rules).toEqual(stricter);
    expect(unitOf(board).indicators.map(({ indicator }) => indicator)).toEqual(['waiting', 'wait', 'slots']);
    expect(unitOf(board).indicators.find(({ indicator }) => indicator === 'wait')?.points).toBe(3);
    expect(commit?.units.map(({ id }) => id)).toEqual(expect.arrayContaining(['sys', 'place0', ...practices]));
    expect(journal.commits.filter(({ rules }) => rules).map(({ rules }) => rules?.version)).toEqual([1, 2]);
  });

  it('leave alone what is in force already, and follow one another a tick at a time', () => {
    const { board, clock } = started();
    board.adoptRules(first);
    clock.forward(200);
    expect(board.tick()).toBeNull();
    board.adoptRules(stricter);
    board.adoptRules(stricter);
    board.adoptRules(other);
    const came = [1, 2, 3].map(() => {
      clock.forward(200);
      return board.tick()?.rules?.version;
    });
    expect(came).toEqual([2, 3, undefined]);
  });

  it('keep what is known of the sites: values, counters, what each level is kept at', () => {
    const { board, hear, clock } = started();
    hear(2, 700);
    hear(2, 700);
    const before = unitOf(board);
    board.adoptRules(testRules({ version: 2, levels: [41, 62, 86] }));
    clock.forward(200);
    board.tick();
    expect(unitOf(board).metrics).toEqual(before.metrics);
    expect({ ...unitOf(board), at: '' }).toMatchObject({ level: before.level, levelSince: before.levelSince });
  });

  it('keep the last points of an indicator by its id; one that is gone leaves nothing, a new one begins with nothing', () => {
    const { board, hear, clock } = started();
    hear(20, 60);
    const memory = () => JSON.parse(JSON.stringify(board.state().sites[board.units().indexOf(unitOf(board))])) as never;
    expect(Object.fromEntries((memory() as { memory: [string, { points: number }][] }).memory)).toMatchObject({
      waiting: { points: 3 },
      wait: { points: 0 },
    });
    board.adoptRules(other);
    clock.forward(200);
    board.tick();
    const ids = (memory() as { memory: [string, unknown][] }).memory.map(([id]) => id);
    expect(ids).toContain('wait');
    expect(ids).not.toContain('waiting');
    board.adoptRules(testRules({ version: 4 }));
    clock.forward(200);
    // Nobody has said anything since: the returning indicator knows its value, not the points it once had.
    board.tick();
    expect(unitOf(board).indicators.find(({ indicator }) => indicator === 'waiting')?.points).toBe(3);
  });

  it('change nothing where the journal refuses them, and come with the next commit it takes', () => {
    const clock = handClock(MONDAY);
    const journal = memoryJournal();
    let full = false;
    const append: typeof journal.append = (commit) => {
      if (full) throw new Error('no room');
      return journal.append(commit);
    };
    const board = createBoard({ definition, clock, normal, epoch: 'e', journal: { ...journal, append } });
    board.tick();
    full = true;
    board.adoptRules(stricter);
    clock.forward(MINUTE);
    expect(board.tick()).toBeNull();
    full = false;
    board.tick();
    clock.forward(200);
    board.tick();
    expect(journal.commits.filter(({ rules }) => rules?.version === 2)).toHaveLength(1);
    const { board: other } = again(journal, first);
    expect(other.units()).toEqual(board.units());
  });
});

describe('a level that moves because of new rules', () => {
  it('says so, and names the new version; what moves for another reason later does not', () => {
    const { board, hear, free, journal, clock } = started();
    free(5);
    hear(2, 60);
    hear(2, 60);
    expect(unitOf(board).level).toBe(1);
    const sooner = testRules({ version: 2, levels: [20, 62, 86], indicators: stricter.indicators });
    board.adoptRules(sooner);
    clock.forward(200);
    board.tick();
    hear(2, 60);
    hear(2, 60);
    const changes = (): LevelChange[] => journal.commits.flatMap(({ levels }) => levels);
    const own = () => changes().filter(({ unit }) => unit === 'p0-0-0');
    const rise = own().at(-1);
    expect(rise).toMatchObject({ from: 1, to: 2, rules: rulesId(sooner) });
    expect(rise?.text).toMatch(/^rules 2: callers wait/);
    expect(own()[0]?.rules).toBe(rulesId(first));
    expect(own()[0]?.text).not.toContain('rules');
    hear(40, 3000, MINUTE);
    hear(40, 3000, MINUTE);
    free(0);
    hear(40, 3000, MINUTE);
    const last = own().at(-1);
    expect(last?.to).toBe(4);
    expect(last?.text).not.toContain('rules 2');
  });

  it('says so too where new rules ask for a level by concentrated distress, and what asks for it', () => {
    const apart = { indicator: 'waiting', points: 3, level: 4, reason: 'the queue is far too long' } as const;
    const calm = testRules({ levels: [90, 95, 99], uplift: 0, escalators: [apart] });
    const { board, clock, journal } = started(calm);
    const hear = (ms = 15_000) => {
      clock.forward(ms);
      const readings = practices.flatMap((id, i) => phones(id, { 'calls.waiting': i === 0 ? 40 : 1 }));
      board.apply(outcome('phones', clock.now(), { readings }));
      return board.tick();
    };
    hear();
    hear();
    const toldOf = (id: string) => journal.commits.flatMap(({ levels }) => levels).findLast(({ unit }) => unit === id);
    expect(toldOf('p0-0-0')).toMatchObject({ to: 4, text: expect.stringMatching(/^the queue is far too long/) });
    expect(unitOf(board, 'place0').level).toBe(1);
    board.adoptRules({ ...calm, version: 2, concentrated: { part: 4, least: 3, share: 0.2 } });
    hear();
    hear();
    expect(toldOf('place0')).toMatchObject({
      to: 3,
      text: expect.stringMatching(/^rules 2: 1 of 2 practices at level 4/),
    });
  });

  it('says so too where a unit becomes unknown, or is known again', () => {
    const { board, hear, journal, clock } = started(testRules({ minimumCoverage: 0.2 }));
    hear(2, 60);
    expect(unitOf(board).level).toBe(1);
    board.adoptRules(testRules({ version: 2, minimumCoverage: 0.9 }));
    clock.forward(200);
    const commit = board.tick();
    expect(unitOf(board).level).toBeNull();
    expect(commit?.levels.find(({ unit }) => unit === 'p0-0-0')?.text).toBe('rules 2: too little is known');
    board.adoptRules(testRules({ version: 3, minimumCoverage: 0.2 }));
    clock.forward(200);
    board.tick();
    expect(journal.commits.at(-1)?.levels.find(({ unit }) => unit === 'p0-0-0')?.text).toMatch(/^rules 3: /);
  });
});

describe('after a restart', () => {
  it('the journal alone tells which rules are in force, whatever rules.yaml says by then', () => {
    const { board, hear, journal, clock } = started();
    hear(2, 60);
    board.adoptRules(stricter);
    clock.forward(200);
    board.tick();
    const restored = again(journal, other);
    expect(restored.whole).toBe(true);
    expect(restored.board.definition.rules).toEqual(stricter);
    expect(restored.board.units()).toEqual(board.units());
    expect(recoveredRules({ state: null, commits: journal.commits })).toEqual(stricter);
  });

  it('so does a state, and a state of other rules than the file’s is no state of another definition', () => {
    const { board, hear, clock } = started();
    hear(2, 60);
    board.adoptRules(stricter);
    clock.forward(200);
    board.tick();
    const state: unknown = JSON.parse(JSON.stringify(board.state()));
    const restored = again(memoryJournal(), other, state);
    expect(restored.whole).toBe(true);
    expect(restored.board.definition.rules).toEqual(stricter);
    expect(restored.board.units()).toEqual(board.units());
    expect(recoveredRules({ state, commits: [] })).toEqual(stricter);
  });

  it('rules that this product cannot judge by are not taken for any', () => {
    const { board, journal } = started();
    const state = { ...board.state(), rules: { ...first, levels: [3, 2, 1] } };
    expect(again(memoryJournal(), first, state).whole).toBe(false);
    expect(recoveredRules({ state, commits: [] })).toBeNull();
    const commits = [...journal.commits, { ...journal.commits[0], seq: 2, rules: { version: 2 } } as never];
    expect(again({ ...journal, commits }, first).whole).toBe(false);
  });

  it.each([
    ['its own', (version: string) => version],
    ['the one that went over its rules too', () => hashWithRules({ ...definition, rules: first })],
  ])('a state of the form before is taken over under %s hash', (_, hash) => {
    const { board, hear } = started();
    hear(20, 700);
    const saved = JSON.parse(JSON.stringify(board.state())) as SavedState;
    const place = (id: string) => first.indicators.findIndex((rule) => rule.id === id);
    const sites = saved.sites.map(
      (site) => site && { ...site, memory: site.memory.map(([id, it]) => [place(id), it]) },
    );
    const old = {
      ...saved,
      rules: undefined,
      nudged: undefined,
      version: 3,
      definition: hash(definition.version),
      sites,
    };
    const restored = again(memoryJournal(), first, old);
    expect(restored.whole).toBe(true);
    expect(restored.board.units()).toEqual(board.units());
    expect(restored.board.state()).toEqual(board.state());
    expect(again(memoryJournal(), first, { ...old, definition: 'another' }).whole).toBe(false);
  });
});

describe('the name of rules', () => {
  it('goes by what they say, not by the order of their keys, their version or their reason', () => {
    const turned = Object.fromEntries(Object.entries(first).reverse()) as Rules;
    expect(rulesHash(turned)).toBe(rulesHash(first));
    expect(rulesHash(testRules({ version: 9, reason: 'Again' }))).toBe(rulesHash(first));
    expect(rulesHash(stricter)).not.toBe(rulesHash(first));
    expect(rulesId(stricter)).toMatch(/^2\/[0-9a-f]{12}$/);
  });
});

interface Step {
  afterMs: number;
  /** Version that comes into force before what is heard; -1: none. */
  rules: number;
  kind: 'phones' | 'slots' | 'fault' | 'nothing';
  site: number;
  waiting: number;
  wait: number;
}
const stepArb: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 200, max: 30_000 }), fc.constantFrom(4 * MINUTE, 20 * MINUTE)),
  rules: fc.constantFrom(-1, -1, -1, 0, 1, 2, 3),
  kind: fc.constantFrom('phones', 'phones', 'slots', 'fault', 'nothing'),
  site: fc.nat(practices.length - 1),
  waiting: fc.nat(40),
  wait: fc.nat(3000),
});

function fold(units: readonly Unit[], patches: readonly UnitPatch[]): Unit[] {
  const byId = new Map(patches.map((patch) => [patch.id, patch]));
  return units.map((unit) => {
    const patch = byId.get(unit.id);
    return patch ? { ...unit, ...patch, metrics: { ...unit.metrics, ...patch.metrics } } : unit;
  });
}

function play(board: Board, clock: ReturnType<typeof handClock>, step: Step): void {
  clock.forward(step.afterMs);
  const at = clock.now();
  const site = practices[step.site] ?? '';
  const version = VERSIONS[step.rules];
  if (version) board.adoptRules(version);
  if (step.kind === 'fault') board.apply(outcome('phones', at, { state: 'timeout', observedAt: null, fault: 'none' }));
  if (step.kind === 'slots') {
    board.apply(
      outcome(`slots:${site}`, at, { slots: [{ site, groups: [slotGroup(at + MINUTE, step.waiting % 4, 9)] }] }),
    );
  }
  if (step.kind === 'phones') {
    const figures = { 'calls.waiting': step.waiting, 'calls.longest-wait': step.wait };
    board.apply(outcome('phones', at, { readings: practices.flatMap((id) => phones(id, id === site ? figures : {})) }));
  }
  board.tick();
  clock.forward(200);
  board.tick();
}

it('any stream of polls and publications is lived through again field by field, from nothing or from any state', () => {
  const stream = fc.array(stepArb, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(stream, fc.nat(), (steps, pick) => {
      const { board, clock, journal } = started();
      let state: unknown = null;
      let units = structuredClone([...board.units()]);
      let seq = board.seq;
      steps.forEach((step, i) => {
        play(board, clock, step);
        for (const commit of board.commitsSince(seq) ?? []) units = fold(units, commit.units);
        seq = board.seq;
        expect(units).toEqual(board.units());
        if (i === pick % (steps.length + 1)) state = JSON.parse(JSON.stringify(board.state()));
      });
      const restored = again(journal, sparing, state);
      expect(restored.whole).toBe(true);
      expect(restored.board.seq).toBe(board.seq);
      expect(restored.board.definition.rules).toEqual(board.definition.rules);
      expect(restored.board.units()).toEqual(board.units());
      expect(restored.board.feeds()).toEqual(board.feeds());
      expect(restored.board.changes(1000)).toEqual(board.changes(1000));
      const inside = ({ sites, groups, nudged }: SavedState): unknown =>
        JSON.parse(JSON.stringify({ sites, groups, nudged }));
      expect(inside(restored.board.state())).toEqual(inside(board.state()));
    }),
    { numRuns: 25, seed: 20 },
  );
}, 120_000);
