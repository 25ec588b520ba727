import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NEED_KINDS } from '#shared/model/redirection-words.ts';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { atLocal, dayEnd, dayStart, fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { arcsOf, barKey, keepKey } from './arcs.ts';
import { draftsOf, isKeptBack, slotsIn, withShares } from './drafts.ts';
import { hubAt, practiceAt, slots, townOf } from './fixture.ts';
import { createGround } from './ground.ts';
import { nearestFirst } from './greedy.ts';
import { isInPerson, lotsOf, slotKey } from './lots.ts';
import { needsOf } from './needs.ts';
import { OWN_POLICY } from './policy.ts';
import { faultsOf, type Flow, type Problem } from './problem.ts';

const NOON = fromInstant('2026-01-12T12:00:00Z');
const TOWN = townOf(
  practiceAt('P1', 'east-1', 0, 0, 1),
  practiceAt('P2', 'east-1', 1, 1, 5),
  practiceAt('P3', 'east-2', 3, 0),
  practiceAt('P4', 'west-1', 0, 6),
  practiceAt('P5', 'west', 9, 9),
  hubAt('H1', 'east-1', 0, 1),
  hubAt('H2', 'east', 2, 2),
  hubAt('H3', 'west-1', 0, 5),
);
const PRACTICES = TOWN.filter(({ siteKind }) => siteKind === 'practice').map(({ id }) => id);
const HUBS = TOWN.filter(({ siteKind }) => siteKind === 'hub').map(({ id }) => id);
const lineage = (id: string): string[] => {
  const unit = TOWN.find((each) => each.id === id);
  return unit ? [id, ...(unit.parent === null ? [] : lineage(unit.parent))] : [];
};

const anyPolicy = fc
  .record({
    lend: fc.constantFrom('none', 'place', 'system' as const),
    inPersonKm: fc.constantFrom(2, 5, 8),
    keepBack: fc.constantFrom(0, 0.25, 0.6, 1),
    inPerson: fc.constantFrom(0, 30, 90),
    remote: fc.constantFrom(0, 15),
    urgentWithin: fc.constantFrom(1, 3, 8),
    lotMinutes: fc.constantFrom(30, 60, 120),
    takes: fc.option(fc.subarray([...NEED_KINDS], { minLength: 1 }), { nil: undefined }),
    only: fc.option(fc.constantFrom(['east'], ['west-1'], ['P1']), { nil: undefined }),
    embargoUntil: fc.option(fc.constantFrom('09:00', '18:00'), { nil: undefined }),
  })
  .map((drawn): RedirectionPolicy => ({
    ...OWN_POLICY,
    reach: {
      lend: drawn.lend as 'none' | 'place' | 'system',
      inPersonKm: drawn.inPersonKm,
      keepBack: { ...OWN_POLICY.reach.keepBack, value: drawn.keepBack },
    },
    notice: { inPerson: drawn.inPerson, remote: drawn.remote },
    within: { ...OWN_POLICY.within, urgent: drawn.urgentWithin },
    lotMinutes: drawn.lotMinutes,
    hubs: [
      {
        hub: 'H2',
        ...(drawn.takes ? { takes: drawn.takes } : {}),
        ...(drawn.only ? { only: [...drawn.only] } : {}),
        ...(drawn.embargoUntil === undefined ? {} : { embargoUntil: drawn.embargoUntil }),
      },
    ],
  }));
const anyGroup = fc
  .record({
    quarter: fc.integer({ min: -20, max: 60 }),
    free: fc.integer({ min: 0, max: 4 }),
    channel: fc.constantFrom('in-person', 'telephone', 'video', null),
    service: fc.constantFrom(null, 'extended-access'),
  })
  .map(({ quarter, free, channel, service }) =>
    slots(NOON + quarter * 15 * MINUTE, free, { channel: channel as 'in-person' | null, service }),
  );
/** One group of each kind at one start, as a board has them. */
const anyHub = fc.uniqueArray(anyGroup, { maxLength: 12, selector: (group) => slotKey('', group) });
const anyCase = fc.record({
  policy: anyPolicy,
  hubs: fc.tuple(anyHub, anyHub, fc.option(anyHub)),
  counts: fc.array(
    fc.record({
      urgent: fc.integer({ min: 0, max: 6 }),
      untriaged: fc.integer({ min: 0, max: 3 }),
      soon: fc.integer({ min: 0, max: 3 }),
      expected: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: PRACTICES.length, maxLength: PRACTICES.length },
  ),
  promised: fc.integer({ min: 0, max: 3 }),
  barred: fc.option(fc.constantFrom(...PRACTICES)),
  // Any flows at all that break no limit of the problem: whatever solves it, the offers must be right.
  order: fc.array(fc.nat(), { minLength: PRACTICES.length, maxLength: PRACTICES.length }),
});

describe('whatever is offered', () => {
  test('breaks no constraint', () => {
    fc.assert(
      fc.property(anyCase, ({ policy, hubs, counts, promised, barred, order }) => {
        const ground = createGround({ units: TOWN }, policy);
        const told = HUBS.map((hub, i) => ({ hub, groups: hubs[i] ?? null }));
        const taken = new Map(
          told.flatMap(({ hub, groups }) => (groups ?? []).slice(0, 2).map((group) => [slotKey(hub, group), promised])),
        );
        const { lots, slots: members } = lotsOf(ground, told, { at: NOON, promised: taken });
        const needs = PRACTICES.flatMap((practice, i) => needsOf(practice, counts[i] ?? {}, NOON, policy));
        const bars = new Set(barred === null ? [] : HUBS.map((hub) => barKey({ practice: barred, hub })));
        const given = { at: NOON, received: new Map<string, number>(), kept: new Map<string, number>(), barred: bars };
        const problem: Problem = { needs, lots, arcs: arcsOf(ground, needs, lots, given) };
        const flows = nearestFirst(problem, new Map(PRACTICES.map((id, i) => [id, order[i] ?? 0])));
        expect(faultsOf(problem, flows)).toEqual([]);
        const drafts = draftsOf(problem, flows, members, (practice) => lineage(practice)[1] ?? '');

        const used = new Map<string, number>();
        const lent = new Map<string, { free: number; lent: number }>();
        const placed = new Map<string, number>();
        for (const { hub, unit, slots: offered } of drafts) {
          for (const slot of offered) {
            const key = slotKey(hub, slot);
            used.set(key, (used.get(key) ?? 0) + slot.count);
            placed.set(
              `${slot.practice} ${slot.need}`,
              (placed.get(`${slot.practice} ${slot.need}`) ?? 0) + slot.count,
            );
            expect(lineage(slot.practice)[1]).toBe(unit);
            const notice = isInPerson(slot) ? policy.notice.inPerson : policy.notice.remote;
            expect(slot.start).toBeGreaterThanOrEqual(NOON + notice * MINUTE);
            expect(slot.start).toBeLessThanOrEqual(NOON + policy.within[slot.need] * HOUR);
            expect(slot.start).toBeLessThan(dayEnd(NOON));
            if (isInPerson(slot)) expect(slot.km ?? 0).toBeLessThanOrEqual(policy.reach.inPersonKm);
            expect(bars.has(barKey({ practice: slot.practice, hub }))).toBe(false);
            const above = lineage(slot.practice);
            const parent = TOWN.find(({ id }) => id === hub)?.parent ?? '';
            const terms = ground.terms.get(hub);
            if (terms?.takes) expect(terms.takes).toContain(slot.need);
            if (terms?.only) expect(terms.only.some((id) => above.includes(id))).toBe(true);
            if (terms?.embargoUntil !== undefined)
              expect(NOON).toBeGreaterThanOrEqual(atLocal(NOON, terms.embargoUntil));
            if (above.includes(parent)) continue;
            if (!terms?.only) {
              expect(policy.reach.lend).not.toBe('none');
              if (policy.reach.lend === 'place')
                expect(lineage(hub).some((id) => above.includes(id) && id !== 'system')).toBe(true);
            }
            const lot = lots.find(({ id }) => id === slot.lot);
            const sum = lent.get(slot.lot) ?? { free: lot?.free ?? 0, lent: 0 };
            lent.set(slot.lot, { ...sum, lent: sum.lent + slot.count });
          }
        }
        for (const { hub, groups } of told)
          for (const group of groups ?? []) {
            const key = slotKey(hub, group);
            expect(used.get(key) ?? 0).toBeLessThanOrEqual(Math.max(0, group.free - (taken.get(key) ?? 0)));
          }
        expect(used.size).toBeLessThanOrEqual(told.reduce((sum, { groups }) => sum + (groups?.length ?? 0), 0));
        const keeps = policy.reach.keepBack.value;
        for (const { free, lent: out } of lent.values())
          expect(out).toBeLessThanOrEqual(Math.floor(free * (1 - keeps)));
        for (const need of needs)
          expect(placed.get(`${need.practice} ${need.kind}`) ?? 0).toBeLessThanOrEqual(need.count);
        expect(drafts.reduce((sum, draft) => sum + slotsIn(draft), 0)).toBe(
          flows.reduce((sum: number, flow: Flow) => (isKeptBack(problem, flow) ? sum : sum + flow.count), 0),
        );
      }),
      { numRuns: 600, seed: 6 },
    );
  });
});

describe('what a place is worth', () => {
  const ground = createGround({ units: TOWN }, OWN_POLICY);
  const lotAt = (hub: string, hours: number) => ({
    ...{ id: `${hub}|${hours}`, hub, from: NOON + hours * HOUR, to: NOON + hours * HOUR, inPerson: true, free: 5 },
    lendable: 3,
  });
  const worth = (practice: string, hub: string, hours: number, received: number | null = 1, kept = 0) => {
    const needs = needsOf(practice, { urgent: 1 }, NOON, OWN_POLICY);
    const lot = lotAt(hub, hours);
    const [arc] = arcsOf(ground, needs, [lot], {
      ...{ at: NOON, received: new Map(received === null ? [] : [[practice, received]]) },
      kept: new Map([[keepKey(practice, 'urgent', lot.id), kept]]),
    });
    return arc ? arc.worth + (arc.keep > 0 ? arc.bonus : 0) : 0;
  };
  test('is more for sooner, nearer, own minutes, the deprived, those who received little, and what was proposed before', () => {
    expect(worth('P1', 'H1', 1)).toBeGreaterThan(worth('P1', 'H1', 3));
    expect(worth('P1', 'H1', 1)).toBeGreaterThan(worth('P1', 'H2', 1));
    expect(worth('P1', 'H1', 1)).toBeGreaterThan(worth('P2', 'H1', 1));
    expect(worth('P1', 'H1', 1, 0)).toBeGreaterThan(worth('P1', 'H1', 1, 1));
    expect(worth('P1', 'H1', 1, 1, 1)).toBeGreaterThan(worth('P1', 'H1', 1));
    expect(worth('P1', 'H1', 1, null)).toBe(worth('P1', 'H1', 1, 0));
    // Another neighbourhood of the same place may borrow, another place may not.
    expect(worth('P3', 'H1', 1)).toBeGreaterThan(0);
    expect(worth('P4', 'H1', 1)).toBe(0);
  });
});

describe('slots of a day on which the clocks change', () => {
  test.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
  ])('%s', (date, hours) => {
    const morning = fromInstant(`${date}T06:00:00Z`);
    expect((dayEnd(morning) - dayStart(morning)) / HOUR).toBe(hours);
    const last = slots(dayEnd(morning) - 15 * MINUTE, 2);
    const tomorrow = slots(dayEnd(morning), 2);
    const ground = createGround({ units: TOWN }, OWN_POLICY);
    const { lots } = lotsOf(ground, [{ hub: 'H1', groups: [last, tomorrow] }], { at: morning, promised: new Map() });
    expect(lots.map(({ from, free }) => [from, free])).toEqual([[last.start, 2]]);
  });
});

describe('shares that a lead changes', () => {
  const kind = { start: NOON + 2 * HOUR, minutes: 15, channel: 'in-person', role: null, service: null } as const;
  const slot = (practice: string, count: number) => ({
    ...kind,
    practice,
    need: 'urgent' as const,
    count,
    km: 1,
    lot: 'L',
  });
  const draft = { hub: 'H1', unit: 'east-1', borrowed: false, slots: [slot('P1', 3), slot('P2', 2)] };
  const countOf = (made: ReturnType<typeof withShares>, practice: string) =>
    slotsIn({ slots: (made?.slots ?? []).filter((each) => each.practice === practice) });

  test('go from one practice to another, and take more where some are free', () => {
    const moved = withShares(
      draft,
      new Map([
        ['P1', 1],
        ['P2', 4],
      ]),
      [],
    );
    expect([countOf(moved, 'P1'), countOf(moved, 'P2')]).toEqual([1, 4]);
    const more = withShares(
      draft,
      new Map([
        ['P1', 3],
        ['P2', 3],
      ]),
      [{ ...kind, start: NOON + 3 * HOUR, free: 1 }],
    );
    expect([countOf(more, 'P1'), countOf(more, 'P2')]).toEqual([3, 3]);
  });
  test('are not to be had where nothing is free', () => {
    expect(
      withShares(
        draft,
        new Map([
          ['P1', 3],
          ['P2', 3],
        ]),
        [],
      ),
    ).toBeNull();
  });
});
