import type { RulesVersion } from '$shared/protocol/rules';

/** The version that was in force at `at`; undefined where that is not known. `versions`: newest first. */
export function ruling(versions: readonly RulesVersion[], at: number): RulesVersion | undefined {
  return versions.find(({ publishedAt, until, current }) => {
    if (publishedAt === null || (until === null && !current)) return false;
    return Date.parse(publishedAt) <= at && (until === null || at < Date.parse(until));
  });
}
