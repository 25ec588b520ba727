/** OPEL-style pressure level. `null` elsewhere in the model means *unknown*, which is a state of its own and never 1. */
export type Level = 1 | 2 | 3 | 4;
export type Trend = 'rising' | 'steady' | 'falling';

export const LEVELS: readonly Level[] = [1, 2, 3, 4];

export const LEVEL_WORDS: Readonly<Record<Level, string>> = { 1: 'Normal', 2: 'Moderate', 3: 'Severe', 4: 'Extreme' };
export const UNKNOWN_WORD = 'Unknown';

export function levelWord(level: Level | null): string {
  return level === null ? UNKNOWN_WORD : LEVEL_WORDS[level];
}

/** A score in whole points, with its decimal only where rounding would carry it over the start of a level. */
export function sayScore(score: number, starts: readonly number[]): string {
  const whole = Math.round(score);
  return starts.some((start) => score < start && whole >= start) ? String(score) : String(whole);
}
