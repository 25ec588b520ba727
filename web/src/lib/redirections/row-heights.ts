/** Room of a list's own head, px: rows pass beneath it. */
const HEAD = 26;
const EDGE = 6;

/**
 * Heights of rows as they stand in `own`, px: `data-need` of whoever waits, `data-row` of a hub. What is scrolled out
 * of its list stays at that list's edge; rows that are not there are left out.
 */
export function heightsOf(
  root: HTMLElement | null,
  name: 'need' | 'row',
  ids: readonly string[],
  own: DOMRect,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const id of new Set(ids)) {
    const row = root?.querySelector<HTMLElement>(`[data-${name}="${CSS.escape(id)}"]`);
    if (!row) continue;
    const { top, height } = row.getBoundingClientRect();
    const list = row.closest('.list, .table')?.getBoundingClientRect() ?? own;
    const y = Math.min(list.bottom - EDGE, Math.max(list.top + HEAD, top + height / 2));
    found.set(id, Math.round(y - own.top));
  }
  return found;
}
