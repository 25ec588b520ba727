/** A, B … Z, AA, AB …: 0 is A. */
export function letterAt(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letterAt(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/**
 * The letters of the causes that there are now, in the order they are listed: one that was there before keeps its letter
 * while it lasts, a new one takes the first that is free.
 */
export function assignLetters(before: ReadonlyMap<string, string>, keys: readonly string[]): Map<string, string> {
  const letters = new Map<string, string>();
  const taken = new Set<string>();
  for (const key of keys) {
    const letter = before.get(key);
    if (letter === undefined) continue;
    letters.set(key, letter);
    taken.add(letter);
  }
  let next = 0;
  for (const key of keys) {
    if (letters.has(key)) continue;
    while (taken.has(letterAt(next))) next++;
    letters.set(key, letterAt(next));
    taken.add(letterAt(next));
  }
  return letters;
}
