/** A screen that stands in the navigation. */
export interface ScreenEntry {
  readonly id: string;
  readonly name: string;
  readonly href: string;
  /** What one finds there, for the palette. */
  readonly note: string;
  /** Its place on a phone's bar, where there is room for few; the rest stand behind "More". */
  readonly phone?: { readonly name: string; readonly icon: string };
}

/** Every screen that people go to, in the order of the navigation. */
export const SCREENS = [
  {
    id: 'control-room',
    name: 'Control room',
    href: '/',
    note: 'level, worst now, what changed',
    phone: { name: 'Now', icon: 'M3 12h4l3-8 4 16 3-8h4' },
  },
  {
    id: 'map',
    name: 'Map',
    href: '/map',
    note: 'where pressure is, hubs and whom they serve, the day so far',
    phone: { name: 'Map', icon: 'M9 4 3 6v14l6-2 6 2 6-2V4l-6 2zM9 4v14M15 6v14' },
  },
  {
    id: 'hubs',
    name: 'Hubs',
    href: '/hubs',
    note: 'who waits without a slot, which hub has one when',
    phone: { name: 'Hubs', icon: 'M6 20v-8M12 20V4M18 20v-5' },
  },
  { id: 'feeds', name: 'Feeds', href: '/feeds', note: 'health of every feed, coverage, quarantine' },
  { id: 'rules', name: 'Rules', href: '/rules', note: 'indicators, thresholds, back-tests' },
  { id: 'screens', name: 'Screens', href: '/screens', note: 'walls: pair, watch, compose, revoke' },
] as const satisfies readonly ScreenEntry[];

export type ScreenId = (typeof SCREENS)[number]['id'];

/** Where a screen is found; undefined where this build has none of that name. */
export function hrefOf(id: string): string | undefined {
  const all: readonly ScreenEntry[] = SCREENS;
  return all.find((screen) => screen.id === id)?.href;
}
