const KEY = 'headroom-recent';
const MOST = 6;

/** What a line of the palette leads to: `unit:P82001`, `screen:feeds`, `do:print`. */
export type LineKey = `${'unit' | 'screen' | 'do'}:${string}`;

const isKey = (value: unknown): value is LineKey => typeof value === 'string' && /^(unit|screen|do):./.test(value);

/** What was gone to from here lately, newest first. */
export function readRecent(store: Pick<Storage, 'getItem'>): readonly LineKey[] {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isKey).slice(0, MOST) : [];
  } catch {
    // Storage may be refused, or hold what somebody else wrote: then there is nothing recent.
    return [];
  }
}

export function keepRecent(store: Pick<Storage, 'getItem' | 'setItem'>, key: LineKey): void {
  try {
    store.setItem(KEY, JSON.stringify([key, ...readRecent(store).filter((one) => one !== key)].slice(0, MOST)));
  } catch {
    // Without storage nothing is recent; everything else works.
  }
}
