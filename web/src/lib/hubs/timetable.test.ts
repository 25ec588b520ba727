import { describe, expect, it } from 'vitest';
import type { Hub, HubSlot } from '$shared/protocol/hubs';
import { timetableCsv } from './csv.ts';
import { unfilledSoon } from './soon.ts';
import { cellsOf, freeUntil, hoursOf, hubWindow, standingOf } from './timetable.ts';
import { shapesOf, stretchesOf } from './timetable-paths.ts';
import { sayHour, sayQuarter } from './timetable-words.ts';
import { usualMinutes, weekBar } from './week.ts';

const at = (time: string) => Date.parse(`2026-11-23T${time}:00Z`);
const NOW = at('09:42');
const metric = (value: number | null, more = {}) => ({
  value,
  absence: value === null ? ('unreachable' as const) : null,
  observedAt: null,
  ...more,
});
const slot = (time: string, given: Partial<HubSlot> = {}): HubSlot => ({
  ...{ start: at(time), minutes: 15, channel: 'in-person', role: 'R0260', service: null },
  ...{ free: 0, booked: 0, held: 0 },
  ...given,
});
const hub = (slots: HubSlot[] | null, given: Partial<Hub> = {}): Hub => ({
  ...{ id: 'hub', name: 'Bolton Hub', parent: 'bolton', illustrative: false, services: [], open: true },
  ...{ opening: { from: at('08:00'), to: at('20:00') }, served: 40_000, feed: null, hours: [], last: null },
  metrics: { 'slots.free': metric(slots ? 1 : null) },
  slots,
  ...given,
});

describe('a timetable', () => {
  it('gives every slot that overlaps another a row of its own, and each role its rows', () => {
    const { lines, cells } = cellsOf(
      [slot('10:00', { free: 1, booked: 1 }), slot('10:15', { booked: 1 }), slot('10:00', { role: 'R1290', held: 1 })],
      NOW,
    );
    expect(lines).toBe(3);
    expect(cells.map(({ line, state }) => [line, state])).toEqual([
      [0, 'free'],
      [1, 'booked'],
      [0, 'booked'],
      [2, 'held'],
    ]);
  });

  it('calls what was not taken by its start unfilled, whatever is left of it', () => {
    const { cells } = cellsOf([slot('09:30', { free: 1 }), slot('09:45', { free: 1 })], NOW);
    expect(cells.map(({ state }) => state)).toEqual(['unfilled', 'free']);
    expect(shapesOf(cells, { from: at('08:00'), to: at('20:00') }, NOW).map(({ past }) => past)).toEqual([
      false,
      false,
    ]);
  });

  it('draws nothing of a silent hub as free: only where it had slots', () => {
    const { cells } = cellsOf([slot('10:00', { free: 1 }), slot('10:15', { booked: 1 })], NOW, false);
    expect(cells.every(({ state }) => state === 'unknown')).toBe(true);
    expect(stretchesOf(cells, { from: at('08:00'), to: at('20:00') })).toEqual([
      { line: 0, left: expect.closeTo(1 / 6), width: expect.closeTo(0.5 / 12) },
    ]);
  });

  it('counts by hour what can still be given, and leaves hours without slots out', () => {
    const hours = hoursOf(
      hub([slot('09:30', { free: 2 }), slot('09:45', { free: 1, booked: 3 }), slot('11:00', { held: 1 })]),
      NOW,
    );
    expect([...hours.values()].map(({ free, booked, held }) => [free, booked, held])).toEqual([
      [1, 3, 0],
      [0, 0, 1],
    ]);
    expect(freeUntil(hub([slot('10:00', { free: 2 }), slot('13:00', { free: 1 })]), NOW, at('13:00'))).toBe(2);
  });

  it('shows 8am to 8pm, and further where a hub is open longer', () => {
    expect(hubWindow([], NOW)).toEqual({ from: at('08:00'), to: at('20:00') });
    const late = hub([], { opening: { from: at('07:30'), to: at('21:15') } });
    expect(hubWindow([late], NOW)).toEqual({ from: at('07:00'), to: at('22:00') });
  });

  it('keeps none free, silent, not onboarded and closed apart', () => {
    const absent = (absence: string) => ({ metrics: { 'slots.free': metric(null, { absence }) } });
    expect(standingOf(hub([], { metrics: { 'slots.free': metric(0) } }))).toBe('known');
    expect(standingOf(hub(null))).toBe('silent');
    expect(standingOf(hub(null, absent('not-onboarded')))).toBe('not-onboarded');
    expect(standingOf(hub(null, absent('closed')))).toBe('closed');
    expect(standingOf(hub(null, { metrics: {} }))).toBe('not-onboarded');
  });
});

describe('what the timetable says', () => {
  it('names what is free in a quarter hour, by whom and how', () => {
    const slots = [
      slot('10:00', { free: 2, booked: 1 }),
      slot('10:00', { role: 'R1290', channel: 'telephone', free: 1 }),
    ];
    expect(sayQuarter(hub(slots), at('10:00'), NOW)).toBe(
      '10am to 10:15am: 3 free (GP, pharmacist by telephone), 1 booked',
    );
    expect(sayQuarter(hub([slot('09:00', { free: 1 })]), at('09:00'), NOW)).toBe('9am to 9:15am: 1 went unfilled (GP)');
    expect(sayQuarter(hub([]), at('10:00'), NOW)).toBe('10am to 10:15am: no slots');
  });

  it('says of a silent hub why, and what it said last, of how many', () => {
    const silent = hub(null, {
      metrics: { 'slots.free': metric(null, { last: { value: 6, observedAt: '2026-11-23T09:20:00Z' } }) },
      last: { observedAt: '2026-11-23T09:20:00Z', slots: [slot('10:00', { free: 6, booked: 48 })] },
    });
    expect(sayQuarter(silent, at('10:00'), NOW)).toBe('no answer; 6 of 54 were free at 9:20am');
  });

  it('says of several hubs the hour, and of an hour that has passed no slot free', () => {
    const hours = [{ from: at('10:00'), free: 1, booked: 4, held: 2 }];
    expect(sayHour(hours, at('10:30'), NOW)).toBe('10am to 11am: 1 slot free, 4 booked, 2 held');
    expect(sayHour(hours, at('10:30'), at('11:00'))).toBe('10am to 11am: 4 booked, 2 held');
  });

  it('lists what begins within two hours, one by one or by the hour as it is known', () => {
    const near = hub([slot('09:30', { free: 1 }), slot('10:00', { free: 1 }), slot('11:45', { free: 9 })]);
    const hours = ['09:00', '10:00', '11:00'].map((from) => ({ from: at(from), free: 2, booked: 0, held: 0 }));
    const rows = unfilledSoon([near, hub(null, { name: 'Turton', hours })], NOW);
    expect(rows.map(({ hub: { name }, free }) => [name, free])).toEqual([
      ['Turton', 4],
      ['Bolton Hub', 1],
    ]);
  });

  it('is a file with a reason where a hub says nothing, and nothing that a spreadsheet would work out', () => {
    const body = { ...{ at: '', place: 'p', simulated: true, agreed: 60, practices: null } };
    const lines = timetableCsv({
      ...body,
      hubs: [hub([slot('10:00', { free: 1, booked: null, held: null })]), hub(null, { name: '=HUB()' })],
    })
      .trim()
      .split('\r\n');
    expect(lines[1]).toBe(
      'Bolton Hub,hub,2026-11-23T10:00:00Z,2026-11-23 10:00,15,GP,1,,,the feed tells free slots only,yes',
    );
    expect(lines[2]).toBe("'=HUB(),hub,,,,,,,,no answer,yes");
  });
});

describe('minutes of the week', () => {
  const week = (offered: number, booked: number, more = {}) =>
    weekBar({ 'access.offered-per-1000': metric(offered, more), 'access.booked-per-1000': metric(booked) }, 60, 40_000);

  it('say what is missing in slots to publish', () => {
    expect(week(57, 40)).toMatchObject({ booked: 40, free: 17, ahead: 0, missing: 3, short: 8 });
    expect(week(59.6, 40)?.short).toBe(0);
    expect(weekBar({ 'access.offered-per-1000': metric(50) }, 60, null)?.short).toBeNull();
  });

  it('take days that are not known yet for offered, and neither booked nor free', () => {
    expect(week(60, 6, { estimated: true, coverage: 0.2 })).toMatchObject({
      booked: 6,
      free: 6,
      ahead: 48,
      estimated: true,
    });
  });

  it('are unknown where nothing is known, and counted in the length of its slots', () => {
    expect(weekBar({}, 60, 40_000)).toBeNull();
    expect(usualMinutes(hub([slot('10:00', { minutes: 10 }), slot('11:00', { minutes: 10 }), slot('12:00')]))).toBe(10);
    expect(usualMinutes(hub(null))).toBe(15);
  });
});
