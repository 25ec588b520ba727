import { levelWord, type Level } from '$shared/model/level-words';
import { sayTime } from '../format/time.ts';

export interface TabState {
  /** Undefined: nothing has come yet. Null: unknown. */
  readonly level: Level | null | undefined;
  readonly closed?: boolean;
  /** Since when nothing has come, epoch ms; null: live. */
  readonly deadSince?: number | null;
  readonly replay?: boolean;
}

/** `3 Severe · Greater Manchester · Headroom`: the level survives in a row of browser tabs, and so does that it is old. */
export function titleOf(parts: readonly string[], state: TabState): string {
  return [...lead(state), ...parts, 'Headroom'].filter((part) => part !== '').join(' · ');
}

function lead({ level, closed, deadSince, replay }: TabState): string[] {
  if (deadSince !== null && deadSince !== undefined) return [`Not live since ${sayTime(deadSince)}`];
  if (level === undefined) return [];
  const said = closed ? 'Closed' : `${level ?? '?'} ${levelWord(level)}`;
  return replay ? ['Replay', said] : [said];
}

const TILES: Readonly<Record<Level | 0, { ground: string; ink: string }>> = {
  0: { ground: '#33414a', ink: '#ffffff' },
  1: { ground: '#2f5a4b', ink: '#a9d6bf' },
  2: { ground: '#ffb81c', ink: '#1c1500' },
  3: { ground: '#d5382a', ink: '#ffffff' },
  4: { ground: '#000000', ink: '#ffffff' },
};

/** The level's tile as an icon, number and all: a tab strip is no place for colour alone. */
export function iconOf({ level, closed, deadSince }: TabState): string {
  if (level === undefined) return '/favicon.svg';
  const shown = closed || (deadSince ?? null) !== null ? null : level;
  const { ground, ink } = TILES[shown ?? 0];
  const sign = closed ? '–' : (shown ?? '?');
  const ring =
    shown === 4 ? '<rect x="2" y="2" width="28" height="28" rx="4" fill="none" stroke="#fff" stroke-width="2"/>' : '';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="${ground}"/>${ring}` +
    `<text x="16" y="23.5" font-family="Arial,sans-serif" font-size="22" font-weight="700" text-anchor="middle" fill="${ink}">${sign}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
