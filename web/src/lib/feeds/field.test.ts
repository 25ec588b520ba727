import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, causeOf, feedOf, summaryOf } from './fixture.ts';
import { cellOf, indexAt, layField, type FieldRoom } from './field-layout.ts';
import { drawMark, markPaths } from './field-marks.ts';
import { readSpot } from './field-read.ts';
import { cornerOf, nextTrouble, spotAt, walk } from './field-walk.ts';

const measure = (text: string) => text.length * 6;
const room = (width: number, marks = 140): FieldRoom => ({ width, marks, rem: 1, measure });
type Field = Parameters<typeof layField>[0];
const field = (...blocks: string[][]): Field =>
  blocks.map((states, family) => ({
    family: 'telephony',
    label: `Kind ${family}`,
    blocks: states.map((s, i) => blockOf(`supplier-${family}-${i}`, s)),
  }));

describe('the cells of a stack', () => {
  it('fill rows from the ground, so that what comes first lies on top', () => {
    expect([0, 1, 2, 3, 6].map((index) => cellOf(7, 3, index))).toEqual([
      { col: 0, row: 0 },
      { col: 0, row: 1 },
      { col: 1, row: 1 },
      { col: 2, row: 1 },
      { col: 2, row: 2 },
    ]);
  });
  it('are found again from where they stand', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (count, cols, pick) => {
        const index = pick % count;
        const { col, row } = cellOf(count, cols, index);
        expect(indexAt(count, cols, col, row)).toBe(index);
      }),
      { seed: 8 },
    );
    expect(indexAt(7, 3, 1, 0)).toBeNull();
    expect(indexAt(7, 3, 0, 3)).toBeNull();
  });
});

describe('the field', () => {
  it.each([360, 800, 1280, 1920, 3840])('keeps every mark within %i pixels and lets none lie on another', (width) => {
    const layout = layField(
      field(['o'.repeat(379), 'o'.repeat(34)], ['o'.repeat(152), 'uuoo', ''], ['n'.repeat(9)]),
      room(width),
    );
    expect(layout.blocks.map((b) => b.block.sites.length)).toEqual([379, 34, 152, 4, 9]);
    const taken = new Set<string>();
    for (const [block, placed] of layout.blocks.entries())
      for (let index = 0; index < placed.block.sites.length; index += 1) {
        const corner = cornerOf(layout, { block, index });
        if (!corner) throw new Error('no corner');
        expect(corner.x).toBeGreaterThanOrEqual(0);
        expect(corner.x + layout.size).toBeLessThanOrEqual(width);
        expect(corner.y + layout.size).toBeLessThanOrEqual(layout.height);
        const middle = [corner.x + layout.size / 2, corner.y + layout.size / 2] as const;
        expect(spotAt(layout, ...middle)).toEqual({ block, index });
        taken.add(middle.join());
      }
    expect(taken.size).toBe(578);
  });

  it('stands on one line where there is room, and makes the marks smaller before it breaks', () => {
    const one = layField(field(['o'.repeat(400)], ['o'.repeat(900)]), room(1400));
    expect(new Set(one.blocks.map((b) => b.ground)).size).toBe(1);
    const many = layField(field(['o'.repeat(9000)], ['o'.repeat(9000)]), room(1400));
    expect(new Set(many.blocks.map((b) => b.ground)).size).toBe(1);
    expect(many.pitch).toBeLessThan(one.pitch);
    for (const block of many.blocks) expect(block.rows * many.pitch).toBeLessThanOrEqual(140);
  });

  it('names a family that breaks into lines once, under its last', () => {
    const layout = layField(field(['o'.repeat(300), 'o'.repeat(300), 'o'.repeat(300)]), room(360));
    expect(layout.families.map((f) => f.label)).toEqual(['Kind 0']);
  });

  it('counts sites without a feed as no feed', () => {
    const blocks = [blockOf('a', 'ooo'), blockOf('', 'nn')];
    const layout = layField([{ family: 'telephony', label: 'Telephony', blocks }], room(800));
    expect(layout.families[0]?.total).toBe(3);
    expect(layout.blocks[1]?.name).toEqual(['no', 'feed']);
  });

  it('keeps the letters of one stack apart', () => {
    const causes = ['A', 'B', 'C'].map((letter, i) => ({ letter, from: i, count: 1 }));
    const blocks = [blockOf('a', 'uuu', { causes })];
    const [block] = layField([{ family: 'telephony', label: 'T', blocks }], room(800)).blocks;
    const xs = block?.letters.map((l) => l.x) ?? [];
    expect(xs).toHaveLength(3);
    expect((xs[1] ?? 0) - (xs[0] ?? 0)).toBeGreaterThanOrEqual(15);
    expect((xs[2] ?? 0) - (xs[1] ?? 0)).toBeGreaterThanOrEqual(15);
  });
});

describe('walking the field by keyboard', () => {
  const layout = layField(field(['o'.repeat(20)], ['o'.repeat(40), 'oo']), room(800, 60));

  it('reaches every mark by arrows and never leaves the field', () => {
    const seen = new Set<string>();
    const open = [{ block: 0, index: 0 }];
    for (let spot = open.pop(); spot; spot = open.pop()) {
      if (seen.has(`${spot.block}/${spot.index}`)) continue;
      seen.add(`${spot.block}/${spot.index}`);
      expect(cornerOf(layout, spot)).not.toBeNull();
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']) {
        const next = walk(layout, spot, key);
        if (next) open.push(next);
      }
    }
    expect(seen.size).toBe(62);
  });

  it('leaves other keys to the page', () => {
    expect(walk(layout, { block: 0, index: 0 }, 'Tab')).toBeNull();
  });

  it('finds the next trouble round the whole field, and none where there is none', () => {
    expect(nextTrouble(layout, { block: 0, index: 0 })).toBeNull();
    const causes = [{ letter: 'A', from: 1, count: 1 }];
    const blocks = [blockOf('a', 'oo'), blockOf('b', 'cu', { causes })];
    const troubled = layField([{ family: 'telephony', label: 'T', blocks }], room(800));
    expect(nextTrouble(troubled, { block: 0, index: 0 })).toEqual({ block: 1, index: 1 });
    expect(nextTrouble(troubled, { block: 1, index: 1 })).toEqual({ block: 1, index: 1 });
  });
});

describe('marks', () => {
  it('differ by shape, not by colour alone', () => {
    const shapes = [...'olturpcnq'].map((state) => JSON.stringify(drawMark(state, '4', 0, 0, 7)));
    expect(new Set(shapes).size).toBe(shapes.length);
  });
  it('are the brighter the fresher, and the dullest where nobody knows', () => {
    expect([...'01234x'].map((fresh) => drawMark('o', fresh, 0, 0, 7)[0]?.[0])).toEqual(['0', '1', '2', '3', '4', '0']);
  });
  it('make a handful of paths however many there are', () => {
    const paths = markPaths(layField(field(['o'.repeat(5000) + 'u'.repeat(3)]), room(1400)));
    expect([...paths.keys()].sort()).toEqual(['4', 'solid']);
    expect(paths.get('solid')?.match(/M/g)).toHaveLength(3);
  });
});

describe('the read-out of a mark', () => {
  const causes = [{ letter: 'A', from: 0, count: 1 }];
  const blocks = [blockOf('Calder Voice', 'uo', { sites: ['P1', 'P2'], feeds: ['f:P1', 'f:P2'], causes })];
  const layout = layField([{ family: 'telephony', label: 'Telephony', blocks }], room(800));
  const asked = {
    layout,
    summary: summaryOf({ causes: [causeOf('A')] }),
    units: new Map(),
    now: Date.parse('2026-11-23T09:42:00Z'),
  };

  it('says site, kind, supplier, state, age and cause', () => {
    const feeds = new Map([['f:P1', feedOf('f:P1', { state: 'timeout' })]]);
    expect(readSpot({ ...asked, feeds, spot: { block: 0, index: 0 } })).toEqual({
      site: 'P1',
      rest: 'Telephony · Calder Voice · unreachable: no answer in time · 20 s old · cause A, The supplier does not answer',
    });
  });
  it('says what it can while single feeds are not known, and nothing of a mark that is not there', () => {
    expect(readSpot({ ...asked, feeds: null, spot: { block: 0, index: 1 } })?.rest).toBe(
      'Telephony · Calder Voice · on time',
    );
    expect(readSpot({ ...asked, feeds: null, spot: { block: 0, index: 9 } })).toBeNull();
  });
});
