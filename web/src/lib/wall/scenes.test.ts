import type { Scene, SceneKind } from '$shared/protocol/screens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageSize } from './message.ts';
import { brightness } from './night.ts';
import { matrixOf, tallyOf, unitsOf } from './scene.ts';
import { playable, readScenes } from './scenes.ts';
import { namedRows, stripLayout, MATRIX_ROOM } from './strip-layout.ts';
import { mapOf, unit } from './wall-fixture.ts';

const position = { lat: 53, lon: -2, approximate: false };
const all = (['system', 'matrix', 'map', 'hubs', 'out-of-hours', 'worst-five'] as const).map((kind) => ({
  kind,
  seconds: 12,
}));
const kinds = (scenes: readonly Scene[]) => scenes.map(({ kind }): SceneKind => kind);

describe('scenes', () => {
  it('are read from an address, with their seconds where they make sense', () => {
    expect(readScenes('map,worst-five:30')).toEqual([
      { kind: 'map', seconds: 12 },
      { kind: 'worst-five', seconds: 30 },
    ]);
    expect(readScenes('hubs:1')).toEqual([{ kind: 'hubs', seconds: 12 }]);
    expect(readScenes('nonsense')).toBeNull();
    expect(readScenes(null)).toBeNull();
  });

  it('never take words for a wall from an address', () => {
    expect(readScenes('message,system')).toEqual([{ kind: 'system', seconds: 20 }]);
  });

  it('drop out where the system has nothing of the kind, and stay where it is only not known', () => {
    const bare = mapOf(unit('s', null, { kind: 'system' }), unit('n', 's', { kind: 'neighbourhood' }));
    expect(kinds(playable(all, bare, 's', 0))).toEqual(['system', 'matrix', 'worst-five']);
    const full = mapOf(
      ...bare.values(),
      unit('p', 'n', { kind: 'site', siteKind: 'practice', position, level: null }),
      unit('h', 's', { kind: 'site', siteKind: 'hub', level: null }),
      unit('o', 's', { kind: 'site', siteKind: 'out-of-hours', level: null }),
    );
    expect(kinds(playable(all, full, 's', 0))).toEqual(kinds(all));
  });

  it('let a message go at its time', () => {
    const message: Scene = { kind: 'message', seconds: 12, text: 'Hello', until: '2026-01-12T12:00:00Z' };
    const units = mapOf(unit('s', null));
    expect(playable([message], units, 's', Date.UTC(2026, 0, 12, 11, 59))).toHaveLength(1);
    expect(playable([message], units, 's', Date.UTC(2026, 0, 12, 12))).toHaveLength(0);
  });
});

describe('a night', () => {
  const night = { from: '22:30', to: '06:00', dim: 0.2 };

  it('dims outside service hours by the wall clock, in summer too', () => {
    expect(brightness(Date.UTC(2026, 0, 12, 6, 59), null)).toBe(0.4);
    expect(brightness(Date.UTC(2026, 0, 12, 7), null)).toBe(1);
    expect(brightness(Date.UTC(2026, 6, 13, 6), null)).toBe(1);
    expect(brightness(Date.UTC(2026, 6, 13, 20), null)).toBe(0.4);
  });

  it('follows the hours that were chosen, over midnight and on the days when the clocks change', () => {
    expect(brightness(Date.UTC(2026, 0, 12, 22, 29), night)).toBe(1);
    expect(brightness(Date.UTC(2026, 0, 12, 22, 30), night)).toBe(0.2);
    expect(brightness(Date.UTC(2026, 0, 13, 5, 59), night)).toBe(0.2);
    expect(brightness(Date.UTC(2026, 2, 29, 4, 59), night)).toBe(0.2);
    expect(brightness(Date.UTC(2026, 2, 29, 5), night)).toBe(1);
    expect(brightness(Date.UTC(2026, 0, 12, 13), { from: '12:00', to: '14:00', dim: 0.3 })).toBe(0.3);
  });
});

describe('the matrix of a wall', () => {
  it('has neighbourhoods, the worst first, or practices where there are none', () => {
    const units = mapOf(
      unit('s', null, { kind: 'system' }),
      unit('p', 's'),
      unit('a', 'p', { kind: 'neighbourhood', level: 2, score: 40 }),
      unit('b', 'p', { kind: 'neighbourhood', level: 3, score: 60 }),
      unit('x', 'a', { kind: 'site', siteKind: 'practice' }),
      unit('y', 'a', { kind: 'site', siteKind: 'hub' }),
    );
    expect(matrixOf(units, 's')).toMatchObject({ units: [{ id: 'b' }, { id: 'a' }], noun: 'neighbourhoods' });
    expect(matrixOf(units, 'a')).toMatchObject({ units: [{ id: 'x' }], noun: 'practices' });
  });

  it('takes the areas above where there are more neighbourhoods than lines', () => {
    const regions = ['r1', 'r2'].map((id) => unit(id, 's'));
    const areas = Array.from({ length: 40 }, (_, i) => unit(`a${i}`, `r${(i % 2) + 1}`));
    const hoods = Array.from({ length: 400 }, (_, i) => unit(`h${i}`, `a${i % 40}`, { kind: 'neighbourhood' }));
    const { units, noun } = matrixOf(mapOf(unit('s', null), ...regions, ...areas, ...hoods), 's');
    expect([units.length, noun]).toEqual([40, 'areas']);
  });

  it('counts every one of its rows once, closed and unknown apart', () => {
    const rows = [
      unit('a', null, { level: 4 }),
      unit('b', null, { level: null, coverage: 0.2 }),
      unit('c', null, { level: null, coverage: 1 }),
      unit('d', null),
      unit('e', null),
    ];
    expect(tallyOf(rows).map(({ count, word }) => `${count} ${word}`)).toEqual([
      '1 extreme',
      '1 unknown',
      '2 normal',
      '1 closed',
    ]);
  });

  it('keeps rows where the scene ranked them, and forgets those that are gone', () => {
    const units = mapOf(unit('a', null), unit('b', null));
    expect(unitsOf(units, ['b', 'gone', 'a']).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('fits its room whatever the number of rows, with no text under 28 px', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 3, max: 60 }), (count, longest) => {
        const named = namedRows(count);
        const thin = count - named;
        const layout = stripLayout(named, longest, MATRIX_ROOM, thin);
        expect(named * layout.pitch + thin * layout.thin).toBeLessThanOrEqual(MATRIX_ROOM);
        expect(layout.nameSize).toBeGreaterThanOrEqual(28);
        expect(layout.digitSize).toBeGreaterThanOrEqual(28);
        expect(layout.pitch).toBeGreaterThanOrEqual(36 - 1e-9);
      }),
    );
  });
});

describe('a message', () => {
  it('is as large as it fits and readable from 8 m', () => {
    expect(messageSize('Hello')).toBe(18);
    expect(messageSize('x '.repeat(70))).toBeGreaterThanOrEqual(8.8);
    expect(messageSize('Please use hub slots in Bolton first')).toBeGreaterThan(messageSize('word '.repeat(28)));
  });
});
