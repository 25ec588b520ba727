import { describe, expect, it } from 'vitest';
import { dayEnd, dayStart, fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { testMonth, testNational } from '../../board/fixture.ts';
import { QUARTERS } from './day-fold.ts';
import { createDayProfile, type ProfileRow } from './day-profile.ts';
import { createNormals } from './normals.ts';
import { createPublishedNormal } from './published.ts';

const published = createPublishedNormal(
  { published: [testMonth('A', '2026-10', 31_000), { ...testMonth('B', '2026-10', 31_000), basis: 'peers' }] },
  testNational('2026-10-01', 61),
);
const NINE = fromInstant('2026-11-23T09:00:00Z');
const MONDAY = dayStart(NINE);

const row = (given: Partial<ProfileRow> = {}): ProfileRow => ({
  site: 'A',
  metric: 'calls.longest-wait',
  source: 'own',
  days: 8,
  kind: 1,
  alike: '',
  usual: new Float32Array(QUARTERS).fill(240),
  ...given,
});
const profile = (day: number, rows: readonly ProfileRow[], from = day) =>
  createDayProfile({ day, from, end: dayEnd(day) }, rows);

describe('own normals before what is published', () => {
  it('say what the published months say until something is learned', () => {
    const normals = createNormals(published);
    expect(normals.metrics).toBe(published.metrics);
    for (const metric of ['calls.longest-wait', 'calls.inbound', 'calls.answered-share', 'slots.free'] as const) {
      expect(normals.usual('A', metric, NINE)).toBe(published.usual('A', metric, NINE));
    }
    expect(normals.about('A', 'calls.inbound', NINE)).toMatchObject({ source: 'published', days: 0 });
    expect(normals.about('B', 'calls.inbound', NINE)?.label).toContain('practices of like size');
    expect(normals.about('A', 'slots.free', NINE)).toBeNull();
  });

  it('change at the turn of the day and not before', () => {
    const normals = createNormals(published);
    const tuesday = dayEnd(NINE);
    normals.install(profile(tuesday, [row()]));
    const before = tuesday - MINUTE;
    expect(normals.usual('A', 'calls.longest-wait', before)).toBe(published.usual('A', 'calls.longest-wait', before));
    expect(normals.usual('A', 'calls.longest-wait', tuesday)).toBe(240);
    expect(normals.about('A', 'calls.longest-wait', tuesday)).toEqual({
      source: 'own',
      days: 8,
      label: 'usual of 8 Mondays',
    });
    expect(normals.metrics.has('slots.free')).toBe(true);
  });

  it('count within a day only from the moment they were made for', () => {
    const normals = createNormals(published);
    normals.install(profile(MONDAY, [row()], NINE));
    expect(normals.usual('A', 'calls.longest-wait', NINE - 1)).toBe(
      published.usual('A', 'calls.longest-wait', NINE - 1),
    );
    expect(normals.usual('A', 'calls.longest-wait', NINE)).toBe(240);
  });

  it('stand for their day: another profile of the same day changes nothing', () => {
    const normals = createNormals(published);
    normals.install(profile(MONDAY, [row()]));
    normals.install(profile(MONDAY, [row({ usual: new Float32Array(QUARTERS).fill(1) })]));
    expect(normals.usual('A', 'calls.longest-wait', NINE)).toBe(240);
  });

  it('leave to the published months the sites, metrics and hours of which too little was learned', () => {
    const usual = new Float32Array(QUARTERS).fill(240);
    usual[36] = NaN;
    const normals = createNormals(published);
    normals.install(profile(MONDAY, [row({ usual })]));
    const at = NINE + MINUTE;
    expect(normals.usual('A', 'calls.longest-wait', at)).toBe(published.usual('A', 'calls.longest-wait', at));
    expect(normals.about('A', 'calls.longest-wait', at)?.source).toBe('published');
    expect(normals.usual('B', 'calls.longest-wait', NINE + HOUR)).toBe(
      published.usual('B', 'calls.longest-wait', NINE + HOUR),
    );
    expect(normals.usual('X', 'calls.longest-wait', NINE)).toBeNull();
  });

  it('name the peers that a value is expected from', () => {
    const normals = createNormals(published);
    normals.install(
      profile(MONDAY, [row({ metric: 'slots.free', source: 'peers', alike: '24 practices of like size' })]),
    );
    expect(normals.about('A', 'slots.free', NINE)).toEqual({
      source: 'peers',
      days: 0,
      label: 'expected from 24 practices of like size',
    });
  });

  it('forget the days that are over', () => {
    const normals = createNormals(published);
    normals.install(profile(MONDAY, [row()]));
    normals.forget(dayEnd(NINE) + 30 * MINUTE);
    expect(normals.held(NINE)).toBeDefined();
    normals.forget(dayEnd(NINE) + 2 * HOUR);
    expect(normals.held(NINE)).toBeUndefined();
  });
});
