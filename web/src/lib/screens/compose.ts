import type { Scene, ScreenSettings } from '$shared/protocol/screens';
import { MOST_NAME, SCENE_SECONDS, type SceneKind } from '$shared/protocol/screen-names';
import { DEFAULT_SCENES, SECONDS } from '../wall/scenes.ts';

/** A scene under somebody's hands; `key` is its own while it moves. */
export interface DraftScene extends Scene {
  readonly key: number;
}

export interface Draft extends Omit<ScreenSettings, 'scenes'> {
  readonly scenes: readonly DraftScene[];
}

let keys = 0;
const keyed = (scene: Scene): DraftScene => ({ ...scene, key: (keys += 1) });

export const draftOf = (settings: ScreenSettings): Draft => ({ ...settings, scenes: settings.scenes.map(keyed) });

/** What a wall shows that nobody has composed yet. */
export const newDraft = (unit: string): Draft =>
  draftOf({ name: '', unit, scenes: [...DEFAULT_SCENES], paused: false, night: null });

export function settingsOf({ scenes, name, ...draft }: Draft): ScreenSettings {
  return {
    ...draft,
    name: name.trim(),
    scenes: scenes.map(({ kind, seconds, text, until }) => ({
      ...{ kind, seconds },
      ...(kind === 'message' ? { text: (text ?? '').trim() } : {}),
      ...(kind === 'message' && until !== undefined ? { until } : {}),
    })),
  };
}

export const newScene = (kind: SceneKind): DraftScene =>
  keyed({ kind, seconds: SECONDS[kind], ...(kind === 'message' ? { text: '' } : {}) });

/** A message that leaves then; undefined: that stays until it is taken out. */
export function endingAt({ key, kind, seconds, text = '' }: DraftScene, until: string | undefined): DraftScene {
  return { key, kind, seconds, text, ...(until === undefined ? {} : { until }) };
}

/** The same scenes with this one further up (-1) or down (1); as they are where it cannot go. */
export function moved<T extends { readonly key: number }>(scenes: readonly T[], key: number, by: -1 | 1): readonly T[] {
  const from = scenes.findIndex((scene) => scene.key === key);
  const scene = scenes[from];
  const to = from + by;
  if (scene === undefined || to < 0 || to >= scenes.length) return scenes;
  const rest = scenes.filter((one) => one !== scene);
  return [...rest.slice(0, to), scene, ...rest.slice(to)];
}

/** What stands in the way of saving it, by field; empty: nothing. */
export interface Wrong {
  readonly name?: string;
  readonly scenes?: string;
  readonly night?: string;
}

export function wrongIn({ name, scenes, night }: Draft): Wrong {
  const { least, most } = SCENE_SECONDS;
  const bad = scenes.find(({ seconds }) => !Number.isInteger(seconds) || seconds < least || seconds > most);
  const wordless = scenes.some(({ kind, text }) => kind === 'message' && (text ?? '').trim() === '');
  return {
    ...(name.trim() === '' ? { name: 'Give it a name: where it hangs.' } : {}),
    ...(name.trim().length > MOST_NAME ? { name: `At most ${MOST_NAME} characters.` } : {}),
    ...(wordless ? { scenes: 'Write what the message says, or take it out.' } : {}),
    ...(bad === undefined ? {} : { scenes: `Each scene stands ${least} to ${most} seconds.` }),
    ...(scenes.length === 0 ? { scenes: 'Choose at least one scene.' } : {}),
    ...(night !== null && (night.from === '' || night.to === '' || night.from === night.to)
      ? { night: 'Give two different times.' }
      : {}),
  };
}

/** A message in front of what the wall shows; the oldest message goes where there is no room. */
export function withMessage(
  settings: ScreenSettings,
  text: string,
  until: string | null,
  most: number,
): ScreenSettings {
  const message: Scene = { kind: 'message', seconds: SECONDS.message, text, ...(until === null ? {} : { until }) };
  const scenes = [message, ...settings.scenes];
  const last = scenes.findLastIndex(({ kind }) => kind === 'message');
  return {
    ...settings,
    scenes: scenes.length > most ? scenes.filter((_, at) => at !== (last > 0 ? last : most)) : scenes,
  };
}
