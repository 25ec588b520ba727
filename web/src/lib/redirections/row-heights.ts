/** Room of a list's own head, px: rows pass beneath it. */
const HEAD = 26;
const EDGE = 6;

/** Where a row stands, px; what is scrolled out of its list stays at that list's edge, and says so. */
export interface RowHeight {
  readonly y: number;
  readonly out: 'above' | 'below' | null;
}

/** Heights of rows as they stand in `own`: `data-need` of whoever waits, `data-row` of a hub. Rows that are not there are left out. */
export function heightsOf(
  root: HTMLElement | null,
  name: 'need' | 'row',
  ids: readonly string[],
  own: DOMRect,
): Map<string, RowHeight> {
  const found = new Map<string, RowHeight>();
  for (const id of new Set(ids)) {
    const row = root?.querySelector<HTMLElement>(`[data-${name}="${CSS.escape(id)}"]`);
    if (!row) continue;
    const { top, height } = row.getBoundingClientRect();
    const list = row.closest('.list, .table')?.getBoundingClientRect() ?? own;
    const middle = top + height / 2;
    const out = middle < list.top + HEAD ? 'above' : middle > list.bottom - EDGE ? 'below' : null;
    const y = Math.min(list.bottom - EDGE, Math.max(list.top + HEAD, middle));
    found.set(id, { y: Math.round(y - own.top), out });
  }
  return found;
}
