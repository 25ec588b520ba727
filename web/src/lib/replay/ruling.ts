import type { RulesVersion } from '$shared/protocol/rules';

/**
 * The version that was in force at `at`; undefined where that is not known. `versions`: newest first. The first of all,
 * that of the definition, was judged by from the start, a moment before it was written down.
 */
export function ruling(versions: readonly RulesVersion[], at: number): RulesVersion | undefined {
  const first = versions.at(-1);
  if (first?.origin === 'file' && first.publishedAt !== null && at < Date.parse(first.publishedAt)) return first;
  return versions.find(({ publishedAt, until, current }) => {
    if (publishedAt === null || (until === null && !current)) return false;
    return Date.parse(publishedAt) <= at && (until === null || at < Date.parse(until));
  });
}
