import { describe, expect, it } from 'vitest';
import { dayStart, HOUR, MINUTE } from '#shared/model/time.ts';
import { heardBoard } from './board-fixture.ts';
import { outcome, phones, slotGroup, testDefinition } from './fixture.ts';

const ID = 'p0-0-0';

/** A practice whose slots have run out, with 31 calls answered since: 9 wait without a slot. */
function ranOut() {
  const house = heardBoard(testDefinition({ places: 1, neighbourhoods: 1, practices: 3 }), '2026-11-23T09:00:00Z');
  const { board, clock, hear } = house;
  const slots = (free: number, id = ID) =>
    outcome(`slots:${id}`, clock.now(), { slots: [{ site: id, groups: [slotGroup(clock.now() + HOUR, free, 30)] }] });
  const all = [ID, 'p0-0-1', 'p0-0-2'];
  hear(outcome('phones', clock.now(), { readings: all.flatMap((id) => phones(id)) }), ...all.map((id) => slots(2, id)));
  const answer = (answered: number) => {
    clock.forward(MINUTE);
    hear(outcome('phones', clock.now(), { readings: phones(ID, { 'calls.answered': answered }) }), slots(0));
  };
  answer(11);
  answer(42);
  const waiting = (of = board) => of.unit(ID)?.metrics['patients.without-slot']?.value;
  const place = (count: number, day = dayStart(clock.now())) => {
    clock.forward(MINUTE);
    board.takePlaced([{ unit: ID, day, count }]);
    return board.tick();
  };
  return { ...house, answer, waiting, place };
}

describe('patients placed at a hub', () => {
  it('wait no longer at their practice, nor in what it is part of', () => {
    const { waiting, place, board } = ranOut();
    expect(waiting()).toBe(9);
    place(4);
    expect(waiting()).toBe(5);
    expect(board.unit('sys')?.metrics['patients.without-slot']?.value).toBe(5);
    place(20);
    expect(waiting()).toBe(0);
    // A booking that came to nothing.
    place(3);
    expect(waiting()).toBe(6);
  });

  it('count from when the practice ran out, and today only', () => {
    const { waiting, place, answer, clock, hear } = ranOut();
    place(4);
    hear(
      outcome(`slots:${ID}`, clock.now(), { slots: [{ site: ID, groups: [slotGroup(clock.now() + HOUR, 3, 30)] }] }),
    );
    expect(waiting()).toBe(0);
    answer(42);
    answer(73);
    expect(waiting()).toBe(9);
    place(6);
    expect(waiting()).toBe(7);
    place(6, dayStart(clock.now()) - 1);
    expect(waiting()).toBe(9);
  });

  it('change nothing when told again', () => {
    const { place, board } = ranOut();
    expect(place(4)?.placed).toHaveLength(1);
    const { seq } = board;
    board.takePlaced([
      { unit: ID, day: dayStart(board.at), count: 4 },
      { unit: 'nobody', day: dayStart(board.at), count: 4 },
    ]);
    expect(board.tick()?.placed).toBeUndefined();
    expect(board.seq).toBeLessThanOrEqual(seq + 1);
  });

  it('are lived through again from the journal, and taken up from a saved state', () => {
    const { place, waiting, answer, board, again } = ranOut();
    place(4);
    const saved: unknown = JSON.parse(JSON.stringify(board.state()));
    answer(60);
    for (const other of [again(), again(saved)]) {
      expect(waiting(other)).toBe(waiting());
      expect(other.units()).toEqual(board.units());
    }
  });
});
