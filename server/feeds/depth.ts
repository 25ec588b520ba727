/** Levels of nesting that a payload may have: far more than any standard has, far fewer than a recursion may go. */
export const MAX_DEPTH = 500;

/**
 * Whether a payload is nested deeper than that. A text with no more brackets than levels cannot be, which a glance at
 * most payloads shows; only the others are walked through.
 */
export function tooDeep(text: string, payload: unknown): boolean {
  return brackets(text) > MAX_DEPTH && isContainer(payload) && reaches(payload, MAX_DEPTH);
}

function brackets(text: string): number {
  let count = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (++count > MAX_DEPTH) return count;
  return count;
}

/** Whether a container has more than `left` levels, itself the first. Goes no deeper than that. */
function reaches(container: object, left: number): boolean {
  if (left === 0) return true;
  if (Array.isArray(container)) {
    for (const value of container as unknown[]) if (isContainer(value) && reaches(value, left - 1)) return true;
    return false;
  }
  const record = container as Readonly<Record<string, unknown>>;
  // What was parsed from JSON inherits nothing that is listed, and listing its names apart costs more than the walk.
  for (const key in record) {
    const value = record[key];
    if (isContainer(value) && reaches(value, left - 1)) return true;
  }
  return false;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
