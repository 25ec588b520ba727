import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import type { DeclaredReading } from '../domain/ports.ts';
import { contestedDefinition, heardBoard } from './board-fixture.ts';
import { outcome, phones, reading } from './fixture.ts';

const SITE = 'p0-0-0';

function setUp() {
  const heard = heardBoard(contestedDefinition(), '2026-11-23T09:00:00Z');
  const { clock, hear } = heard;
  const declares = (change: Partial<DeclaredReading> = {}): DeclaredReading => ({
    site: SITE,
    level: 3,
    reason: 'clinical-staff',
    by: 'practice manager',
    at: clock.now(),
    until: clock.now() + HOUR,
    ...change,
  });
  const say = (...declared: DeclaredReading[]) =>
    hear(
      outcome('declared', clock.now(), {
        declared,
        readings: declared.map((d) => reading(d.site, 'declared.level', d.level)),
      }),
    );
  return { ...heard, declares, say };
}

describe('a declared state', () => {
  it('stands beside the computed level, in words, and goes to the history', () => {
    const { say, declares, unit, told, clock, hear } = setUp();
    hear(outcome('phones', clock.now(), { readings: phones(SITE) }));
    const level = unit(SITE).level;
    say(declares());
    expect(unit(SITE).declared).toEqual({
      level: 3,
      reason: 'clinical staff missing',
      by: 'practice manager',
      at: toInstant(clock.now()),
      until: toInstant(clock.now() + HOUR),
    });
    expect(unit(SITE).level).toBe(level);
    expect(unit('n0-0').declared).toBeNull();
    expect(told(SITE, 'declared.level')).toMatchObject([{ value: 3 }]);
    expect(unit(SITE).metrics['declared.level']).toMatchObject({ value: 3, feed: 'declared' });
  });

  it('ends by the clock, at its own time, without a word from the feed', () => {
    const { say, declares, unit, clock, board } = setUp();
    say(declares());
    clock.forward(HOUR - 1000);
    board.tick();
    expect(unit(SITE).declared).not.toBeNull();
    clock.forward(10_000);
    board.tick();
    expect(unit(SITE).declared).toBeNull();
  });

  it.each([
    ['stood down', (d: DeclaredReading) => [{ ...d, level: null }]],
    ['no longer named', () => []],
  ])('ends when it is %s', (_, after) => {
    const { say, declares, unit, clock } = setUp();
    say(declares(), declares({ site: 'p0-0-1' }));
    clock.forward(MINUTE);
    say(...after(declares()), declares({ site: 'p0-0-1' }));
    expect(unit(SITE).declared).toBeNull();
    expect(unit('p0-0-1').declared).toMatchObject({ level: 3 });
  });

  it('stands while its feed is silent or has nothing new, and is journalled only when it changes', () => {
    const { say, declares, unit, clock, hear, board, journal } = setUp();
    const said = declares();
    say(said);
    clock.forward(MINUTE);
    say(said);
    expect(journal.commits.at(-1)?.inputs[0]).not.toHaveProperty('declared');
    clock.forward(MINUTE);
    hear(outcome('declared', clock.now(), { unchanged: true }));
    clock.forward(20 * MINUTE);
    board.tick();
    expect(unit(SITE).declared).toMatchObject({ level: 3 });
  });

  it('comes back with a restart, from the journal and from a checkpoint', () => {
    const { say, declares, unit, clock, board, again } = setUp();
    say(declares());
    const state: unknown = JSON.parse(JSON.stringify(board.state()));
    clock.forward(MINUTE);
    say(declares({ level: 4, reason: 'demand' }));
    for (const other of [again(), again(state)]) expect(other.unit(SITE)?.declared).toEqual(unit(SITE).declared);
  });
});
