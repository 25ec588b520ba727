/** Whether what came is an object whose fields can be looked at. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Takes what came for a `T` where all of these are lists. */
export const holdsLists =
  <T>(...lists: readonly string[]) =>
  (body: unknown): body is T =>
    isRecord(body) && lists.every((name) => Array.isArray(body[name]));
