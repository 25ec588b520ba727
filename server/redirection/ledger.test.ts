import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR } from '#shared/model/time.ts';
import type { Draft } from '../domain/redirection/drafts.ts';
import { bookedOf, owedBack, type HeldSlot, type RedirectionEvent, type Seen } from '../domain/redirection/record.ts';
import { KEPT, UNANSWERED_KEPT } from '../domain/redirection/tally.ts';
import { openLedger } from './ledger.ts';
import { confirmedPath } from './ledger-beside.ts';
import { rejectedPath } from './ledger-file.ts';

const nobody = { level: null, score: null };
const effect = (unit: string) => ({ unit, name: unit, before: nobody, after: nobody });
const seen: Seen = {
  ...{ waiting: { P1: { urgent: 3 } }, taken: null },
  effects: { unit: effect('N1'), hub: effect('H1'), practices: [effect('P1')] },
};
const kind = { start: 1000, minutes: 15, channel: 'in-person', role: null, service: null } as const;
const draft: Draft = {
  ...{ hub: 'H1', unit: 'N1', borrowed: false },
  slots: [{ ...kind, practice: 'P1', need: 'urgent', count: 2, km: 1, lot: 'L' }],
};
const slot = (handle: string): HeldSlot => ({ ...kind, handle, practice: 'P1', need: 'urgent' });
const base = { id: 'r1', by: 'lead' };
const PROPOSED: RedirectionEvent = { ...base, type: 'proposed', at: 1, draft, seen, answerBy: 100 };
const ACCEPTED: RedirectionEvent = {
  ...{ ...base, type: 'accepted', at: 2, key: 'k-000001', draft, seen },
  ...{ heldUntil: 50, written: true, undoUntil: 10 },
};
const HELD: RedirectionEvent = { ...base, type: 'held', at: 3, slots: [slot('a'), slot('b')] };

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'redirections.jsonl');
  const warnings: object[] = [];
  const errors: object[] = [];
  const logger = {
    ...{ info: () => undefined, warn: (about: object) => void warnings.push(about) },
    error: (about: object) => void errors.push(about),
  };
  return { path, warnings, errors, begin: (at = 0) => openLedger(path, logger, at) };
}

describe('the ledger of redirections', () => {
  test('brings back every redirection as it was', () => {
    const { begin } = open();
    const ledger = begin();
    ledger.note(PROPOSED);
    ledger.append(ACCEPTED);
    ledger.append(HELD);
    ledger.append({ ...base, type: 'looked', at: 4, states: { a: 'booked', b: 'held' }, absent: null });
    ledger.append({ ...base, type: 'ended', at: 51 });
    const before = ledger.records().get('r1');
    ledger.close();
    const again = begin().records().get('r1');
    expect(again).toEqual(before);
    expect(again).toMatchObject({ state: 'fulfilled', revision: 5, decidedBy: 'lead' });
    if (!again) return;
    expect(bookedOf(again)).toBe(1);
    expect(owedBack(again).map(({ handle }) => handle)).toEqual(['b']);
  });

  test('leaves out a last line that was cut off, says so, and goes on behind the whole ones', () => {
    const { path, warnings, begin } = open();
    const ledger = begin();
    ledger.note(PROPOSED);
    ledger.append(ACCEPTED);
    ledger.close();
    appendFileSync(path, '{"type":"held","at":3,"id":"r1","sl');
    const after = begin();
    expect(warnings).toHaveLength(1);
    expect(after.records().get('r1')?.state).toBe('holding');
    after.append(HELD);
    after.close();
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(begin().records().get('r1')?.state).toBe('held');
  });

  test('does not keep what is soon worked out anew', () => {
    const { begin } = open();
    const ledger = begin();
    ledger.note(PROPOSED);
    const revised = ledger.note({ ...base, type: 'revised', at: 2, draft: { ...draft, slots: [] }, seen });
    expect([revised.revision, revised.draft.slots.length, revised.events.length]).toEqual([2, 0, 1]);
    ledger.close();
    expect(begin().records().get('r1')).toMatchObject({ revision: 1, draft });
  });

  test('counts what a person told where the hub does not say, and ends with the last of it', () => {
    const { begin } = open();
    const ledger = begin();
    ledger.note(PROPOSED);
    ledger.append({ ...ACCEPTED, written: false });
    ledger.append({ ...base, type: 'held', at: 3, slots: [] });
    const some = ledger.append({ ...base, type: 'told', at: 4, key: 'k-000002', booked: 1 });
    expect([some.state, bookedOf(some)]).toEqual(['held', 1]);
    expect(ledger.append({ ...base, type: 'told', at: 5, key: 'k-000003', booked: 2 }).state).toBe('fulfilled');
  });

  test('takes what a person told after the end for what it came to', () => {
    const { begin } = open();
    const ledger = begin();
    ledger.note(PROPOSED);
    ledger.append({ ...ACCEPTED, written: false });
    ledger.append({ ...base, type: 'held', at: 3, slots: [] });
    expect(ledger.append({ ...base, type: 'ended', at: 51 }).state).toBe('expired');
    const some = ledger.append({ ...base, type: 'told', at: 60, key: 'k-000002', booked: 1 });
    expect([some.state, bookedOf(some), some.endedAt]).toEqual(['fulfilled', 1, 51]);
    expect(ledger.append({ ...base, type: 'told', at: 61, key: 'k-000003', booked: 0 }).state).toBe('expired');
  });

  describe('with a line that is no step', () => {
    const BAD = '{"type":"held","at":3,"id":"r1","by":"lead","slots":"two"}';
    const whole = (path: string) => readFileSync(path, 'utf8').trim().split('\n');

    test('goes on without it: the line is kept aside, named by file and number, and said until it is seen to', () => {
      const { path, errors, begin } = open();
      const lines = [PROPOSED, ACCEPTED].map((event) => JSON.stringify(event));
      writeFileSync(path, `${[lines[0], BAD, lines[1], '{"type":"ended","at":4,"id":"r2","by":"lead"}'].join('\n')}\n`);
      const ledger = begin();
      expect(ledger.records().get('r1')).toMatchObject({ state: 'holding', revision: 2 });
      expect(errors).toMatchObject([
        { file: path, line: 2 },
        { file: path, line: 4, reason: 'what it belongs to was never proposed' },
      ]);
      expect(ledger.condition()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('2 lines') });
      ledger.close();
      expect(whole(path)).toEqual(lines);
      expect(whole(rejectedPath(path)).map((line) => (JSON.parse(line) as { text: string }).text)[0]).toBe(BAD);
      expect(begin().condition().status).toBe('degraded');
      rmSync(rejectedPath(path));
      expect(begin().condition()).toMatchObject({ status: 'ok', reason: '' });
    });

    test('keeps it aside once, though the server was killed before the line had left the ledger', () => {
      const { path, begin } = open();
      const text = `${JSON.stringify(PROPOSED)}\n${BAD}\n`;
      for (let starts = 0; starts < 2; starts += 1) {
        writeFileSync(path, text);
        begin().close();
      }
      expect(whole(rejectedPath(path))).toHaveLength(1);
    });
  });

  describe('old redirections', () => {
    const END = 51;
    const old = (id: string): RedirectionEvent[] => [
      { ...PROPOSED, id },
      { ...base, type: 'lapsed', at: END, id },
    ];
    const ids = (ledger: ReturnType<typeof openLedger>) => [...ledger.records().keys()];

    test('leave memory once the database has them and the file at the next start; what they showed of need counts on', () => {
      const { path, begin } = open();
      const ledger = begin();
      for (const event of [...old('r1'), { ...PROPOSED, id: 'r2' }]) ledger.note(event);
      ledger.confirm(END + UNANSWERED_KEPT);
      expect(ids(ledger)).toEqual(['r1', 'r2']);
      const now = END + UNANSWERED_KEPT + 1;
      expect(ledger.received(now)).toEqual(new Map([['P1', 0]]));
      ledger.confirm(now);
      expect(ids(ledger)).toEqual(['r2']);
      ledger.append({ ...ACCEPTED, id: 'r2' });
      ledger.close();
      expect(readFileSync(path, 'utf8')).toContain('"r1"');
      const after = begin(now);
      expect(ids(after)).toEqual(['r2']);
      after.close();
      expect(readFileSync(path, 'utf8')).not.toContain('"r1"');
      rmSync(path);
      const without = begin(now);
      expect(without.received(now)).toEqual(new Map([['P1', 0]]));
      expect(without.received(now + 30 * 24 * HOUR)).toEqual(new Map());
    });

    test('that somebody decided stay for five weeks', () => {
      const { begin } = open();
      const ledger = begin();
      const refused = { type: 'refused', at: END, key: 'k-000002', reason: 'too-far', undoUntil: END } as const;
      for (const event of [PROPOSED, { ...base, ...refused }] as const) ledger.append(event);
      ledger.confirm(END + KEPT);
      expect(ids(ledger)).toEqual(['r1']);
      ledger.confirm(END + KEPT + 1);
      expect(ids(ledger)).toEqual([]);
    });

    test('stay whole where a start was killed while it wrote them anew', () => {
      const { path, begin } = open();
      const ledger = begin();
      for (const event of [...old('r1'), ...old('r2')]) ledger.note(event);
      ledger.close();
      writeFileSync(confirmedPath(path), '["r1"]');
      writeFileSync(`${path}.tmp`, '{"type":"propo');
      expect(ids(begin(END + KEPT))).toEqual(['r2']);
      // Half a list is none.
      writeFileSync(confirmedPath(path), '["r2');
      expect(ids(begin(END + KEPT))).toEqual(['r2']);
    });

    test('stay while the hub still owes an answer', () => {
      const { begin } = open();
      const ledger = begin();
      for (const event of [PROPOSED, ACCEPTED, HELD, { ...base, type: 'released', at: END, key: 'k-000002' }] as const)
        ledger.append(event);
      ledger.confirm(END + KEPT + 1);
      expect(ids(ledger)).toEqual(['r1']);
      expect(ledger.awake(END + KEPT + 1)).toHaveLength(1);
    });
  });
});
