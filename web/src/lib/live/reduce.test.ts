import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedStatus, Unit, UnitPatch } from '$shared/model/unit';
import type { HeartbeatFrame, LiveFrame, PatchFrame, SnapshotFrame } from '$shared/protocol/live';
import { unitOf } from '../control/unit-fixture.ts';
import { EMPTY, mergeUnit, position, reduce, type LiveState } from './reduce.ts';

const NOON = '2026-11-23T12:00:00.000Z';
const base = {
  protocol: 1,
  epoch: 'e1',
  at: NOON,
  clock: { now: 0, speed: 10, simulated: true },
  build: 'b1',
  scope: 'town',
  view: 'full' as const,
  key: '',
};

const unit = (id: string, over: Partial<Unit> = {}): Unit =>
  unitOf(id, {
    ...{ kind: 'site', siteKind: 'practice', parent: 'town', population: 5000, open: true },
    ...{ levelSince: null, day: '1111', ...over },
  });

const feed: FeedStatus = {
  id: 'calls',
  feed: 'calls',
  adapter: 'telephony-queues',
  supplier: 'x',
  label: 'Telephony queue',
  sites: ['a'],
  state: 'ok',
  fault: '',
  observedAt: NOON,
  receivedAt: NOON,
  polledAt: NOON,
  everyMs: 15000,
  staleAfterMs: 180000,
  latencyMs: 3,
  rejected: 0,
  since: null,
  nextPollAt: null,
  failures: 0,
  volume: null,
  usualVolume: null,
  rejectedToday: 0,
  paused: null,
};

const snapshot = (seq: number, units: Unit[], part = { index: 0, of: 1 }, over: Partial<SnapshotFrame> = {}) =>
  ({
    ...base,
    type: 'snapshot',
    seq,
    system: 'town',
    simulated: true,
    open: null,
    units,
    feeds: [],
    part,
    ...over,
  }) satisfies SnapshotFrame;
const patch = (seq: number, units: UnitPatch[], over: Partial<PatchFrame> = {}) =>
  ({ ...base, type: 'patch', seq, units, removed: [], feeds: [], ...over }) satisfies PatchFrame;
const heartbeat = (seq: number, over: Partial<HeartbeatFrame> = {}) =>
  ({ ...base, type: 'heartbeat', seq, ...over }) satisfies HeartbeatFrame;

const fold = (frames: LiveFrame[], from: LiveState = EMPTY) =>
  frames.reduce((last, frame) => reduce(last.state, frame), { state: from, ask: false });

describe('reduce', () => {
  it('knows nothing and no position before the first whole snapshot', () => {
    const { state, ask } = fold([snapshot(4, [unit('a')], { index: 0, of: 2 })]);
    expect(state.board).toBeNull();
    expect(position(state)).toBeNull();
    expect(ask).toBe(false);
  });

  it('counts a snapshot once its last part is there, whatever their order, and applies the patches that overtook it', () => {
    const { state, ask } = fold([
      snapshot(4, [unit('b')], { index: 1, of: 2 }),
      patch(5, [{ id: 'a', score: 90 }]),
      snapshot(4, [unit('a')], { index: 0, of: 2 }),
    ]);
    expect(ask).toBe(false);
    expect(state.board?.units.get('a')?.score).toBe(90);
    expect(position(state)).toEqual({ epoch: 'e1', since: 5 });
  });

  it('keeps the last picture while a new snapshot is on its way', () => {
    const { state } = fold([snapshot(4, [unit('a')]), snapshot(9, [unit('b')], { index: 0, of: 2 })]);
    expect([...(state.board?.units.keys() ?? [])]).toEqual(['a']);
  });

  it('goes on where the same snapshot comes twice, in parts that overlap', () => {
    const first = snapshot(5, [unit('a')], { index: 0, of: 2 });
    const last = snapshot(5, [unit('b')], { index: 1, of: 2 });
    const { state } = fold([last, first, last, patch(6, [{ id: 'a', level: 3 }])]);
    expect(state.board?.seq).toBe(6);
    expect(state.board?.units.get('a')?.level).toBe(3);
  });

  it('forgets the parts of a snapshot that a newer one replaced', () => {
    const { state } = fold([
      snapshot(4, [unit('a')], { index: 0, of: 2 }),
      snapshot(9, [unit('b')], { index: 1, of: 2 }),
      snapshot(9, [unit('c')], { index: 0, of: 2 }),
    ]);
    expect([...(state.board?.units.keys() ?? [])].sort()).toEqual(['b', 'c']);
  });

  it('replaces top-level fields, merges metrics by name, and takes null for a value', () => {
    const metric = (value: number) => ({ value, absence: null, observedAt: NOON });
    const before = unit('a', { metrics: { 'calls.waiting': metric(3), 'slots.free': metric(7) } });
    const after = mergeUnit(before, { id: 'a', level: null, metrics: { 'calls.waiting': metric(4) } });
    expect(after.level).toBeNull();
    expect(after.metrics).toEqual({ 'calls.waiting': metric(4), 'slots.free': metric(7) });
    expect(before.metrics['calls.waiting']?.value).toBe(3);
  });

  it('replaces drivers whole', () => {
    const driver = (indicator: string) => ({ indicator, points: 1, value: 1, text: '' });
    const after = mergeUnit(unit('a', { drivers: [driver('x'), driver('y')] }), { id: 'a', drivers: [driver('z')] });
    expect(after.drivers.map((d) => d.indicator)).toEqual(['z']);
  });

  it('takes a new unit and drops a removed one', () => {
    const { state, ask } = fold([snapshot(1, [unit('a')]), patch(2, [unit('new')]), patch(3, [], { removed: ['a'] })]);
    expect(ask).toBe(false);
    expect([...(state.board?.units.keys() ?? [])]).toEqual(['new']);
  });

  it('merges feed patches by id', () => {
    const { state } = fold([
      snapshot(1, [unit('a')], { index: 0, of: 1 }, { feeds: [feed] }),
      patch(2, [], { feeds: [{ id: 'calls', state: 'timeout' }] }),
    ]);
    expect(state.board?.feeds.get('calls')).toEqual({ ...feed, state: 'timeout' });
  });

  it('passes over what it already has', () => {
    const first = fold([snapshot(5, [unit('a')])]).state;
    const again = reduce(first, patch(5, [{ id: 'a', score: 99 }]));
    expect(again).toEqual({ state: first, ask: false });
  });

  it.each([
    ['a gap', patch(7, [])],
    ['another epoch', patch(6, [], { epoch: 'e2' })],
    ['a patch of an unknown unit', patch(6, [{ id: 'ghost', score: 1 }])],
    ['a heartbeat that is ahead', heartbeat(6)],
    ['a heartbeat that is behind', heartbeat(4)],
    ['a heartbeat of another epoch', heartbeat(5, { epoch: 'e2' })],
  ])('asks again after %s and keeps its picture', (_name, frame) => {
    const before = fold([snapshot(5, [unit('a')])]).state;
    expect(reduce(before, frame)).toEqual({ state: before, ask: true });
  });

  it('asks for a snapshot when a patch comes first', () => {
    expect(reduce(EMPTY, patch(1, [])).ask).toBe(true);
  });

  it('takes the clock from a heartbeat', () => {
    const { state } = fold([snapshot(5, [unit('a')]), heartbeat(5, { clock: { now: 9, speed: 10, simulated: true } })]);
    expect(state.board?.clock.now).toBe(9);
  });

  it('reaches the very board that a snapshot at the end would give, whatever the patches, their duplicates and their parts', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const metrics = fc.dictionary(
      fc.constantFrom('m1', 'm2', 'm3'),
      fc.record({ value: fc.option(fc.integer()), absence: fc.constant(null), observedAt: fc.constant(NOON) }),
    );
    const change = fc.record(
      { score: fc.option(fc.integer({ min: 0, max: 100 })), metrics, day: fc.string({ maxLength: 4 }) },
      { requiredKeys: [] },
    );
    const step = fc.record({ id, change, remove: fc.boolean(), again: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (steps, of) => {
        const truth = new Map(['a', 'b', 'c', 'd'].map((name) => [name, unit(name)]));
        const all = [...truth.values()];
        const frames: LiveFrame[] = Array.from({ length: of }, (_gap, index) =>
          snapshot(
            0,
            all.filter((_unit, at) => at % of === index),
            { index, of },
          ),
        );
        steps.forEach(({ id: name, change: fields, remove, again }, index) => {
          const before = truth.get(name);
          const next = before ? mergeUnit(before, { id: name, ...fields }) : unit(name);
          if (remove) truth.delete(name);
          else truth.set(name, next);
          const frame = remove
            ? patch(index + 1, [], { removed: [name] })
            : patch(index + 1, [before ? { id: name, ...fields } : next]);
          frames.push(frame);
          if (again) frames.push(frame);
        });
        const { state, ask } = fold(frames);
        const whole = fold([snapshot(steps.length, [...truth.values()])]).state;
        expect(ask).toBe(false);
        expect(new Map([...(state.board?.units ?? [])].sort())).toEqual(
          new Map([...(whole.board?.units ?? [])].sort()),
        );
        expect(state.board?.seq).toBe(whole.board?.seq);
      }),
    );
  });
});
