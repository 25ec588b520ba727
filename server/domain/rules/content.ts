import type { Rules } from '#shared/model/rules.ts';

/** Which version of the rules it is, why, when and by whom: nothing that a level could depend on. */
const ABOUT: readonly string[] = ['version', 'reason', 'published', 'by'];

/** One text for one content, whatever order its keys came in: two rules that say the same have the same. */
export const contentText = (rules: Rules): string =>
  JSON.stringify(sorted(Object.fromEntries(Object.entries(rules).filter(([key]) => !ABOUT.includes(key)))));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}
