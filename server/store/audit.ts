import type { EpochMs } from '#shared/model/time.ts';
import type { Actor } from '../domain/ports.ts';
import type { Query } from './database.ts';

export interface AuditEntry {
  /** Product time. */
  readonly at: EpochMs;
  readonly actor: Actor;
  /** What was done: `definition.loaded`. */
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Adds to the append-only audit. */
export const addAudit = (runId: number, entry: AuditEntry): Query => ({
  name: 'add-audit',
  text: `insert into audit (run_id, at, actor, role, action, subject, detail)
         values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7::jsonb)`,
  values: [
    runId,
    entry.at,
    entry.actor.id,
    entry.actor.role,
    entry.action,
    entry.subject,
    JSON.stringify(entry.detail),
  ],
});
