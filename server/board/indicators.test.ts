import { describe, expect, it } from 'vitest';
import type { Definition, UnitDef } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import { heardBoard, type HeardBoard } from './board-fixture.ts';
import { feedDef, outcome, reading, slotGroup, testDefinition, testRules } from './fixture.ts';

const P = 'p0-0-0';

/** One practice with every feed that indicators can want, a hub with its slots, and 111. */
function definition(change: Partial<UnitDef> = {}, rules: Rules = testRules()): Definition {
  const base = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules);
  return {
    ...base,
    units: base.units.map((unit) =>
      unit.id === P || (unit.id === 'hub0' && 'identifiers' in change)
        ? { ...unit, population: unit.id === P ? 10_000 : null, ...change }
        : unit.id === 'place0' || unit.id === 'n0-0'
          ? { ...unit, population: 10_000 }
          : unit,
    ),
    feeds: [
      ...base.feeds,
      feedDef({ id: 'diary', adapter: 'fhir-appointments', sites: [P], staleAfterMs: 2_700_000 }),
      feedDef({ id: 'online', adapter: 'online-consultations', sites: [P], staleAfterMs: 600_000 }),
      feedDef({ id: 'declared', adapter: 'declared-states', sites: [P], staleAfterMs: 900_000 }),
      feedDef({
        id: 'rota',
        adapter: 'mapped-csv',
        sites: [P],
        brings: ['staff.clinical-planned', 'staff.clinical-available'],
        staleAfterMs: 1_800_000,
      }),
    ],
  };
}

const tell = (board: HeardBoard, feed: string, figures: Partial<Record<MetricName, number | null>>, site = P) => {
  const readings = Object.entries(figures).map(([metric, value]) => reading(site, metric as MetricName, value));
  board.hear(outcome(feed, board.clock.now(), { readings }));
};
const slots = (board: HeardBoard, site: string, groups: ReturnType<typeof slotGroup>[]) =>
  board.hear(outcome(`slots:${site}`, board.clock.now(), { slots: [{ site, groups }] }));
const metric = (board: HeardBoard, name: MetricName, unit = P) => {
  const { value, absence, detail, estimated, coverage } = board.unit(unit).metrics[name] ?? {};
  return { value, absence, detail, estimated, coverage };
};
const start = (change?: Partial<UnitDef>, at = '2026-01-12T09:00:00Z') => heardBoard(definition(change), at);

describe('same-day slots', () => {
  const at = (time: string) => fromInstant(`2026-01-12T${time}:00Z`);

  it('are behind the day by what the line of the day lets expect beyond them, as an estimate', () => {
    const board = start();
    slots(board, P, [slotGroup(at('12:00'), 5, 15)]);
    // 9.5 of 10.5 hours are left, and a quarter of the slots.
    expect(metric(board, 'slots.left-behind')).toMatchObject({ value: 0.65, estimated: true });
    slots(board, P, [slotGroup(at('12:00'), 19, 1)]);
    board.clock.forward(MINUTE);
    slots(board, P, [slotGroup(at('12:00'), 20, 0)]);
    expect(metric(board, 'slots.left-behind').value).toBe(0);
  });

  it('tell how long before closing they ran out, nothing while some are left, and forget it when some come back', () => {
    const board = start();
    slots(board, P, [slotGroup(at('12:00'), 1, 9)]);
    expect(metric(board, 'slots.exhausted-early')).toMatchObject({ value: 0, absence: null });
    board.clock.set('2026-01-12T09:10:00Z');
    slots(board, P, [slotGroup(at('12:00'), 0, 10)]);
    expect(metric(board, 'slots.exhausted-early')).toMatchObject({ value: 560, estimated: undefined });
    board.clock.set('2026-01-12T11:00:00Z');
    slots(board, P, [slotGroup(at('12:00'), 0, 10)]);
    expect(metric(board, 'slots.exhausted-early').value).toBe(560);
    board.clock.set('2026-01-12T11:05:00Z');
    slots(board, P, [slotGroup(at('12:00'), 1, 9)]);
    expect(metric(board, 'slots.exhausted-early').value).toBe(0);
  });

  it('that were gone when first seen ran out that early at least', () => {
    const board = start();
    slots(board, P, [slotGroup(at('12:00'), 0, 10)]);
    expect(metric(board, 'slots.exhausted-early')).toMatchObject({ value: 570, estimated: true });
    expect(metric(board, 'slots.exhausted-at').value).toBeNull();
  });

  it.each([
    ['closed after hours', '2026-01-12T18:40:00Z', 'closed'],
    ['closed on a bank holiday', '2026-05-04T10:00:00Z', 'closed'],
  ])('are %s', (_, when, absence) => {
    const board = start({}, when);
    slots(board, P, [slotGroup(fromInstant(when) + MINUTE, 0, 10)]);
    for (const name of ['slots.left-behind', 'slots.exhausted-early'] as const)
      expect(metric(board, name)).toMatchObject({ value: null, absence });
  });

  it('are absent as their feed is, and quiet on a day that has none', () => {
    const board = start();
    expect(metric(board, 'slots.left-behind').absence).toBe('not-reported');
    slots(board, P, []);
    expect(metric(board, 'slots.left-behind')).toMatchObject({ value: null, detail: 'too-few' });
    expect(metric(board, 'slots.exhausted-early')).toMatchObject({ value: null, detail: 'too-few' });
  });
});

describe('appointments and staff', () => {
  const diary = {
    'appointments.booked': 100,
    'appointments.attended': 38,
    'appointments.no-show': 2,
    'appointments.cancelled': 1,
    'appointments.urgent': 20,
    'appointments.urgent-same-day': 17,
    'appointments.unmapped': 0,
    'appointments.measured': 50,
    'appointments.within-48h': 25,
    'appointments.within-7d': 35,
    'appointments.within-14d': 40,
  } as const;

  it('make the shares that the contract and the national measures ask for', () => {
    const board = start();
    tell(board, 'diary', diary);
    expect(metric(board, 'appointments.urgent-share').value).toBe(0.85);
    expect(metric(board, 'appointments.within-48h-share').value).toBe(0.5);
    expect(metric(board, 'appointments.within-7d-share').value).toBe(0.7);
    expect(metric(board, 'appointments.within-14d-share').value).toBe(0.8);
    expect(metric(board, 'appointments.no-show-share').value).toBe(0.05);
    expect(metric(board, 'appointments.no-show-share', 'place0').value).toBe(0.05);
    expect(metric(board, 'appointments.urgent-share', 'sys').value).toBe(0.85);
  });

  it('say nothing of nothing, and are absent where a part is', () => {
    const board = start();
    tell(board, 'diary', {
      ...diary,
      'appointments.attended': 0,
      'appointments.no-show': 0,
      'appointments.urgent': 0,
      'appointments.urgent-same-day': 0,
      'appointments.within-7d': null,
    });
    expect(metric(board, 'appointments.no-show-share')).toMatchObject({ value: null, detail: 'too-few' });
    expect(metric(board, 'appointments.urgent-share')).toMatchObject({ value: null, detail: 'too-few' });
    expect(metric(board, 'appointments.within-7d-share')).toMatchObject({ value: null, detail: 'missing-field' });
    expect(metric(board, 'appointments.within-14d-share').value).toBe(0.8);
  });

  it.each([
    ['by the rota', { wteGp: 4 }, { planned: 12, available: 10 }, { value: 10, estimated: undefined }],
    [
      "by the GPs' part and their number, where the rota says nobody is there",
      { wteGp: 4 },
      { planned: 12, available: 0 },
      { value: 11.45, estimated: true },
    ],
    [
      "by the GPs' part and their number, where the rota is silent",
      { wteGp: 4 },
      null,
      { value: 11.45, estimated: true },
    ],
    [
      'not at all where nobody is there and no number is known',
      {},
      { planned: 12, available: 0 },
      { value: null, detail: 'too-few' },
    ],
    ['not at all where the rota is silent and no number is known', {}, null, { value: null, absence: 'not-reported' }],
  ])('are counted for each clinician %s', (_, change, rota, expected) => {
    const board = start(change);
    tell(board, 'diary', diary);
    if (rota)
      tell(board, 'rota', { 'staff.clinical-planned': rota.planned, 'staff.clinical-available': rota.available });
    expect(metric(board, 'appointments.per-clinician')).toMatchObject(expected);
  });

  it('say how many of the clinical staff are there, and nothing where none was planned', () => {
    const board = start();
    tell(board, 'rota', { 'staff.clinical-planned': 12, 'staff.clinical-available': 9 });
    expect(metric(board, 'staff.available-share').value).toBe(0.75);
    expect(metric(board, 'staff.available-share', 'place0').value).toBe(0.75);
    board.clock.forward(MINUTE);
    tell(board, 'rota', { 'staff.clinical-planned': 0, 'staff.clinical-available': 0 });
    expect(metric(board, 'staff.available-share')).toMatchObject({ value: null, detail: 'too-few' });
    board.clock.forward(MINUTE);
    tell(board, 'rota', { 'staff.clinical-planned': 12, 'staff.clinical-available': null });
    expect(metric(board, 'staff.available-share')).toMatchObject({ value: null, detail: 'missing-field' });
  });

  it('are nobody’s lack where no feed of the practice could bring them', () => {
    const base = definition();
    const board = heardBoard({ ...base, feeds: base.feeds.filter(({ id }) => id !== 'rota') }, '2026-01-12T09:00:00Z');
    expect(board.unit(P).metrics['staff.available-share']).toBeUndefined();
  });
});

describe('online requests', () => {
  it('are measured against the end of the next core period', () => {
    const board = start();
    // 17.5 hours ago is the evening before: due at the end of today, of which one hour in ten and a half is gone.
    tell(board, 'online', { 'online.open': 30, 'online.oldest': 14 * 60, 'online.clinical': 5, 'online.admin': 2 });
    expect(metric(board, 'online.time-used').value).toBe(0.1);
    expect(metric(board, 'online.per-1000').value).toBe(3);
    board.clock.set('2026-01-12T13:15:00Z');
    board.board.tick();
    board.clock.forward(MINUTE);
    tell(board, 'online', { 'online.open': 30, 'online.oldest': 14 * 60 + 256 });
    expect(metric(board, 'online.time-used').value).toBe(0.5);
  });

  it('use none of their time while none is open, and are absent where nobody says how old they are', () => {
    const board = start();
    tell(board, 'online', { 'online.open': 0, 'online.oldest': null });
    expect(metric(board, 'online.time-used').value).toBe(0);
    board.clock.forward(MINUTE);
    tell(board, 'online', { 'online.open': 3, 'online.oldest': null });
    expect(metric(board, 'online.time-used')).toMatchObject({ value: null, absence: 'not-reported' });
  });
});

describe('a hub', () => {
  const day = fromInstant('2026-01-12T00:00:00Z');
  const group = (hour: number, free: number, busy: number, after = 0) =>
    slotGroup(day + after * 86_400_000 + hour * 3_600_000, free, busy);

  it('says what of today is used, slots gone by included, and what lies free in the next four hours', () => {
    const board = start();
    slots(board, 'hub0', [group(8, 2, 6), group(10, 3, 1), group(19, 4, 0)]);
    expect(metric(board, 'access.used-share', 'hub0').value).toBe(0.438);
    expect(metric(board, 'access.unfilled-4h-share', 'hub0').value).toBe(0.75);
    expect(metric(board, 'access.used-share', 'place0').value).toBe(0.438);
  });

  it('offers minutes by the week for those it serves, estimated from the days that were seen', () => {
    const board = start({ identifiers: { minutes: '600' } });
    slots(board, 'hub0', [group(10, 4, 2)]);
    // 90 of the 600 minutes on one day of seven that are open alike: 630 in a week, for 10,000 people.
    expect(metric(board, 'access.offered-per-1000', 'hub0')).toEqual({
      value: 63,
      absence: null,
      detail: undefined,
      estimated: true,
      coverage: 0.143,
    });
    expect(metric(board, 'access.booked-per-1000', 'hub0')).toMatchObject({ value: 3, coverage: 0.143 });
    expect(metric(board, 'access.offered-per-1000', 'place0')).toMatchObject({ value: 63, estimated: true });
    board.clock.set('2026-01-13T09:00:00Z');
    slots(board, 'hub0', [group(10, 0, 8, 1)]);
    expect(metric(board, 'access.offered-per-1000', 'hub0')).toMatchObject({ value: 73.5, coverage: 0.286 });
    expect(metric(board, 'access.booked-per-1000', 'hub0').value).toBe(15);
    const again = board.again();
    expect(again.unit('hub0')?.metrics['access.booked-per-1000']?.value).toBe(15);
  });

  it('is absent as its feed is: what it offered before is nobody’s capacity now', () => {
    const board = start();
    slots(board, 'hub0', [group(10, 4, 2)]);
    board.clock.set('2026-01-12T10:30:00Z');
    board.board.tick();
    for (const name of ['access.used-share', 'access.offered-per-1000'] as const)
      expect(metric(board, name, 'hub0')).toMatchObject({ value: null, detail: 'stale' });
  });
});

describe('a declared level', () => {
  const rules = testRules({
    indicators: [
      { ...testRules().indicators[2], id: 'said', label: 'Declared', metric: 'declared.level', cutoffs: [2, 3, 4] },
      { ...testRules().indicators[2] },
    ] as Rules['indicators'],
  });

  it('can be an indicator like any other, and lacks nothing where nobody declared', () => {
    const board = heardBoard(definition({}, rules), '2026-01-12T09:00:00Z');
    tell(board, 'phones', { 'calls.waiting': 0 });
    tell(board, 'declared', { 'declared.level': null });
    expect(board.unit(P)).toMatchObject({ score: 0, coverage: 1 });
    board.clock.forward(MINUTE);
    tell(board, 'declared', { 'declared.level': 3 });
    expect(board.unit(P).indicators.find(({ indicator }) => indicator === 'said')).toMatchObject({
      points: 2,
      value: 3,
    });
    expect(board.unit(P).score).toBe(33.3);
  });
});
