import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import type { PollOutcome } from '../domain/ports.ts';
import { createBoard } from './board.ts';
import {
  handClock,
  memoryJournal,
  outcome,
  phones,
  reading,
  slotGroup,
  testDefinition,
  testRules,
  type HandClock,
} from './fixture.ts';

const unknownNormal = { usual: () => null, label: 'none' };

function setUp(start: string, rules = testRules()) {
  const definition = testDefinition({ places: 1, neighbourhoods: 1, practices: 3 }, rules);
  const clock = handClock(start);
  const journal = memoryJournal();
  const board = createBoard({ definition, clock, normal: unknownNormal, epoch: 'epoch', journal });
  board.tick();
  const hear = (...outcomes: PollOutcome[]) => {
    for (const o of outcomes) board.apply(o);
    return board.tick();
  };
  const practices = ['p0-0-0', 'p0-0-1', 'p0-0-2'];
  const calm = () => practices.flatMap((id) => phones(id));
  const slots = (id: string, free: number, busy: number) =>
    outcome(`slots:${id}`, clock.now(), {
      slots: [{ site: id, groups: [slotGroup(clock.now() + HOUR, free, busy)] }],
    });
  /** Phones and slots of every practice, as calm as can be. */
  const hearAll = () =>
    hear(outcome('phones', clock.now(), { readings: calm() }), ...practices.map((id) => slots(id, 20, 10)));
  const unit = (id: string) => {
    const found = board.unit(id);
    if (!found) throw new Error(id);
    return found;
  };
  return { board, clock, journal, hear, hearAll, slots, calm, unit, practices };
}
const passing = (clock: HandClock, tick: () => unknown, ms: number, every = 30_000) => {
  for (let passed = 0; passed < ms; passed += every) {
    clock.forward(every);
    tick();
  }
};

describe('a board that has heard nothing', () => {
  it('knows every unit and no level, and says that nothing is known rather than nothing is wrong', () => {
    const { board, unit } = setUp('2026-11-23T09:00:00Z');
    expect(board.units()).toHaveLength(8);
    expect(unit('p0-0-0')).toMatchObject({ level: null, score: null, coverage: 0, open: true });
    expect(unit('p0-0-0').metrics['calls.waiting']).toMatchObject({
      value: null,
      absence: 'not-reported',
      detail: 'never-polled',
    });
    expect(unit('p0-0-0').metrics['appointments.booked']).toEqual({
      value: null,
      absence: 'not-onboarded',
      observedAt: null,
    });
    expect(unit('sys')).toMatchObject({ level: null, reporting: { of: 3, sites: 0 } });
    expect(unit('sys').sentence).toMatch(/^Unknown:/);
  });
});

describe('what a feed brings', () => {
  it('becomes metrics, a level, a group’s sum, and a commit that the journal has first', () => {
    const { board, hearAll, unit, journal } = setUp('2026-11-23T09:00:00Z');
    let heard = 0;
    board.onCommit((commit) => {
      heard += 1;
      expect(journal.commits.at(-1)?.seq).toBe(commit.seq);
    });
    hearAll();
    expect(heard).toBe(1);
    expect(unit('p0-0-0')).toMatchObject({ level: 1, coverage: 1, reporting: { of: 1, sites: 1 } });
    expect(unit('p0-0-0').metrics['calls.waiting']).toMatchObject({ value: 2, absence: null, feed: 'phones' });
    expect(unit('sys').metrics['calls.waiting']).toMatchObject({ value: 6, coverage: 1 });
    expect(unit('sys').metrics['slots.free']).toMatchObject({ value: 60, coverage: 1 });
    expect(unit('sys').metrics['slots.left-share']?.value).toBeCloseTo(2 / 3, 2);
    expect(board.seq).toBe(2);
  });

  it('leaves the sequence alone when nothing came and nothing changed', () => {
    const { board, hearAll, clock } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.forward(1000);
    expect(board.tick()).toBeNull();
    expect(board.seq).toBe(2);
  });

  it('keeps only what changed of a repeated document', () => {
    const { hear, hearAll, clock, calm } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.forward(15_000);
    const readings = [...calm(), reading('p0-0-1', 'calls.waiting', 9)];
    const commit = hear(outcome('phones', clock.now(), { readings }));
    expect(commit?.inputs[0]?.readings).toEqual([reading('p0-0-1', 'calls.waiting', 9)]);
    expect(commit?.applied).toHaveLength(1);
    expect(commit?.applied[0]).toMatchObject({ unit: 'p0-0-1', metric: 'calls.waiting', value: 9, feed: 'phones' });
    expect(commit?.units.map((u) => u.id)).toEqual(['sys', 'place0', 'n0-0', 'p0-0-1']);
    expect(commit?.units.at(-1)?.metrics).toEqual({
      'calls.waiting': { value: 9, absence: null, observedAt: toInstant(clock.now()), feed: 'phones' },
    });
  });

  it('ignores an older document and a feed that the definition does not have', () => {
    const { hear, hearAll, clock, unit } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.forward(15_000);
    hear(
      outcome('phones', clock.now(), {
        observedAt: clock.now() - MINUTE,
        readings: [reading('p0-0-0', 'calls.waiting', 50)],
      }),
      outcome('nobody', clock.now()),
    );
    expect(unit('p0-0-0').metrics['calls.waiting']?.value).toBe(2);
  });

  it('counts calls as whole-day totals across a restart of the supplier', () => {
    const { hear, clock, unit } = setUp('2026-11-23T09:00:00Z');
    for (const raw of [20, 33, 4]) {
      hear(outcome('phones', clock.now(), { readings: phones('p0-0-0', { 'calls.inbound': raw }) }));
      clock.forward(MINUTE);
    }
    expect(unit('p0-0-0').metrics['calls.inbound']?.value).toBe(37);
  });
});

describe('slots', () => {
  it('run out at a time, come back, and are estimated for those who ask meanwhile', () => {
    const { hear, hearAll, slots, clock, unit } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.set('2026-11-23T09:12:00Z');
    hear(outcome('phones', clock.now(), { readings: phones('p0-0-0') }), slots('p0-0-0', 0, 30));
    expect(unit('p0-0-0').metrics['slots.exhausted-at']?.value).toBe(clock.now());
    expect(unit('p0-0-0').metrics['practices.without-slots']?.value).toBe(1);
    expect(unit('p0-0-0').metrics['patients.without-slot']).toMatchObject({ value: 0, estimated: true });
    expect(unit('sys').metrics['practices.without-slots']?.value).toBe(1);
    clock.forward(MINUTE);
    hear(outcome('phones', clock.now(), { readings: phones('p0-0-0', { 'calls.answered': 42 }) }));
    expect(unit('p0-0-0').metrics['patients.without-slot']).toMatchObject({ value: 9, estimated: true });
    clock.forward(MINUTE);
    hear(slots('p0-0-0', 2, 30));
    expect(unit('p0-0-0').metrics['slots.exhausted-at']?.value).toBeNull();
    expect(unit('p0-0-0').metrics['patients.without-slot']?.value).toBe(0);
  });

  it('pass unused without a word from the feed, and are stale in the end', () => {
    const { hear, clock, board, unit } = setUp('2026-11-23T09:00:00Z');
    const soon = slotGroup(clock.now() + 10 * MINUTE, 4, 2);
    const later = slotGroup(clock.now() + HOUR, 6, 2);
    hear(outcome('slots:p0-0-0', clock.now(), { slots: [{ site: 'p0-0-0', groups: [soon, later] }] }));
    expect(unit('p0-0-0').metrics['slots.free']?.value).toBe(10);
    clock.set('2026-11-23T09:11:00Z');
    board.tick();
    expect(unit('p0-0-0').metrics['slots.free']?.value).toBe(6);
    clock.set('2026-11-23T09:16:30Z');
    board.tick();
    expect(unit('p0-0-0').metrics['slots.free']).toMatchObject({ value: null, detail: 'stale', last: { value: 10 } });
  });

  it('of hubs are summed by hour, apart from the practices’ own', () => {
    const { hear, hearAll, clock, unit } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    const at = fromInstant('2026-11-23T14:00:00Z');
    hear(outcome('slots:hub0', clock.now(), { slots: [{ site: 'hub0', groups: [slotGroup(at, 5, 3)] }] }));
    expect(unit('sys').slotHours).toEqual([{ from: at, free: 5, booked: 3, held: 0 }]);
    expect(unit('sys').metrics['slots.free']?.value).toBe(60);
    expect(unit('sys').sentence).toContain('**5 free hub slots** before 8pm');
    expect(unit('hub0')).toMatchObject({ level: 1, population: null });
  });

  it('of a hub that has gone silent are in no sum', () => {
    const { hear, hearAll, clock, board, unit } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    const at = fromInstant('2026-11-23T14:00:00Z');
    hear(outcome('slots:hub0', clock.now(), { slots: [{ site: 'hub0', groups: [slotGroup(at, 5, 3)] }] }));
    clock.set('2026-11-23T09:30:00Z');
    board.tick();
    expect(unit('hub0').metrics['slots.free']).toMatchObject({ value: null, detail: 'stale' });
    expect(unit('sys').slotHours).toEqual([]);
    expect(unit('sys').sentence).not.toContain('hub slots');
  });
});

describe('silence', () => {
  it('turns values absent after the feed’s own time, with the reason and the last value, and never a level better', () => {
    const { hear, hearAll, slots, clock, board, unit, practices } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    const busy = practices.flatMap((id) => phones(id, { 'calls.waiting': 30, 'calls.longest-wait': 1500 }));
    for (let i = 0; i < 3; i += 1) {
      clock.forward(15_000);
      hear(outcome('phones', clock.now(), { readings: busy }), ...practices.map((id) => slots(id, 1, 30)));
    }
    const heardAt = clock.now();
    expect(unit('p0-0-0').level).toBe(3);
    clock.forward(15_000);
    hear(outcome('phones', clock.now(), { state: 'timeout', observedAt: null, fault: 'no answer in 5 s' }));
    expect(unit('p0-0-0').metrics['calls.waiting']?.value).toBe(30);
    expect(board.feeds()[0]).toMatchObject({
      state: 'timeout',
      fault: 'no answer in 5 s',
      observedAt: toInstant(heardAt),
    });
    const seen = new Set<number | null>();
    for (let i = 0; i < 240; i += 1) {
      clock.forward(30_000);
      hear(...practices.map((id) => slots(id, 1, 30)));
      seen.add(unit('p0-0-0').level);
      seen.add(unit('sys').level);
    }
    expect(unit('p0-0-0').metrics['calls.waiting']).toMatchObject({
      value: null,
      absence: 'unreachable',
      detail: 'timeout',
      last: { value: 30, observedAt: toInstant(heardAt) },
    });
    expect(unit('sys').metrics['calls.waiting']).toMatchObject({ value: null, absence: 'unreachable', coverage: 0 });
    // Slots alone are 4 of 9 points' worth: too little, so unknown; on the way there never below 3.
    expect([...seen].filter((level) => level !== null).every((level) => level >= 3)).toBe(true);
    expect(unit('p0-0-0').level).toBeNull();
  });

  it('is told to the history, and so is its end', () => {
    const { hear, hearAll, clock, board, calm } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.forward(4 * MINUTE);
    const gone = board.tick()?.applied.filter((a) => a.unit === 'p0-0-0' && a.metric === 'calls.waiting');
    expect(gone).toMatchObject([{ value: null, absence: 'not-reported', detail: 'stale' }]);
    clock.forward(15_000);
    const back = hear(outcome('phones', clock.now(), { readings: calm() }));
    expect(back?.applied.filter((a) => a.unit === 'p0-0-0' && a.metric === 'calls.waiting')).toMatchObject([
      { value: 2 },
    ]);
  });

  it('of a field is its own absence, and of a whole feed that never answered too', () => {
    const { hear, clock, unit } = setUp('2026-11-23T09:00:00Z');
    hear(
      outcome('phones', clock.now(), { readings: phones('p0-0-0', { 'calls.waiting': null }) }),
      outcome('iuc', clock.now(), { state: 'unauthorised', observedAt: null }),
    );
    expect(unit('p0-0-0').metrics['calls.waiting']).toMatchObject({
      value: null,
      absence: 'not-reported',
      detail: 'missing-field',
    });
    clock.forward(MINUTE);
    hear();
    expect(unit('nhs111').metrics['iuc.waiting']).toMatchObject({
      value: null,
      absence: 'unreachable',
      detail: 'unauthorised',
    });
  });

  it('does not take back what was counted: a group’s day never falls because a practice has gone quiet', () => {
    const { hear, clock, unit, calm } = setUp('2026-11-23T09:00:00Z');
    hear(outcome('phones', clock.now(), { readings: calm() }));
    expect(unit('sys').metrics['calls.inbound']).toMatchObject({ value: 60, coverage: 1 });
    clock.forward(15_000);
    const quiet = { ...reading('p0-0-0', 'calls.inbound', null), detail: 'missing-site' };
    hear(outcome('phones', clock.now(), { readings: [quiet] }));
    expect(unit('p0-0-0').metrics['calls.inbound']?.value).toBeNull();
    expect(unit('sys').metrics['calls.inbound']).toMatchObject({ value: 60, coverage: 0.722 });
  });

  it('leaves other feeds and sites as they are', () => {
    const { hear, hearAll, clock, unit, calm } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.forward(MINUTE);
    hear(
      outcome('phones', clock.now(), { readings: calm() }),
      outcome('slots:p0-0-0', clock.now(), { state: 'server-error', observedAt: null }),
    );
    clock.forward(MINUTE);
    hear(outcome('phones', clock.now(), { readings: calm() }));
    expect(unit('p0-0-0').metrics['slots.free']?.value).toBe(20);
    expect(unit('p0-0-1').level).toBe(1);
  });
});

describe('closed', () => {
  it('is neither calm nor unknown: a bank-holiday Monday', () => {
    const { hearAll, unit } = setUp('2026-05-25T09:00:00Z');
    hearAll();
    expect(unit('p0-0-0')).toMatchObject({
      level: null,
      score: null,
      open: false,
      coverage: 1,
      drivers: [],
      brief: '',
    });
    expect(unit('p0-0-0').metrics['calls.waiting']).toMatchObject({ value: null, absence: 'closed' });
    expect(unit('p0-0-0').metrics['calls.inbound']?.value).toBe(20);
    expect(unit('p0-0-0').sentence).toBe('Closed for the bank holiday until **8am** on Tuesday: not judged.');
    expect(unit('p0-0-0').day.at(-1)).toBe('.');
    expect(unit('sys')).toMatchObject({ level: null, coverage: 1 });
    expect(unit('sys').sentence).toMatch(/^Its 3 practices are closed now\./);
  });

  it('ends at opening, and then counts from what is seen', () => {
    const { hearAll, unit, clock, board } = setUp('2026-11-23T07:59:30Z');
    hearAll();
    expect(unit('p0-0-0')).toMatchObject({ level: null, open: false });
    clock.set('2026-11-23T08:01:00Z');
    board.tick();
    expect(unit('p0-0-0')).toMatchObject({ level: 1, open: true });
    expect(board.changes(10).map((c) => [c.unit, c.from, c.to])).toContainEqual(['p0-0-0', null, 1]);
  });

  it('practices weigh on neither side of a group', () => {
    const rules = testRules();
    const { hear, unit, clock, practices, slots } = setUp('2026-11-23T09:00:00Z', rules);
    hear(
      outcome('phones', clock.now(), { readings: phones('p0-0-0') }),
      ...practices.slice(0, 1).map((id) => slots(id, 20, 10)),
    );
    // One of three open practices is known: 5,000 of 18,000 patients.
    expect(unit('n0-0')).toMatchObject({ level: null, coverage: 0.278 });
  });
});

describe('the strip of the day', () => {
  it('marks the highest level of each quarter hour, from midnight, and starts anew the next day', () => {
    const { hear, hearAll, clock, board, unit, practices, slots } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    expect(unit('p0-0-0').day).toBe(`${'.'.repeat(36)}1`);
    clock.set('2026-11-23T09:16:00Z');
    const busy = phones('p0-0-0', { 'calls.waiting': 30, 'calls.longest-wait': 1500 });
    hear(outcome('phones', clock.now(), { readings: busy }), slots('p0-0-0', 0, 30));
    clock.forward(15_000);
    hear(outcome('phones', clock.now(), { readings: [...busy, reading('p0-0-0', 'calls.waiting', 31)] }));
    expect(unit('p0-0-0').day).toBe(`${'.'.repeat(36)}14`);
    expect(practices).toHaveLength(3);
    clock.set('2026-11-24T00:00:20Z');
    board.tick();
    expect(unit('p0-0-0').day).toBe('.');
    expect(board.changes(100).every((c) => c.at >= fromInstant('2026-11-24T00:00:00Z'))).toBe(true);
  });

  it('has 92 quarter hours when the clocks go forward and 100 when they go back', () => {
    for (const [start, end, quarters] of [
      ['2026-03-29T00:00:00Z', '2026-03-29T22:55:00Z', 92],
      ['2026-10-24T23:00:00Z', '2026-10-25T23:55:00Z', 100],
    ] as const) {
      const { board, clock, unit } = setUp(start);
      passing(clock, board.tick, fromInstant(end) - fromInstant(start), 5 * MINUTE);
      expect(unit('nhs111').day).toHaveLength(quarters);
    }
  }, 30_000);
});

describe('positions', () => {
  it('gives the commits after a position, nothing for the newest, and null for one it does not reach', () => {
    const { board, hearAll, clock } = setUp('2026-11-23T09:00:00Z');
    hearAll();
    clock.forward(15_000);
    hearAll();
    expect(board.commitsSince(1)?.map((c) => c.seq)).toEqual([2, 3]);
    expect(board.commitsSince(3)).toEqual([]);
    expect(board.commitsSince(4)).toBeNull();
  });

  it('scopes a unit with all beneath it and its ancestors', () => {
    const { board } = setUp('2026-11-23T09:00:00Z');
    expect([...(board.scope('n0-0') ?? [])].sort()).toEqual(['n0-0', 'p0-0-0', 'p0-0-1', 'p0-0-2', 'place0', 'sys']);
    expect(board.scope('sys')?.size).toBe(8);
    expect(board.scope('nowhere')).toBeNull();
  });

  it('are not moved by a journal that refuses; the commit is told once it has it', () => {
    const definition = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 });
    const clock = handClock('2026-11-23T09:00:00Z');
    let full = true;
    const journal = memoryJournal();
    const append = journal.append;
    journal.append = (commit) => {
      if (full) throw new Error('disk full');
      append(commit);
    };
    const board = createBoard({ definition, clock, normal: unknownNormal, epoch: 'e', journal });
    const told: number[] = [];
    board.onCommit((commit) => told.push(commit.seq));
    expect(board.tick()).toBeNull();
    expect(board.seq).toBe(0);
    full = false;
    expect(board.tick()?.seq).toBe(1);
    expect(told).toEqual([1]);
  });
});
