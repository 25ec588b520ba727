/** What the engine's codes mean for somebody who looks after a mapping; others are given by their code alone. */
const WORDS: Readonly<Record<string, string>> = {
  DEEP: 'comes to a result that is nested too deeply',
  LARGE: 'comes to a result that is too large',
  FUNCTION: 'comes to a function instead of a result',
  OTHER: 'could not be worked out',
  D1001: 'comes to a number that is too large',
  D1009: 'makes the same key twice',
  D1011: 'calls itself too often',
  D1012: 'takes too long and was stopped',
  D2014: 'makes a list that is too long',
  D2015: 'makes a list that is too long',
  D3030: 'takes something for a number that is none',
  D3110: 'takes something for a time that is none',
  D3120: 'evaluates a text that is no expression',
  D3121: 'evaluates a text that is no expression',
  D3136: 'takes a time for a picture that it does not have',
  D3137: 'says that something is wrong ($error)',
  D3141: 'says that something is not as it must be ($assert)',
  T0410: 'calls a function with something it does not take',
  T0411: 'calls a function with something it does not take',
  T0412: 'calls a function with a list it does not take',
  T1003: 'uses something as a key that is no text',
  T1005: 'calls a function without its $',
  T1006: 'calls something that is no function',
  T2001: 'does sums with something that is no number',
  T2002: 'does sums with something that is no number',
  T2003: 'counts from something that is no whole number',
  T2004: 'counts to something that is no whole number',
  T2006: 'chains something that is no function',
  T2009: 'compares things of different kinds',
  T2010: 'compares things that have no order',
};

/** "the mapping does sums with something that is no number (T2001, line 3, character 12)". */
export function mappingFault(code: string, position: number | null, expression: string): string {
  const words = WORDS[code] ?? (code.startsWith('S') ? 'is no expression' : 'could not be worked out');
  const where = position === null ? null : placeOf(position, expression);
  const notes = [...(/^[A-Z]\d{4}$/.test(code) ? [code] : []), ...(where === null ? [] : [where])];
  return `the mapping ${words}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

function placeOf(position: number, expression: string): string {
  const before = expression.slice(0, Math.max(0, position)).split('\n');
  return `line ${before.length}, character ${(before.at(-1) ?? '').length}`;
}
