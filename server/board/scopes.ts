import type { Layout } from './layout.ts';

/** Scope of a unit: itself, all beneath it, and its ancestors as context. Worked out once each. */
export function createScopes(layout: Layout): (id: string) => ReadonlySet<string> | null {
  const found = new Map<string, ReadonlySet<string>>();
  const within = (index: number, top: number): boolean => {
    for (let at = index; at >= 0; at = layout.parents[at] ?? -1) if (at === top) return true;
    return false;
  };
  return (id) => {
    const known = found.get(id);
    if (known) return known;
    const top = layout.indexOf.get(id);
    if (top === undefined) return null;
    const scope = new Set(layout.ids.filter((_, index) => within(index, top)));
    for (let at = layout.parents[top] ?? -1; at >= 0; at = layout.parents[at] ?? -1) scope.add(layout.ids[at] ?? id);
    found.set(id, scope);
    return scope;
  };
}
