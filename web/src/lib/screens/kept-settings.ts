import type { ScreenSettings } from '$shared/protocol/screens';
import { isRecord } from '../api/shape.ts';

const keyOf = (id: string) => `headroom-${id}`;

/** The settings that this wall had last; null without any. A store that is refused or full costs no more than them. */
export function keptSettings(id: string): ScreenSettings | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null');
    return isRecord(value) && Array.isArray(value['scenes']) && value['scenes'].length > 0
      ? (value as unknown as ScreenSettings)
      : null;
  } catch {
    return null;
  }
}

/** Null: forgets them. */
export function keepSettings(id: string, settings: ScreenSettings | null): void {
  try {
    if (settings === null) localStorage.removeItem(keyOf(id));
    else localStorage.setItem(keyOf(id), JSON.stringify(settings));
  } catch {
    // The server gives them again.
  }
}
