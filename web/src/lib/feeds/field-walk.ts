import type { FieldLayout, PlacedBlock } from './field-layout.ts';
import { cellOf, indexAt } from './field-layout.ts';

/** One mark: which stack, and which of its sites. */
export interface Spot {
  readonly block: number;
  readonly index: number;
}

/** The mark under a point; null between them. */
export function spotAt(layout: FieldLayout, x: number, y: number): Spot | null {
  const block = layout.blocks.findIndex((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.ground);
  const found = layout.blocks[block];
  if (!found) return null;
  const col = Math.floor((x - found.x) / layout.pitch);
  const row = Math.floor((y - found.y) / layout.pitch);
  const index = indexAt(found.block.sites.length, found.cols, col, row);
  return index === null ? null : { block, index };
}

/** Left and top corner of a mark. */
export function cornerOf(layout: FieldLayout, { block, index }: Spot): { x: number; y: number } | null {
  const found = layout.blocks[block];
  if (!found || index >= found.block.sites.length) return null;
  const { col, row } = cellOf(found.block.sites.length, found.cols, index);
  return { x: found.x + col * layout.pitch, y: found.y + row * layout.pitch };
}

const fromGround = (block: PlacedBlock, row: number) => block.rows - 1 - row;

/** The mark beside one of a neighbouring stack, at the same height above the ground where there is one. */
function beside(layout: FieldLayout, spot: Spot, by: 1 | -1): Spot {
  const here = layout.blocks[spot.block];
  const next = layout.blocks[spot.block + by];
  if (!here || !next) return spot;
  const { row } = cellOf(here.block.sites.length, here.cols, spot.index);
  const height = Math.min(fromGround(here, row), next.rows - 1);
  const count = next.block.sites.length;
  const top = count - (next.rows - 1) * next.cols;
  const nextRow = fromGround(next, height);
  const width = nextRow === 0 ? top : next.cols;
  return { block: spot.block + by, index: indexAt(count, next.cols, by === 1 ? 0 : width - 1, nextRow) ?? 0 };
}

/** Where a key leads; null where it is not one of the field's. */
export function walk(layout: FieldLayout, spot: Spot, key: string): Spot | null {
  const here = layout.blocks[spot.block];
  if (!here) return null;
  const count = here.block.sites.length;
  const { col, row } = cellOf(count, here.cols, spot.index);
  const to = (c: number, r: number): Spot | null => {
    const index = indexAt(count, here.cols, c, r);
    return index === null ? null : { block: spot.block, index };
  };
  switch (key) {
    case 'ArrowRight':
      return to(col + 1, row) ?? beside(layout, spot, 1);
    case 'ArrowLeft':
      return to(col - 1, row) ?? beside(layout, spot, -1);
    case 'ArrowUp':
      return to(col, row - 1) ?? spot;
    case 'ArrowDown':
      return to(col, row + 1) ?? spot;
    case 'PageDown':
      return { block: Math.min(layout.blocks.length - 1, spot.block + 1), index: 0 };
    case 'PageUp':
      return { block: Math.max(0, spot.block - 1), index: 0 };
    case 'Home':
      return { block: 0, index: 0 };
    case 'End':
      return { block: layout.blocks.length - 1, index: 0 };
    default:
      return null;
  }
}

/** The next mark in trouble after a spot, round the whole field; null where none is. */
export function nextTrouble(layout: FieldLayout, spot: Spot): Spot | null {
  const starts = layout.blocks.flatMap(({ block }, at) =>
    block.causes.map(({ from }): Spot => ({ block: at, index: from })),
  );
  const after = starts.find((s) => s.block > spot.block || (s.block === spot.block && s.index > spot.index));
  return after ?? starts[0] ?? null;
}
