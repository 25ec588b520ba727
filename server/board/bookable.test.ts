import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE, QUARTER } from '#shared/model/time.ts';
import type { SlotGroup } from '../domain/ports.ts';
import { heardBoard } from './board-fixture.ts';
import { outcome, slotGroup, testDefinition } from './fixture.ts';

const HUB = 'hub0';
const definition = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 });
const at = (time: string) => fromInstant(`2026-01-12T${time}:00Z`);
const start = () => heardBoard(definition, '2026-01-12T09:00:00Z');
type Heard = ReturnType<typeof start>;
const tell = (heard: Heard, groups: readonly SlotGroup[]) =>
  heard.hear(outcome(`slots:${HUB}`, heard.clock.now(), { slots: [{ site: HUB, groups }] }));
const sum = (groups: readonly SlotGroup[], pick: (group: SlotGroup) => number) =>
  groups.reduce((total, group) => total + pick(group), 0);

const groupArb: fc.Arbitrary<SlotGroup> = fc.record({
  start: fc.integer({ min: -8, max: 120 }).map((quarter) => at('00:00') + quarter * QUARTER),
  minutes: fc.constantFrom(10, 15, 30),
  channel: fc.constantFrom('in-person', 'telephone', null),
  role: fc.constantFrom('R0260', null),
  service: fc.constant(null),
  free: fc.nat(3),
  busy: fc.nat(3),
  held: fc.nat(2),
});

describe('slots told one by one', () => {
  it('add up to the counts and the hours that the board publishes, at any time of the day', () => {
    fc.assert(
      fc.property(fc.array(groupArb, { maxLength: 40 }), fc.integer({ min: 0, max: 600 }), (groups, minutes) => {
        const heard = start();
        tell(heard, groups);
        heard.clock.forward(minutes * MINUTE);
        tell(heard, groups);
        const now = heard.clock.now();
        const told = heard.board.slots(HUB)?.now ?? [];
        const { metrics, slotHours } = heard.unit(HUB);
        const ahead = told.filter((group) => group.start >= now);
        expect(metrics['slots.free']?.value).toBe(sum(ahead, ({ free }) => free));
        expect(metrics['slots.booked']?.value).toBe(sum(told, ({ busy }) => busy));
        expect(metrics['slots.held']?.value).toBe(sum(told, ({ held }) => held));
        expect(metrics['slots.free-minutes']?.value).toBe(sum(ahead, ({ free, minutes: each }) => free * each));
        for (const hour of slotHours) {
          const within = told.filter((group) => group.start >= hour.from && group.start < hour.from + HOUR);
          expect(hour.booked).toBe(sum(within, ({ busy }) => busy));
          expect(hour.free).toBe(
            sum(
              within.filter((group) => group.start >= now),
              ({ free }) => free,
            ),
          );
        }
      }),
      { seed: 5, numRuns: 25 },
    );
  });

  it('are those of today, whatever the feed looks ahead at', () => {
    const heard = start();
    tell(heard, [slotGroup(at('12:00'), 1, 2), slotGroup(at('12:00') + 24 * HOUR, 5, 0)]);
    expect(heard.board.slots(HUB)?.now).toEqual([slotGroup(at('12:00'), 1, 2)]);
  });

  it('of a hub that has gone silent are what was last told and when, and no longer what is', () => {
    const heard = start();
    tell(heard, [slotGroup(at('12:00'), 3, 2)]);
    heard.clock.forward(20 * MINUTE);
    heard.board.tick();
    expect(heard.unit(HUB).metrics['slots.free']).toMatchObject({ value: null, detail: 'stale' });
    expect(heard.board.slots(HUB)).toMatchObject({
      feed: `slots:${HUB}`,
      tellsTaken: true,
      now: null,
      last: { groups: [slotGroup(at('12:00'), 3, 2)], observedAt: at('09:00') },
    });
    heard.clock.forward(24 * HOUR);
    heard.board.tick();
    expect(heard.board.slots(HUB)).toMatchObject({ now: null, last: null });
  });

  it('of a feed that tells free ones only leave open how many are taken', () => {
    const feeds = definition.feeds.map((feed) =>
      feed.id === 'slots' ? { ...feed, adapter: 'gp-connect-slots' as const } : feed,
    );
    const heard = heardBoard({ ...definition, feeds }, '2026-01-12T09:00:00Z');
    tell(heard, [slotGroup(at('12:00'), 3, 0)]);
    expect(heard.board.slots(HUB)).toMatchObject({ tellsTaken: false, now: [{ free: 3 }] });
  });

  it('are none of a unit that is no site, and null of one without a feed', () => {
    const heard = start();
    expect(heard.board.slots('place0')).toBeNull();
    expect(heard.board.slots('nhs111')).toEqual({ feed: null, tellsTaken: false, served: 0, now: null, last: null });
  });
});
