import { levelWord, type Level } from '$shared/model/level-words';

/** `3 Severe · Greater Manchester · Headroom`: the level survives in a row of browser tabs. */
export function titleOf(name: string, level: Level | null): string {
  return `${level ?? '?'} ${levelWord(level)} · ${name} · Headroom`;
}

const TILES: Readonly<Record<Level | 0, { ground: string; ink: string }>> = {
  0: { ground: '#33414a', ink: '#ffffff' },
  1: { ground: '#2f5a4b', ink: '#a9d6bf' },
  2: { ground: '#ffb81c', ink: '#1c1500' },
  3: { ground: '#d5382a', ink: '#ffffff' },
  4: { ground: '#000000', ink: '#ffffff' },
};

/** The level's tile as an icon, number and all: a tab strip is no place for colour alone. */
export function iconOf(level: Level | null): string {
  const { ground, ink } = TILES[level ?? 0];
  const ring =
    level === 4 ? '<rect x="2" y="2" width="28" height="28" rx="4" fill="none" stroke="#fff" stroke-width="2"/>' : '';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="${ground}"/>${ring}` +
    `<text x="16" y="23.5" font-family="Arial,sans-serif" font-size="22" font-weight="700" text-anchor="middle" fill="${ink}">${level ?? '?'}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
