import type { Definition } from '#shared/model/definition.ts';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import { createBoard, type Board } from '../../server/board/board.ts';
import {
  feedDef,
  handClock,
  outcome,
  phones,
  slotGroup,
  testDefinition,
  testMonth,
  testNational,
  testRules,
} from '../../server/board/fixture.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import type { Journal, PollOutcome } from '../../server/domain/ports.ts';

/** A morning of a small system that a board lives through, pressed from 8am to 10:30am, for those who judge its history. */
export const MORNING_FROM = fromInstant('2026-03-02T07:00:00Z');
export const MORNING_TO = fromInstant('2026-03-02T13:00:00Z');

export const morningRules = testRules({
  hysteresis: { riseAfter: 2, fallMargin: 4, fallAfterMinutes: 30 },
  indicators: [
    ...testRules().indicators,
    {
      id: 'answered',
      label: 'Answered',
      metric: 'calls.answered-share',
      siteKinds: ['practice'],
      direction: 'low',
      against: 'usual-difference',
      cutoffs: [-0.05, -0.15, -0.3],
      weight: 2,
      minimumBase: 10,
      sentence: 'x',
      brief: 'x',
    },
  ],
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Six practices of two neighbourhoods, their phones in one document, their slots each in its own. */
export function morningSystem(): Definition {
  const base = testDefinition({ places: 1, neighbourhoods: 2, practices: 3 }, morningRules);
  const practices = base.units.filter((u) => u.siteKind === 'practice').map((u) => u.id);
  return {
    ...base,
    published: practices.map((id) => testMonth(id, '2026-01', 4000)),
    feeds: [
      feedDef({ id: 'phones', adapter: 'telephony-queues', sites: practices }),
      feedDef({
        id: 'slots',
        adapter: 'bars-slots',
        sites: practices,
        url: 'http://127.0.0.1/{ods}',
        schedule: '0 */5 * * * *',
        staleAfterMs: 900_000,
      }),
    ],
  };
}

interface Phone {
  wait: number;
  waiting: number;
  inbound: number;
  answered: number;
}

/** A morning as feeds tell it: every 15 s the phones of all practices, every 5 minutes the slots of each; some silences. */
export function* morning(definition: Definition): Generator<{ at: number; outcomes: PollOutcome[] }> {
  const random = seeded(7);
  const practices = definition.units.filter((u) => u.siteKind === 'practice').map((u) => u.id);
  const state = new Map<string, Phone>(practices.map((id) => [id, { wait: 0, waiting: 0, inbound: 0, answered: 0 }]));
  const free = new Map(practices.map((id, i) => [id, 6 + 5 * i]));
  for (let at = MORNING_FROM; at < MORNING_TO; at += 15_000) {
    const hour = (at - MORNING_FROM) / 3_600_000;
    const pressed = hour > 1 && hour < 3.5;
    const readings = [...state].flatMap(([id, phone], i) => {
      phone.wait = Math.max(0, phone.wait + (random() - (pressed ? 0.42 : 0.55)) * 90 * (1 + (i % 3)));
      phone.waiting = Math.round(phone.wait / 60);
      if (random() < (pressed ? 0.5 : 0.15)) phone.inbound += 1;
      if (phone.answered < phone.inbound && random() < (pressed ? 0.22 : 0.5)) phone.answered += 1;
      return phones(id, {
        'calls.waiting': phone.waiting,
        'calls.longest-wait': Math.round(phone.wait),
        'calls.inbound': phone.inbound,
        'calls.answered': phone.answered,
      });
    });
    // A silence of 12 minutes, in which patience with the phones ends.
    const silent = hour > 2 && hour < 2.2;
    const outcomes = silent
      ? [outcome('phones', at, { state: 'timeout', fault: 'no answer', observedAt: null })]
      : [outcome('phones', at, { readings })];
    if (at % (5 * MINUTE) === 0) {
      for (const id of practices) {
        const left = Math.max(0, (free.get(id) ?? 0) - (random() < 0.4 ? 1 : 0));
        free.set(id, left);
        const groups = [slotGroup(fromInstant('2026-03-02T17:00:00Z'), left, 20 - Math.min(20, left))];
        outcomes.push(outcome(`slots:${id}`, at, { slots: [{ site: id, groups }] }));
      }
    }
    yield { at, outcomes };
  }
}

export const morningNational = () => testNational('2026-01-01', 31);

/** Lives through the morning. */
export function liveMorning(definition: Definition, journal: Journal): Board {
  const normal = createPublishedNormal(definition, morningNational());
  const clock = handClock('2026-03-02T07:00:00Z');
  const board = createBoard({ definition, clock, normal, epoch: 'morning', journal });
  for (const { at, outcomes } of morning(definition)) {
    clock.set(at);
    for (const one of outcomes) board.apply(one);
    board.tick();
    // Between documents time passes for the board as well.
    clock.set(at + 10_000);
    board.tick();
  }
  return board;
}
