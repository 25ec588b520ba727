import type { FieldLayout } from './field-layout.ts';
import { cellOf } from './field-layout.ts';

/** How a group of marks is painted: filled, or drawn as a line. `0` to `4`: on time, the fresher the higher. */
export type Paint = '0' | '1' | '2' | '3' | '4' | 'solid' | 'hollow' | 'dots' | 'absent' | 'waiting';

const r = (value: number) => Math.round(value * 10) / 10;
const square = (x: number, y: number, side: number) => `M${r(x)} ${r(y)}h${r(side)}v${r(side)}h${r(-side)}z`;
const box = (x: number, y: number, width: number, height: number) =>
  `M${r(x)} ${r(y)}h${r(width)}v${r(height)}h${r(-width)}z`;

/** What one mark is made of, in `[paint, path]` pairs. */
export function drawMark(state: string, fresh: string, x: number, y: number, size: number): [Paint, string][] {
  const half = size / 2;
  const line = Math.min(1.5, size / 4);
  const hollow: [Paint, string] = ['hollow', square(x + line / 2, y + line / 2, size - line)];
  switch (state) {
    case 'u':
      return [['solid', square(x, y, size)]];
    case 't':
      return [hollow];
    case 'r':
      return [hollow, ['solid', `M${r(x)} ${r(y + size)}V${r(y)}h${r(size)}z`]];
    case 'l':
      return [hollow, ['solid', square(x + size / 3, y + size / 3, size / 3)]];
    case 'p': {
      const bar = size * 0.3;
      return [
        ['solid', box(x + size * 0.08, y, bar, size)],
        ['solid', box(x + size * 0.62, y, bar, size)],
      ];
    }
    case 'c':
      return [['dots', square(x + half - size / 5, y + half - size / 5, (size * 2) / 5)]];
    case 'n':
      return [['absent', square(x + 0.5, y + 0.5, size - 1)]];
    case 'q':
      return [['waiting', square(x + 0.5, y + 0.5, size - 1)]];
    default:
      return [[/^[0-4]$/.test(fresh) ? (fresh as Paint) : '0', square(x, y, size)]];
  }
}

/** All marks as one path for each way of painting: twenty thousand of them are ten elements. */
export function markPaths(layout: FieldLayout): ReadonlyMap<Paint, string> {
  const parts = new Map<Paint, string[]>();
  for (const { block, x, y, cols } of layout.blocks) {
    const count = block.sites.length;
    for (let index = 0; index < count; index += 1) {
      const { col, row } = cellOf(count, cols, index);
      const at = { x: x + col * layout.pitch, y: y + row * layout.pitch };
      for (const [paint, path] of drawMark(
        block.states[index] ?? 'q',
        block.fresh[index] ?? '0',
        at.x,
        at.y,
        layout.size,
      )) {
        const list = parts.get(paint);
        if (list) list.push(path);
        else parts.set(paint, [path]);
      }
    }
  }
  return new Map([...parts].map(([paint, list]) => [paint, list.join('')]));
}
