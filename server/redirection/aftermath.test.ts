import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Unit } from '#shared/model/unit.ts';
import { fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { smallDefinition } from '../../test/support/definition.ts';
import { createMemoryBoard } from '../../test/support/memory-board.ts';
import { manualClock } from '../../test/support/server.ts';
import { OWN_POLICY } from '../domain/redirection/policy.ts';
import type { LookAnswer, SlotWriter } from '../domain/redirection/ports.ts';
import { draftOf, FIRST_SLOT, heldOf, seenOf, steps } from '../domain/redirection/record-fixture.ts';
import { createHolder } from './holder.ts';
import { openLedger } from './ledger.ts';
import { createWatcher } from './watcher.ts';
import { sayResult } from './words.ts';

const NINE = fromInstant('2026-01-12T09:00:00Z');
const draft = draftOf([{ count: 2 }, { count: 1, practice: 'P2' }]);
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

function ledgerOf() {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-aftermath-'));
  const ledger = openLedger(join(folder, 'redirections.jsonl'), logger, NINE);
  onTestFinished(() => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return ledger;
}
const step = steps({ id: 'r', draft, seen: seenOf({ P1: 4, P2: 2 }), at: NINE });

describe('whether a redirection worked', () => {
  /** Eight wait at P1 in both, of P2 it is not known; one indicator counts them, with a point from 6, two from 9. */
  function house() {
    const board = createMemoryBoard(smallDefinition());
    const indicator = {
      ...{ indicator: 'waiting', metric: 'patients.without-slot', value: 8, weight: 1, points: 1, direction: 'high' },
      cutoffs: [6, 9, 12],
    };
    const waiting = { value: 8, absence: null, observedAt: null };
    const changed = { score: 33.3, level: 2, indicators: [indicator], metrics: { 'patients.without-slot': waiting } };
    const unit = (id: string): Unit | undefined => {
      const known = board.unit(id);
      return known && id === 'P1' ? ({ ...known, ...changed } as unknown as Unit) : known;
    };
    const ledger = ledgerOf();
    const clock = manualClock(NINE);
    const watcher = createWatcher({ board: { ...board, unit }, ledger, clock, logger });
    const record = () => ledger.records().get('r');
    return { ledger, clock, watcher, record };
  }
  const held = [step.proposed(), step.accepted(), step.held()];

  test('is looked at once, when it ends: the pressure that is, and were those booked still waiting', () => {
    const { ledger, clock, watcher, record } = house();
    for (const event of [...held, step.looked(['booked', 'booked', 'back'])]) ledger.append(event);
    clock.set(NINE + 51 * MINUTE);
    watcher.look();
    expect(record()?.followed?.practices).toMatchObject([
      // Ten would wait: two points of three instead of one.
      { practice: 'P1', with: { score: 33.3 }, without: { score: 66.7 } },
      { practice: 'P2', without: { score: null } },
    ]);
    const now = record();
    expect(now && sayResult(now)).toMatch(/Pressure at .*1 33; without it 67 \(estimated\)\.$/);
    clock.set(NINE + 60 * MINUTE);
    watcher.look();
    expect(record()).toBe(now);
  });

  test('is looked at two hours after it was held where it goes on, and not at all where nobody was held', () => {
    const { ledger, clock, watcher, record } = house();
    for (const event of [...held, step.looked(['booked'])]) ledger.append(event);
    ledger.append({ ...steps({ id: 'no', draft, seen: seenOf({}), at: NINE }).proposed() });
    clock.set(NINE + 5 * MINUTE + 2 * HOUR - 1);
    watcher.look();
    expect(record()?.followed).toBeNull();
    clock.set(NINE + 5 * MINUTE + 2 * HOUR);
    watcher.look();
    expect(record()?.followed?.at).toBe(NINE + 5 * MINUTE + 2 * HOUR);
    expect(ledger.records().get('no')?.followed).toBeNull();
  });

  test('stays unknown where nobody told how many were booked, and where nobody looked in time', () => {
    const rung = house();
    for (const event of [step.proposed(), step.accepted(4, draft, false), step.held([]), step.ended()])
      rung.ledger.append(event);
    rung.clock.set(NINE + 61 * MINUTE);
    rung.watcher.look();
    expect(rung.record()?.followed?.practices[0]).toMatchObject({ with: { score: 33.3 }, without: { score: null } });
    const late = house();
    for (const event of [...held, step.looked(['booked', 'booked', 'back'])]) late.ledger.append(event);
    late.clock.set(NINE + 6 * HOUR);
    late.watcher.look();
    expect(late.record()?.followed?.practices[0]).toMatchObject({ with: { score: null }, without: { score: null } });
  });
});

describe('who came', () => {
  test('is asked for once all have been, and again until the hub tells; what it has forgotten stays booked', async () => {
    const ledger = ledgerOf();
    const clock = manualClock(NINE + HOUR);
    const asked: number[] = [];
    let answer: LookAnswer = { kind: 'seen', states: new Map(), absent: null };
    const writer: SlotWriter = {
      writes: () => true,
      hold: async () => ({ kind: 'gone', free: 0 }),
      longer: async () => ({ kind: 'held' }),
      release: async () => answer,
      look: async () => {
        asked.push(clock.now());
        return answer;
      },
    };
    let real = 0;
    const monotonic = () => (real += 60_000);
    const holder = createHolder({ ledger, writer, policy: OWN_POLICY, clock, monotonic, logger });
    for (const event of [step.proposed(), step.accepted(), step.held()]) ledger.append(event);
    ledger.append(step.looked(['booked', 'booked', 'booked']));
    const over = FIRST_SLOT + 30 * MINUTE;
    for (const at of [over - 1, over, over + MINUTE, over + HOUR]) {
      if (at === over + HOUR)
        answer = { kind: 'seen', states: new Map(heldOf(draft).map(({ handle }) => [handle, 'lost'])), absent: 1 };
      clock.set(at);
      await holder.attend();
    }
    expect(asked).toEqual([over, over + HOUR]);
    clock.set(over + 3 * HOUR);
    await holder.attend();
    expect(asked).toHaveLength(2);
    const record = ledger.records().get('r');
    expect(record).toMatchObject({ state: 'fulfilled', absent: 1, absentAt: over + HOUR });
    expect([...(record?.held.values() ?? [])].map(({ state }) => state)).toEqual(['booked', 'booked', 'booked']);
  });
});
