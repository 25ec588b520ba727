import type { Scene } from '$shared/protocol/screens';
import { SCENE_KINDS, type SceneKind } from '$shared/protocol/screen-names';
import type { EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { instantMs } from '../format/time.ts';
import { beneathOf } from './scene.ts';

/** How long a scene stands where nobody said otherwise, seconds. */
export const SECONDS: Readonly<Record<SceneKind, number>> = {
  system: 20,
  matrix: 16,
  map: 12,
  hubs: 12,
  'out-of-hours': 12,
  'worst-five': 12,
  message: 12,
};

/** What a wall shows that nobody composed. */
export const DEFAULT_SCENES: readonly Scene[] = (['system', 'map', 'hubs'] as const).map((kind) => ({
  kind,
  seconds: SECONDS[kind],
}));

const isKind = (text: string): text is SceneKind => (SCENE_KINDS as readonly string[]).includes(text);

/** Scenes that an address asks for, `?scenes=map,worst-five:30`; null where it names none that there is. */
export function readScenes(text: string | null): readonly Scene[] | null {
  const found = (text ?? '').split(',').flatMap((part): Scene[] => {
    const [kind = '', seconds] = part.split(':');
    // A message has its words from the screens page alone: an address must not put words on a wall.
    if (!isKind(kind) || kind === 'message') return [];
    const given = Math.round(Number(seconds));
    return [{ kind, seconds: given >= 6 && given <= 600 ? given : SECONDS[kind] }];
  });
  return found.length > 0 ? found : null;
}

/**
 * The scenes that have something to show now: a message leaves at its time, and what a system does not have is no scene of
 * it. That something is not known is no reason to go: the scene says so.
 */
export function playable(
  scenes: readonly Scene[],
  units: ReadonlyMap<string, Unit>,
  id: string,
  now: EpochMs,
): readonly Scene[] {
  const beneath = beneathOf(units, id);
  const has = (kinds: readonly string[]) =>
    beneath.some(({ siteKind }) => siteKind !== null && kinds.includes(siteKind));
  return scenes.filter((scene) => {
    switch (scene.kind) {
      case 'message':
        return scene.text !== undefined && (instantMs(scene.until) ?? Infinity) > now;
      case 'hubs':
        return has(['hub']);
      case 'out-of-hours':
        return has(['out-of-hours', 'nhs111']);
      case 'map':
        return beneath.some(({ position, kind }) => position !== null && kind !== 'place');
      case 'matrix':
      case 'worst-five':
        return beneath.length > 0;
      case 'system':
        return true;
    }
  });
}
