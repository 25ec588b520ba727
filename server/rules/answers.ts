import { toInstant } from '#shared/model/time.ts';
import type { RulesDraft, RulesVersion } from '#shared/protocol/rules.ts';
import type { DraftRecord, RulesRecord } from '../domain/rules/ports.ts';

const instant = (at: number | null) => (at === null ? null : toInstant(at));

/** A version as the API tells of it. */
export function versionOf(record: Omit<RulesRecord, 'levelChanges'> & { levelChanges: number | null }): RulesVersion {
  const { id, reason, by, origin, restores, current, levelChanges } = record;
  const [version = '', hash = ''] = id.split('/');
  const [publishedAt, until] = [instant(record.publishedAt), instant(record.until)];
  return {
    id,
    version: Number(version),
    hash,
    reason,
    by,
    publishedAt,
    until,
    origin,
    restores,
    current,
    levelChanges,
  };
}

export function draftOf({ id, name, rules, basedOn, revision, savedAt, by }: DraftRecord): RulesDraft {
  return { id, name, rules, basedOn, revision, savedAt: toInstant(savedAt), by };
}
