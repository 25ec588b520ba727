import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, attention, mayResort, sameMembers, type Arrangement } from './arrange.ts';
import { cellPaths, columnX, emptyPaths } from './cells.ts';
import { dayWindow, hourTicks, shareOfDay } from './day-window.ts';
import { layOut, SIZES, type LayoutInput } from './layout.ts';
import { readOut, readOutText } from './read-out.ts';
import { ancestors, treeOf } from './tree.ts';
import { unitOf, unitsOf } from './unit-fixture.ts';
import { keyOf, walk } from './walk.ts';

const NOTHING: ReadonlySet<string> = new Set();

function arrangementOf(...groups: number[][]): Arrangement {
  return {
    groups: groups.map((rows, g) => ({
      id: `g${g}`,
      rows: rows.map((value, r) => ({ id: `g${g}r${r}`, attention: value })),
    })),
  };
}
const input = (arrangement: Arrangement, height: number, given: Partial<LayoutInput> = {}): LayoutInput => ({
  arrangement,
  height,
  rem: 1,
  open: NOTHING,
  pinned: NOTHING,
  only: null,
  ...given,
});
const rowIds = (given: LayoutInput) => layOut(given).blocks.flatMap((b) => (b.kind === 'row' ? [b.id] : []));

describe('the tree of the matrix', () => {
  const system = unitOf('sys', { kind: 'system', parent: null });
  const county = (neighbourhoods: number, practicesEach: number) =>
    unitsOf(
      system,
      ...Array.from({ length: 4 }, (_gap, p) => unitOf(`p${p}`, { kind: 'place', parent: 'sys' })),
      ...Array.from({ length: neighbourhoods }, (_gap, n) => unitOf(`n${n}`, { parent: `p${n % 4}` })),
      ...Array.from({ length: neighbourhoods * practicesEach }, (_gap, s) =>
        unitOf(`s${s}`, { kind: 'site', siteKind: 'practice', parent: `n${s % neighbourhoods}` }),
      ),
    );

  it('takes practices for rows where they all find room', () => {
    const tree = treeOf(county(8, 5), 'sys');
    expect(tree.rowKind).toBe('practice');
    expect(tree.branches).toHaveLength(8);
  });
  it('takes neighbourhoods for rows where practices are too many', () => {
    const tree = treeOf(county(60, 6), 'sys');
    expect(tree.rowKind).toBe('neighbourhood');
    expect(tree.branches.map((branch) => branch.unit.id).sort()).toEqual(['p0', 'p1', 'p2', 'p3']);
  });
  it('climbs nested places where even neighbourhoods are too many', () => {
    const country = unitsOf(
      system,
      ...Array.from({ length: 7 }, (_gap, r) => unitOf(`r${r}`, { kind: 'place', parent: 'sys' })),
      ...Array.from({ length: 42 }, (_gap, i) => unitOf(`i${i}`, { kind: 'place', parent: `r${i % 7}` })),
      ...Array.from({ length: 106 }, (_gap, s) => unitOf(`s${s}`, { kind: 'place', parent: `i${s % 42}` })),
      ...Array.from({ length: 1250 }, (_gap, n) => unitOf(`n${n}`, { parent: `s${n % 106}` })),
    );
    const tree = treeOf(country, 'sys');
    expect(tree.rowKind).toBe('area');
    expect(tree.branches).toHaveLength(7);
    expect(tree.branches.flatMap((branch) => branch.rows)).toHaveLength(42);
  });
  it('names the ancestors, outermost first', () => {
    const units = county(8, 1);
    const practice = units.get('s0');
    expect(practice && ancestors(units, practice).map((unit) => unit.id)).toEqual(['sys', 'p0', 'n0']);
  });
});

describe('the order of rows', () => {
  it('goes by level, then score; unknown stands above moderate, closed below calm', () => {
    const severe = unitOf('severe', { level: 3, score: 62 });
    const moderate = unitOf('moderate', { level: 2, score: 61 });
    const calm = unitOf('calm', { level: 1, score: 39 });
    const unknown = unitOf('unknown', { level: null, score: null, coverage: 0.2 });
    const closed = unitOf('closed', { level: null, score: null, coverage: 1 });
    const sorted = [calm, closed, moderate, unknown, severe].sort((a, b) => attention(b) - attention(a));
    expect(sorted.map((unit) => unit.id)).toEqual(['severe', 'unknown', 'moderate', 'calm', 'closed']);
  });
  it('is taken again only while nobody is there, and every 30 s at most', () => {
    expect(mayResort(true, 0, null)).toBe(true);
    expect(mayResort(true, 99_000, 0)).toBe(false);
    expect(mayResort(false, 29_999, 0)).toBe(false);
    expect(mayResort(false, 30_000, 0)).toBe(true);
  });
  it('notices units that came or went', () => {
    const branches = [{ unit: unitOf('p'), rows: [unitOf('a'), unitOf('b')] }];
    const arrangement = arrange(branches);
    expect(sameMembers(arrangement, branches)).toBe(true);
    expect(sameMembers(arrangement, [{ unit: unitOf('p'), rows: [unitOf('a')] }])).toBe(false);
    expect(sameMembers(arrangement, [{ unit: unitOf('p'), rows: [unitOf('a'), unitOf('c')] }])).toBe(false);
  });
});

describe('the layout of the matrix', () => {
  it('gives every unit a row where there is room', () => {
    expect(rowIds(input(arrangementOf([3000, 1000], [1000]), 400))).toEqual(['g0r0', 'g0r1', 'g1r0']);
  });
  it('raises the cut-off until the rest fits, and folds what lies below it', () => {
    const rows = [4099, 3070, 2900, 2050, ...Array.from({ length: 40 }, (_gap, i) => 1000 + i)];
    const given = input(arrangementOf(rows), 320);
    const { blocks, height } = layOut(given);
    expect(height).toBeLessThanOrEqual(320 * SIZES.largest);
    expect(rowIds(given).slice(0, 3)).toEqual(['g0r0', 'g0r1', 'g0r2']);
    expect(blocks.at(-1)?.kind).toBe('fold');
  });
  it('keeps a pinned unit and an opened group whatever their level', () => {
    const rows = Array.from({ length: 60 }, (_gap, i) => 1100 - i);
    const pinned = input(arrangementOf(rows, [1000]), 330, { pinned: new Set(['g0r59']) });
    expect(rowIds(pinned)).toContain('g0r59');
    const opened = input(arrangementOf(rows, [1000]), 330, { open: new Set(['g0']) });
    expect(rowIds(opened).filter((id) => id.startsWith('g0'))).toHaveLength(60);
    expect(layOut(opened).height).toBeGreaterThan(330);
  });
  it('shows only what is looked for, each with a row', () => {
    const given = input(arrangementOf([1000, 1001], [1002]), 300, { only: new Set(['g1r0']) });
    expect(layOut(given).blocks.map(keyOf)).toEqual(['group:g1', 'row:g1r0']);
  });
  it('never loses a unit and never overflows by itself, whatever the levels', () => {
    const groups = fc.array(fc.array(fc.integer({ min: 0, max: 4099 }), { maxLength: 15 }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: 900, max: 2000 }), (values, height) => {
        const sorted = values.map((rows) => rows.sort((a, b) => b - a));
        const { blocks, height: used } = layOut(input(arrangementOf(...sorted), height));
        const shown = blocks.flatMap((block) => {
          return block.kind === 'row' ? [block.id] : block.kind === 'fold' ? block.ids : [];
        });
        expect(shown.sort()).toEqual(sorted.flatMap((rows, g) => rows.map((_value, r) => `g${g}r${r}`)).sort());
        expect(used).toBeLessThanOrEqual(height + 1);
      }),
    );
  });
});

describe('the keyboard in the matrix', () => {
  const { blocks } = layOut(input(arrangementOf([3000, 1000, 1000], [1000]), 1000));
  const bounds = { from: 28, last: 38 };
  const at = (key: string, quarter = 38) => ({ key, quarter });

  it('walks by quarter hour and row, and stops at the edges and at now', () => {
    expect(walk('ArrowLeft', at('group:g0'), blocks, bounds)).toEqual(at('group:g0', 37));
    expect(walk('ArrowRight', at('group:g0'), blocks, bounds)).toEqual(at('group:g0', 38));
    expect(walk('Home', at('group:g0'), blocks, bounds)).toEqual(at('group:g0', 28));
    expect(walk('ArrowDown', at('group:g0'), blocks, bounds)?.key).toBe('row:g0r0');
    expect(walk('ArrowUp', at('group:g0'), blocks, bounds)?.key).toBe('group:g0');
    expect(walk('PageDown', at('row:g0r1'), blocks, bounds)?.key).toBe('group:g1');
  });
  it('leaves every other key alone', () => {
    expect(walk('Tab', at('group:g0'), blocks, bounds)).toBeNull();
    expect(walk('Enter', at('group:g0'), blocks, bounds)).toBeNull();
  });
});

describe('cells', () => {
  const grid = { from: 0, to: 4, now: 2, width: 40, gap: 1, height: 5 };
  it('are drawn up to now by level, unknown apart', () => {
    expect(cellPaths('13?4', grid)).toEqual([
      { level: 1, path: 'M0 0h9v5h-9z' },
      { level: 3, path: 'M10 0h9v5h-9z' },
      { level: 0, path: 'M20 0h9v5h-9z' },
    ]);
  });
  it('leave a bare line where nothing is recorded and an empty ground where nothing has been yet', () => {
    expect(emptyPaths('1.1', grid)).toEqual({ unrecorded: 'M10 2h9v1h-9z', coming: 'M30 0h9v5h-9z' });
  });
  it('lie on whole pixels', () => {
    expect([0, 1, 2, 3].map((quarter) => columnX({ from: 0, to: 3, width: 100 }, quarter))).toEqual([0, 33, 67, 100]);
  });
});

describe('the day on screen', () => {
  it('runs from 7am to 9pm by the London clock, also when the clocks change', () => {
    const ordinary = dayWindow(Date.parse('2026-11-23T09:42:00Z'));
    expect([ordinary.from, ordinary.to]).toEqual([28, 84]);
    const short = dayWindow(Date.parse('2026-03-29T09:42:00Z'));
    expect([short.from, short.to]).toEqual([24, 80]);
  });
  it('leaves out the mark that now would cover', () => {
    const window = dayWindow(Date.parse('2026-11-23T09:10:00Z'));
    const share = shareOfDay(window, Date.parse('2026-11-23T09:10:00Z'));
    expect(hourTicks(window, 2, share, 0.05).map((tick) => tick.label)).toEqual([
      '7am',
      '11am',
      '1pm',
      '3pm',
      '5pm',
      '7pm',
      '9pm',
    ]);
    expect(shareOfDay(window, Date.parse('2026-11-23T22:00:00Z'))).toBeNull();
  });
});

describe('the read-out', () => {
  const midnight = Date.parse('2026-11-23T00:00:00Z');
  const unit = unitOf('Rumworth', {
    level: 4,
    day: `${'.'.repeat(36)}34`,
    drivers: [{ indicator: 'x', points: 3, value: 1, text: 'callers wait **31 min**' }],
  });
  it('names unit, time and level, and the drivers only for now', () => {
    expect(readOutText(readOut(unit, 37, 37, midnight))).toBe('Rumworth, now: level 4, extreme. Callers wait 31 min');
    expect(readOutText(readOut(unit, 36, 37, midnight))).toBe('Rumworth, 9am to 9:15am: level 3, severe');
  });
  it('says what is not known and what is still to come', () => {
    expect(readOut(unit, 30, 37, midnight).words).toBe('nothing recorded');
    expect(readOut(unit, 40, 37, midnight).words).toBe('still to come');
  });
});
