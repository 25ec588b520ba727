import Type from 'typebox';

// The words stand in a file of their own: a page that says "Severe" must not load the schema library for it.
export { LEVELS, LEVEL_WORDS, levelWord, UNKNOWN_WORD, type Level, type Trend } from './level-words.ts';

export const LevelSchema = Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3), Type.Literal(4)]);
export const TrendSchema = Type.Union([Type.Literal('rising'), Type.Literal('steady'), Type.Literal('falling')]);
