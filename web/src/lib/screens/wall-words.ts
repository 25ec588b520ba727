import type { Scene, Screen, ScreenSeen, ScreenSettings } from '$shared/protocol/screens';
import type { SceneKind } from '$shared/protocol/screen-names';
import { sayDuration, sayTimeOfDay } from '../format/time.ts';

export const SCENE_NAMES: Readonly<Record<SceneKind, string>> = {
  system: 'System',
  matrix: 'Matrix',
  map: 'Map',
  hubs: 'Hubs',
  'out-of-hours': 'Out of hours',
  'worst-five': 'Worst five',
  message: 'Message',
};

/** What a wall says that it shows. */
export const sceneNow = (scene: ScreenSeen['scene']): string =>
  scene === null
    ? 'nothing yet'
    : scene === 'stale'
      ? 'its last picture, greyed'
      : scene === 'waiting'
        ? 'that it waits for data'
        : SCENE_NAMES[scene];

/** How a wall is, in few words. `sinceMs`: real time since this was read. */
export function wallState({ state, seen }: Pick<Screen, 'state' | 'seen'>, sinceMs: number): string {
  if (state === 'revoked') return 'Revoked';
  if (state === 'never' || seen === null) return 'Not heard yet';
  if (state === 'silent') return `Silent for ${sayDuration(seen.agoMs + sinceMs)}`;
  return seen.visible ? 'Live' : 'Live, but hidden behind another window';
}

const NAMED = 3;
/** **A**, **B** and **C**; beyond three only how many more. */
function sayNames(screens: readonly Screen[]): string {
  const names = screens.slice(0, NAMED).map(({ settings }) => `**${settings.name}**`);
  const all = screens.length > NAMED ? [...names, `${screens.length - NAMED} more`] : names;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

/** What asks for somebody, by what is wrong; then how many are well. `**` marks what is bold. */
export function screensSentence(screens: readonly Screen[], sinceMs: number): string {
  const used = screens.filter(({ state }) => state !== 'revoked');
  if (used.length === 0) return 'No wall is paired. A paired screen only reads, and shows what is chosen for it here.';
  const live = used.filter(({ state }) => state === 'live');
  const say = (some: readonly Screen[], one: string, many: string) =>
    some.length === 0 ? [] : [`${sayNames(some)} ${some.length === 1 ? one : many}`];
  const silent = used.filter(({ state }) => state === 'silent');
  const longest = sayDuration(Math.max(...silent.map(({ seen }) => seen?.agoMs ?? 0)) + sinceMs);
  const said = [
    ...say(silent, `has said nothing for ${longest}`, `have said nothing for up to ${longest}`),
    ...say(
      used.filter(({ state }) => state === 'never'),
      'has not been heard yet',
      'have not been heard yet',
    ),
    ...say(
      live.filter(({ seen }) => seen?.scene === 'stale'),
      'gets no data',
      'get no data',
    ),
    ...say(
      live.filter(({ old }) => old),
      'runs an older version',
      'run an older version',
    ),
  ];
  const all =
    live.length < used.length
      ? `**${live.length} of ${used.length}** live`
      : used.length === 1
        ? 'the one wall is live'
        : `all **${used.length} walls** are live`;
  const whole = [...said, all].join('; ');
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}.`;
}

/** Always in seconds: 90 s is not 2 min. */
export const saySeconds = (seconds: number): string => `${seconds} s`;

export const sayScenes = (scenes: readonly Scene[]): string =>
  scenes.map(({ kind, seconds }) => `${SCENE_NAMES[kind]} ${saySeconds(seconds)}`).join(', ');

export const sayNight = (night: ScreenSettings['night']): string =>
  night === null
    ? 'dimmed outside service hours'
    : `dimmed to ${Math.round(night.dim * 100)}% from ${sayTimeOfDay(night.from)} to ${sayTimeOfDay(night.to)}`;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What somebody else has changed. */
export function differences(before: ScreenSettings, after: ScreenSettings, unitName: (id: string) => string): string[] {
  return [
    ...(before.name === after.name ? [] : [`the name is “${after.name}”`]),
    ...(before.unit === after.unit ? [] : [`it shows ${unitName(after.unit)}`]),
    ...(before.paused === after.paused ? [] : [after.paused ? 'it is paused' : 'it goes on']),
    ...(same(before.scenes, after.scenes) ? [] : [`its scenes are ${sayScenes(after.scenes)}`]),
    ...(same(before.night, after.night) ? [] : [`it is ${sayNight(after.night)}`]),
  ];
}
