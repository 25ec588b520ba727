import type { Block } from './layout.ts';

/** Where the keyboard is in the matrix: a block and a quarter hour. */
export interface Cursor {
  readonly key: string;
  readonly quarter: number;
}

/** Stable name of a block across layouts. */
export function keyOf(block: Block): string {
  return block.kind === 'fold' ? `fold:${block.group}` : `${block.kind}:${block.id}`;
}

export interface Bounds {
  readonly from: number;
  /** Last column that can be read: the one that holds now, or the last of the day. */
  readonly last: number;
}

/** The cursor after a key, or null where the key is not for the grid. */
export function walk(key: string, cursor: Cursor, blocks: readonly Block[], bounds: Bounds): Cursor | null {
  const index = Math.max(
    0,
    blocks.findIndex((block) => keyOf(block) === cursor.key),
  );
  const toBlock = (next: number): Cursor => {
    const block = blocks[Math.min(blocks.length - 1, Math.max(0, next))];
    return block ? { key: keyOf(block), quarter: cursor.quarter } : cursor;
  };
  const toQuarter = (quarter: number): Cursor => ({
    key: cursor.key,
    quarter: Math.min(bounds.last, Math.max(bounds.from, quarter)),
  });
  switch (key) {
    case 'ArrowUp':
      return toBlock(index - 1);
    case 'ArrowDown':
      return toBlock(index + 1);
    case 'ArrowLeft':
      return toQuarter(cursor.quarter - 1);
    case 'ArrowRight':
      return toQuarter(cursor.quarter + 1);
    case 'Home':
      return toQuarter(bounds.from);
    case 'End':
      return toQuarter(bounds.last);
    case 'PageUp':
      return toBlock(groupStart(blocks, index, -1));
    case 'PageDown':
      return toBlock(groupStart(blocks, index, 1));
    default:
      return null;
  }
}

/** Index of the next group above or below; stays where there is none. */
function groupStart(blocks: readonly Block[], index: number, step: 1 | -1): number {
  for (let next = index + step; next >= 0 && next < blocks.length; next += step) {
    if (blocks[next]?.kind === 'group') return next;
  }
  return index;
}
