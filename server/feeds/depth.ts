/** Levels of nesting that a payload may have: far more than any standard has, far fewer than a recursion may go. */
export const MAX_DEPTH = 500;

/**
 * Whether a payload is nested deeper than that. A text with no more brackets than levels cannot be, which a glance at
 * most payloads shows; only the others are walked through.
 */
export function tooDeep(text: string, payload: unknown): boolean {
  return brackets(text) > MAX_DEPTH && levels(payload) > MAX_DEPTH;
}

function brackets(text: string): number {
  let count = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (++count > MAX_DEPTH) return count;
  return count;
}

/** Level by level, so that the walk itself cannot go deep. */
function levels(payload: unknown): number {
  let level: object[] = isContainer(payload) ? [payload] : [];
  let depth = 0;
  while (level.length > 0 && depth <= MAX_DEPTH) {
    const next: object[] = [];
    for (const container of level)
      for (const value of Array.isArray(container) ? (container as unknown[]) : Object.values(container))
        if (isContainer(value)) next.push(value);
    level = next;
    depth++;
  }
  return depth;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
