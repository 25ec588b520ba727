import Type from 'typebox';
import { ProblemSchema } from '#shared/protocol/api.ts';
import type { ScreenSettings } from '#shared/protocol/screens.ts';
import type { BoardView } from '../domain/ports.ts';
import { isPlain } from '../domain/rules/limits.ts';
import { badInput } from './errors.ts';

export const SCREEN_PARAMS = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const BAD = { description: 'Not as described (`BAD_INPUT`)', ...ProblemSchema };
export const NOT_KEPT = { description: 'The list cannot be written (`SCREENS_NOT_KEPT`)', ...ProblemSchema };

/** What no schema says of settings: names are names, units exist, messages and only they have a text. */
export function checkedSettings(settings: ScreenSettings, board: BoardView): ScreenSettings {
  const name = settings.name.trim();
  if (name === '' || !isPlain(name)) throw badInput('/body/settings/name', 'must be a name');
  if (board.unit(settings.unit) === undefined) throw badInput('/body/settings/unit', 'must be a unit of this system');
  settings.scenes.forEach(({ kind, text, until }, index) => {
    const place = `/body/settings/scenes/${index}`;
    if (kind === 'message') {
      if (text === undefined || text.trim() === '' || !isPlain(text))
        throw badInput(`${place}/text`, 'must say something');
    } else if (text !== undefined || until !== undefined) throw badInput(place, 'only a message has a text or an end');
  });
  const { night } = settings;
  if (night !== null && night.from === night.to) throw badInput('/body/settings/night', 'must end at another time');
  return { ...settings, name };
}
