import Type, { type Static } from 'typebox';

/** OPEL-style pressure level. `null` elsewhere in the model means *unknown*, which is a state of its own and never 1. */
export const LevelSchema = Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3), Type.Literal(4)]);
export type Level = Static<typeof LevelSchema>;

export const LEVELS: readonly Level[] = [1, 2, 3, 4];

export const LEVEL_WORDS: Readonly<Record<Level, string>> = { 1: 'Normal', 2: 'Moderate', 3: 'Severe', 4: 'Extreme' };
export const UNKNOWN_WORD = 'Unknown';

export const TrendSchema = Type.Union([Type.Literal('rising'), Type.Literal('steady'), Type.Literal('falling')]);
export type Trend = Static<typeof TrendSchema>;

export function levelWord(level: Level | null): string {
  return level === null ? UNKNOWN_WORD : LEVEL_WORDS[level];
}
