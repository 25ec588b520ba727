import { ALL, type Arrangement, type Ordered } from './arrange.ts';

/** One horizontal piece of the matrix, top to bottom. Heights in pixels, the gap beneath included. */
export type Block =
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly height: number;
      readonly open: boolean;
    }
  | { readonly kind: 'row'; readonly id: string; readonly group: string; readonly height: number }
  | {
      readonly kind: 'fold';
      readonly group: string;
      readonly ids: readonly string[];
      readonly height: number;
      readonly pitch: number;
    };

export interface MatrixLayout {
  readonly blocks: readonly Block[];
  readonly height: number;
}

/** Natural heights in pixels at a root font size of 16 px, gaps included. */
export const SIZES = {
  group: 25,
  row: 19,
  line: 3.75,
  foldGap: 5,
  smallestRow: 15,
  largest: 1.6,
  largestFold: 1.25,
} as const;

export interface LayoutInput {
  readonly arrangement: Arrangement;
  /** Room for the blocks, and the root font size over 16. */
  readonly height: number;
  readonly rem: number;
  /** Groups that somebody opened, and units that keep a row whatever their level. */
  readonly open: ReadonlySet<string>;
  readonly pinned: ReadonlySet<string>;
  /** Only these units, each with a row; null: all. */
  readonly only: ReadonlySet<string> | null;
}

type Keep = (row: Ordered) => boolean;

/**
 * As many rows as fit: all of them if there is room, a little squeezed, else the cut-off rises from the calmest until
 * the rest fits unsqueezed. What opened groups add may overflow: the matrix then scrolls.
 */
export function layOut(input: LayoutInput): MatrixLayout {
  const all: Keep = () => true;
  if (input.only) return build(input, all, stretch(input, natural(input, all)));
  const squeezed = SIZES.smallestRow / SIZES.row;
  const everything = natural(input, all);
  if (everything * squeezed <= input.height) return build(input, all, stretch(input, everything, squeezed));
  const kept = keepAbove(cutoff(input));
  return build(input, kept, stretch(input, natural(input, kept)));
}

const keepAbove =
  (least: number): Keep =>
  (row) =>
    row.attention >= least;

/** The least attention that still gets a row. Opened groups do not count: opening one must not fold another's rows. */
function cutoff(input: LayoutInput): number {
  const closed = { ...input, open: new Set<string>() };
  const steps = input.arrangement.groups
    .flatMap((group) => group.rows.map((row) => row.attention))
    .sort((a, b) => a - b);
  for (const step of steps) {
    if (natural(closed, keepAbove(step)) <= input.height) return step;
  }
  return Infinity;
}

function natural(input: LayoutInput, keep: Keep): number {
  return build(input, keep, 1).height;
}

function stretch(input: LayoutInput, height: number, least = 1): number {
  return Math.max(least, Math.min(SIZES.largest, input.height / Math.max(1, height)));
}

function build(input: LayoutInput, keep: Keep, scale: number): MatrixLayout {
  const blocks: Block[] = [];
  const px = (size: number) => size * scale * input.rem;
  const foldScale = Math.min(scale, SIZES.largestFold) * input.rem;
  for (const group of input.arrangement.groups) {
    const rows = input.only ? group.rows.filter((row) => input.only?.has(row.id)) : group.rows;
    if (input.only && rows.length === 0 && !input.only.has(group.id)) continue;
    const open = input.open.has(group.id);
    const shown = rows.filter((row) => open || input.pinned.has(row.id) || keep(row));
    const calm = rows.filter((row) => !shown.includes(row));
    if (group.id !== ALL) blocks.push({ kind: 'group', id: group.id, height: px(SIZES.group), open });
    for (const row of shown) blocks.push({ kind: 'row', id: row.id, group: group.id, height: px(SIZES.row) });
    if (calm.length > 0) {
      const pitch = SIZES.line * foldScale;
      const height = calm.length * pitch + SIZES.foldGap * foldScale;
      blocks.push({ kind: 'fold', group: group.id, ids: calm.map((row) => row.id), height, pitch });
    }
  }
  return { blocks, height: blocks.reduce((sum, block) => sum + block.height, 0) };
}
